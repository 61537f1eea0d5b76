// A program in a pseudo-terminal with everything at hand that a person does not see: what was written, which modes are on,
// how the terminal answers questions. The journeys of a person are open-tui.ts's.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { eventually } from "../support/eventually.ts";

export const LAUNCHER = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

export interface RawTerminal extends AsyncDisposable {
  readonly pid: number;
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly screen: () => readonly string[];
  readonly until: (shown: string | RegExp) => Promise<string>;
  readonly written: () => string;
  /** Whether a cell of the screen has a colour of its own. */
  readonly isColoured: () => boolean;
  /** What is switched on: nothing, in a terminal as a shell wants it. */
  readonly modes: () => readonly string[];
  readonly exited: Promise<number>;
}

export interface RawOptions {
  readonly command: readonly [string, ...(readonly string[])];
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
  /** What the terminal says of its background; it is not asked rightly when undefined. */
  readonly background?: string;
}

const WAIT_MS = 20_000;

export function openRaw({ command, env = {}, columns = 80, rows = 24, background }: RawOptions): RawTerminal {
  const home = mkdtempSync(join(tmpdir(), "pacpool-raw-"));
  const [program, ...args] = command;
  const own = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_RUNTIME_DIR: home,
  };
  const child = pty.spawn(program, args, {
    name: env["TERM"] ?? "xterm-256color",
    cols: columns,
    rows,
    env: { ...own, TERM: "xterm-256color", LANG: "C.UTF-8", PACPOOL_RUN_DIR: join(home, "run"), ...env },
  });
  const emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let written = "";
  let isOver = false;
  child.onData((data) => {
    written += data;
    if (background !== undefined && data.includes("\u001b]11;?")) child.write(`\u001b]11;${background}\u001b\\`);
    emulator.write(data);
  });
  emulator.onData((data) => {
    if (!isOver) child.write(data);
  });
  const exited = new Promise<number>((resolve) => {
    child.onExit(({ exitCode }) => {
      isOver = true;
      resolve(exitCode);
    });
  });
  const screen = (): readonly string[] => {
    const { active } = emulator.buffer;
    const lines = Array.from({ length: emulator.rows }, (_, row) => active.getLine(active.viewportY + row));
    return lines.map((line) => line?.translateToString(true) ?? "");
  };
  return {
    pid: child.pid,
    type: (text) => child.write(text),
    resize: (toColumns, toRows) => {
      emulator.resize(toColumns, toRows);
      child.resize(toColumns, toRows);
    },
    screen,
    until: (shown) => {
      const has = (text: string): boolean => (typeof shown === "string" ? text.includes(shown) : shown.test(text));
      const look = (): string | undefined => [screen().join("\n")].find(has);
      return eventually(`the screen shows ${String(shown)}`, look, WAIT_MS).catch((cause: unknown) => {
        throw new Error(`it shows:\n${screen().join("\n")}`, { cause });
      });
    },
    written: () => written,
    isColoured: () => isColoured(emulator),
    modes: () => modesOf(emulator, written),
    exited,
    [Symbol.asyncDispose]: async () => {
      if (!isOver) child.kill("SIGKILL");
      await exited;
      emulator.dispose();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function modesOf({ modes, buffer }: InstanceType<typeof xterm.Terminal>, written: string): readonly string[] {
  return [
    ...(buffer.active.type === "alternate" ? ["alternate screen"] : []),
    ...(modes.bracketedPasteMode ? ["bracketed paste"] : []),
    ...(modes.mouseTrackingMode === "none" ? [] : ["mouse"]),
    ...(written.lastIndexOf("\u001b[?25l") > written.lastIndexOf("\u001b[?25h") ? ["hidden cursor"] : []),
  ];
}

function isColoured({ buffer, rows, cols }: InstanceType<typeof xterm.Terminal>): boolean {
  for (let row = 0; row < rows; row += 1) {
    const line = buffer.active.getLine(buffer.active.viewportY + row);
    for (let column = 0; column < cols; column += 1) {
      const cell = line?.getCell(column);
      if (cell !== undefined && !(cell.isFgDefault() && cell.isBgDefault())) return true;
    }
  }
  return false;
}

/** The processes that a process started, as the kernel knows them. */
export function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${String(pid)}/task/${String(pid)}/children`;
  return readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
