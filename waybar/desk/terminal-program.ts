// Which terminal a click opens, and how that one is told what to run in it. Must not know what is run, nor start it.
import { accessSync, constants, statSync } from "node:fs";
import { basename, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The words before the command. What is not listed takes `-e`, as xterm and most of its heirs do. */
const BEFORE_COMMAND: Readonly<Record<string, readonly string[]>> = {
  "xdg-terminal-exec": [],
  foot: [],
  footclient: [],
  kitty: [],
  wezterm: ["start", "--"],
  "gnome-terminal": ["--"],
  kgx: ["--"],
  ptyxis: ["--"],
  "cosmic-term": ["--"],
  "xfce4-terminal": ["-x"],
  terminator: ["-x"],
};

/** Tried in this order when $TERMINAL names none that is installed. */
const FALLBACKS = [
  "xdg-terminal-exec",
  "foot",
  "alacritty",
  "kitty",
  "wezterm",
  "ghostty",
  "gnome-terminal",
  "konsole",
  "xterm",
] as const;

/** The whole command line that runs `command` in a new terminal; undefined when no terminal is installed. */
export function commandInTerminal(command: readonly string[], environment: Environment): readonly string[] | undefined {
  // $TERMINAL may carry options of its own; nobody puts quoted words there.
  const named = (environment["TERMINAL"] ?? "").split(/\s+/).filter((word) => word !== "");
  const candidates = [...(named.length === 0 ? [] : [named]), ...FALLBACKS.map((program) => [program])];
  for (const [program = "", ...options] of candidates) {
    const path = findProgram(program, environment);
    if (path === undefined) continue;
    return [path, ...options, ...(BEFORE_COMMAND[basename(program)] ?? ["-e"]), ...command];
  }
  return undefined;
}

/** What to say when there is none. */
export const NO_TERMINAL = `no terminal was found: set TERMINAL to yours, or install one of ${FALLBACKS.join(", ")}`;

/** The path of an executable file, looked for as a shell does. */
export function findProgram(program: string, environment: Environment): string | undefined {
  if (program.includes("/")) return isExecutable(program) ? program : undefined;
  const folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(":");
  return folders.map((folder) => join(folder === "" ? "." : folder, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
