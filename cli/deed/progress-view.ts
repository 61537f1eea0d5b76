// Live progress of operations: in a terminal one line per endpoint, drawn over; elsewhere a line per step.
import stringWidth from "string-width";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { clean } from "../output/clean.ts";
import { truncate } from "../output/columns.ts";
import { stateCell } from "../output/words.ts";
import type { Terminal } from "../terminal.ts";
import { isOver } from "./follow-operation.ts";

export interface ProgressView {
  readonly show: (operation: OperationView) => void;
  readonly absent: (endpoint: string) => void;
  /** Leaves what is drawn and goes below it. */
  readonly close: () => void;
}

/** Lines that are drawn over; the rest is counted. A screen has 24. */
const MAX_LINES = 16;
const BAR_WIDTH = 20;

export function openProgressView(terminal: Terminal, isQuiet: boolean): ProgressView {
  if (isQuiet) return { show: () => undefined, absent: () => undefined, close: () => undefined };
  return terminal.isLive ? liveView(terminal) : plainView(terminal);
}

function plainView(terminal: Terminal): ProgressView {
  const said = new Map<string, string>();
  return {
    show: (operation) => {
      const now = `${operation.state} ${operation.step ?? ""}`;
      if (said.get(operation.endpoint) === now) return;
      said.set(operation.endpoint, now);
      terminal.print(clean(plainLine(operation)));
    },
    absent: (endpoint) => {
      terminal.note(`${endpoint}: the server cannot be reached right now; trying again`);
    },
    close: () => undefined,
  };
}

function plainLine({ endpoint, state, step, percent, message }: OperationView): string {
  if (state !== "running") return `${endpoint}: ${state}`;
  const what = message === "" ? "" : ` ${message}`;
  return `${endpoint}: ${step ?? state} ${String(percent)}%${what}`;
}

function liveView(terminal: Terminal): ProgressView {
  const states = new Map<string, OperationView>();
  const absent = new Set<string>();
  let drawn = 0;
  const draw = (): void => {
    // What moves is shown first when not all fit.
    const all = [...states.values()];
    const shown =
      all.length <= MAX_LINES ? all : [...all.filter((one) => !isOver(one)), ...all.filter(isOver)].slice(0, MAX_LINES);
    const name = Math.max(0, ...shown.map(({ endpoint }) => stringWidth(clean(endpoint))));
    const lines = shown.map((one) => liveLine(terminal, one, name, absent.has(one.endpoint)));
    if (all.length > shown.length) {
      lines.push(`${String(all.filter(isOver).length)} of ${String(all.length)} done`);
    }
    const up = drawn > 0 ? `\u001b[${String(drawn)}A` : "";
    terminal.draw(`${up}${lines.map((line) => `\r\u001b[2K${line}\n`).join("")}`);
    drawn = lines.length;
  };
  return {
    show: (operation) => {
      states.set(operation.endpoint, operation);
      absent.delete(operation.endpoint);
      draw();
    },
    absent: (endpoint) => {
      absent.add(endpoint);
      draw();
    },
    close: () => undefined,
  };
}

function liveLine(terminal: Terminal, operation: OperationView, nameWidth: number, isAbsent: boolean): string {
  const { paint, width } = terminal;
  const name = clean(operation.endpoint);
  const padded = name + " ".repeat(Math.max(0, nameWidth - stringWidth(name)));
  const percent = isOver(operation) && operation.state === "succeeded" ? 100 : operation.percent;
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * BAR_WIDTH);
  const bar = `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
  const state = operation.state === "running" ? (operation.step ?? operation.state) : operation.state;
  const message = isAbsent
    ? "the server cannot be reached right now; trying again"
    : (operation.problems[0] ?? operation.message);
  const head = `${padded}  ${bar} ${String(percent).padStart(3)}%  `;
  const word = state.padEnd(12);
  const rest = truncate(clean(message), Math.max(0, width - stringWidth(head) - word.length - 2));
  const tone = stateCell(operation.state, terminal).paint ?? ((text: string) => text);
  return `${head}${tone(word)} ${paint("muted", rest)}`;
}
