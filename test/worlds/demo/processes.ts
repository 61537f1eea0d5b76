// Starts and ends the demo's processes through the launcher, each machine with folders of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const launcher = fileURLToPath(new URL("../../../cli/pacpool", import.meta.url));

/** How long a process may take to end before it is killed. */
const END_TIMEOUT_MS = 15_000;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment in which a process sees only the demo's folder: its own configuration, state and runtime. */
export function environmentOf(directory: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const runtime = join(directory, "run");
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("PACPOOL_") && !name.startsWith("XDG_"),
  );
  return {
    ...Object.fromEntries(inherited),
    XDG_CONFIG_HOME: join(directory, "config"),
    XDG_STATE_HOME: join(directory, "state"),
    XDG_RUNTIME_DIR: runtime,
    ...more,
  };
}

/** A process that runs until it is told to end. */
export interface Background {
  readonly name: string;
  readonly logFile: string;
  readonly child: ChildProcess;
  end(): Promise<void>;
}

/** Starts `pacpool ...args` in the background, its output in a log file. */
export function startBackground(
  name: string,
  directory: string,
  env: NodeJS.ProcessEnv,
  args: readonly string[],
): Background {
  mkdirSync(directory, { recursive: true });
  const logFile = join(directory, `${name}.log`);
  const log = openSync(logFile, "a");
  // Its own process group: Ctrl-C in the terminal reaches the demo alone, which then ends everything in order.
  const child = spawn(launcher, args, { env, stdio: ["ignore", log, log], detached: true });
  const exited = once(child, "exit");
  return {
    name,
    logFile,
    child,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), END_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Runs `pacpool ...args` to its end. With `show`, its output appears as it comes. */
export async function runPacpool(env: NodeJS.ProcessEnv, args: readonly string[], show = false): Promise<Outcome> {
  const child = spawn(launcher, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = [collect(child.stdout, show), collect(child.stderr, show)];
  const [code] = (await once(child, "close")) as [number | null];
  return { code: code ?? 1, stdout: stdout(), stderr: stderr() };
}

function collect(stream: NodeJS.ReadableStream, show: boolean): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (part: string) => {
    text += part;
    if (show) process.stdout.write(part);
  });
  return () => text;
}

/** Waits until `check` holds; says what was awaited, and the end of the log, when it never does. */
export async function until(
  what: string,
  check: () => Promise<boolean>,
  logFile?: string,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > deadline) {
      const log = logFile === undefined ? "" : `\n${readFileSync(logFile, "utf8").slice(-3_000)}`;
      throw new Error(`waited ${String(timeoutMs / 1_000)} s in vain until ${what}${log}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
