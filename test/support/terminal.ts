// A person at a real terminal: a program in a pseudo-terminal, its output in a terminal emulator. Waits for what the
// screen shows, never for a time.
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { eventually } from "./eventually.ts";

export interface TerminalOptions {
  readonly command: readonly [string, ...(readonly string[])];
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Terminal extends AsyncDisposable {
  /** Named keys, or characters as they are; all in one write, as a fast typist or a slow line would have it. */
  readonly press: (...keys: readonly string[]) => void;
  readonly type: (text: string) => void;
  /** As a terminal that brackets what is pasted. */
  readonly paste: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The lines as they are seen, without the blanks at their ends. */
  readonly screen: () => readonly string[];
  readonly text: () => string;
  /** Waits until the screen shows it, and answers with the screen. */
  readonly until: (shown: string | RegExp) => Promise<string>;
  readonly untilGone: (shown: string | RegExp) => Promise<string>;
  /** The programs of full-screen terminals take the alternate screen. */
  readonly isAlternate: () => boolean;
  readonly isCursorShown: () => boolean;
  /** Everything that the program wrote, with all its sequences. */
  readonly written: () => string;
  /** The numbers of every style that was written. */
  readonly codes: () => readonly string[];
  readonly exited: Promise<{ readonly exitCode: number; readonly signal: number }>;
}

const KEYS: Readonly<Record<string, string>> = {
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  home: "\u001b[H",
  end: "\u001b[F",
  "page-up": "\u001b[5~",
  "page-down": "\u001b[6~",
  enter: "\r",
  escape: "\u001b",
  backspace: "\u007f",
  "ctrl-c": "\u0003",
  "ctrl-d": "\u0004",
  "ctrl-u": "\u0015",
};

const END_TIMEOUT_MS = 5_000;
/** A start on a busy machine takes seconds. */
const SHOWN_TIMEOUT_MS = 25_000;

export function openTerminal({ command, env, columns = 80, rows = 24 }: TerminalOptions): Terminal {
  const [program, ...args] = command;
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const child = pty.spawn(program, args, {
    name: env["TERM"] ?? "xterm-256color",
    cols: columns,
    rows,
    env: { ...env },
  });
  let written = "";
  let isOver = false;
  child.onData((data) => {
    written += data;
    emulator.write(data);
  });
  // What the emulator answers (cursor position, device attributes) goes back, as in any terminal.
  emulator.onData((data) => {
    if (!isOver) child.write(data);
  });
  const exited = new Promise<{ readonly exitCode: number; readonly signal: number }>((resolve) => {
    child.onExit(({ exitCode, signal }) => {
      isOver = true;
      resolve({ exitCode, signal: signal ?? 0 });
    });
  });
  const screen = (): readonly string[] => screenOf(emulator);
  const text = (): string => screen().join("\n");
  const has = (shown: string | RegExp): boolean =>
    typeof shown === "string" ? text().includes(shown) : shown.test(text());
  const wait = (what: string, holds: () => boolean): Promise<string> =>
    eventually(what, () => (holds() ? text() : undefined), SHOWN_TIMEOUT_MS).catch((cause: unknown) => {
      throw new Error(`${what}; it shows:\n${text()}`, { cause });
    });
  return {
    press: (...keys) => child.write(keys.map((key) => KEYS[key] ?? key).join("")),
    type: (characters) => child.write(characters),
    paste: (pasted) => child.write(`\u001b[200~${pasted}\u001b[201~`),
    resize: (toColumns, toRows) => {
      emulator.resize(toColumns, toRows);
      child.resize(toColumns, toRows);
    },
    kill: (signal) => child.kill(signal),
    screen,
    text,
    until: (shown) => wait(`the screen shows ${String(shown)}`, () => has(shown)),
    untilGone: (shown) => wait(`the screen no longer shows ${String(shown)}`, () => !has(shown)),
    isAlternate: () => emulator.buffer.active.type === "alternate",
    isCursorShown: () => written.lastIndexOf("\u001b[?25h") > written.lastIndexOf("\u001b[?25l"),
    written: () => written,
    codes: () => codesOf(written),
    exited,
    [Symbol.asyncDispose]: async () => {
      if (!isOver) child.kill("SIGTERM");
      const timer = setTimeout(() => {
        if (!isOver) child.kill("SIGKILL");
      }, END_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
      emulator.dispose();
    },
  };
}

function screenOf({ buffer, rows }: InstanceType<typeof xterm.Terminal>): readonly string[] {
  const { active } = buffer;
  return Array.from(
    { length: rows },
    (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? "",
  );
}

function codesOf(written: string): readonly string[] {
  return written
    .split("\u001b[")
    .slice(1)
    .map((part) => /^[\d;]*m/u.exec(part)?.[0] ?? "")
    .flatMap((part) => part.slice(0, -1).split(";"))
    .filter((code) => code !== "");
}
