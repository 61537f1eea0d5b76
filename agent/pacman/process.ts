// The one place that starts processes. Short questions are children with bounded output and time; a transaction runs in
// a session of its own with its output in a file, so that it outlives the agent and a later agent can find it again.
import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** C.UTF-8 keeps messages English; under plain C pacman drops files with non-ASCII names. */
const environment = { ...process.env, LC_ALL: "C.UTF-8", LANGUAGE: "" };

/** 64 MiB: a sync database of all repositories listed by pacman is 2 MiB. */
const outputLimitBytes = 64 * 1024 * 1024;

export interface Answer {
  /** 128 + signal number when a signal ended it, as a shell says it. */
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a short command to its end. Throws when it cannot start, takes longer than timeoutMs or prints too much. */
export async function ask(
  command: readonly string[],
  { timeoutMs = 60_000, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<Answer> {
  const [program, ...arguments_] = command;
  if (program === undefined) throw new Error("running a command: it is empty");
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const limit = AbortSignal.timeout(timeoutMs);
  const child = spawn(program, arguments_, {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    killSignal: "SIGKILL",
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let bytes = 0;
  const collect = (into: Buffer[]) => (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > outputLimitBytes) child.kill("SIGKILL");
    else into.push(chunk);
  };
  child.stdout.on("data", collect(output));
  child.stderr.on("data", collect(errors));
  child.on("error", (cause) => reject(new Error(`running ${command.slice(0, 3).join(" ")}`, { cause })));
  child.on("close", (code, killedBy) => {
    if (bytes > outputLimitBytes)
      reject(new Error(`running ${program}: it printed more than ${outputLimitBytes} bytes`));
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8");
    resolve({ code: code ?? 128 + (killedBy === "SIGKILL" ? 9 : 15), output: text(output), errors: text(errors) });
  });
  return promise;
}

/**
 * A command in a session of its own. `directory` holds its command, output, the stat line of the shell that leads the
 * session, the pid of the program, and at the end its exit code: all that another agent needs to find it again.
 */
export interface DetachedRun {
  readonly directory: string;
  /** Of the boot that it was started in. */
  readonly bootId: string;
}

// The inner shell becomes the program, so `pid` is the program's own. The outer one outlives it to write its exit code.
const script = `d=$1; shift
read -r line </proc/$$/stat; echo "$line" >"$d/shell"
sh -c 'echo $$ >"$0/pid"; exec "$@"' "$d" "$@"
echo $? >"$d/exit.new" && mv "$d/exit.new" "$d/exit"`;

/** A shell writes its first line within milliseconds, unless the machine is on its knees. */
const startLimitMs = 30_000;

/** Where a run will be; to be written down before it is started. */
export function planRun(directory: string): DetachedRun {
  return { directory, bootId: bootId() };
}

/** Starts a command that outlives this process. Its output (both streams) goes to directory/output. */
export async function startDetached(run: DetachedRun, command: readonly string[]): Promise<void> {
  const { directory } = run;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, "command"), `${command.join(" ")}\n`);
  const output = openSync(join(directory, "output"), "a", 0o600);
  let problem: Error | undefined;
  try {
    const child = spawn("/bin/sh", ["-c", script, "sh", directory, ...command], {
      env: environment,
      cwd: "/",
      detached: true,
      stdio: ["ignore", output, output],
    });
    child.on("error", (error) => {
      problem = error;
    });
    child.unref();
  } finally {
    closeSync(output);
  }
  const limit = Date.now() + startLimitMs;
  while (shellOf(run) === undefined && !existsSync(join(directory, "exit"))) {
    if (problem !== undefined || Date.now() > limit) {
      throw new Error(`starting ${command.slice(0, 3).join(" ")}: the shell did not come up`, { cause: problem });
    }
    await delay(1);
  }
}

export type RunState =
  | { readonly kind: "running" }
  | { readonly kind: "exited"; readonly code: number }
  /** Nothing of its session lives, and no exit code was written: killed as a whole, or never started. */
  | { readonly kind: "vanished" };

/**
 * What became of a run, also of one that an earlier agent started. After a kill, scriptlets that outlive pacman count as
 * running; after a normal end, whatever a scriptlet left in the background does not.
 */
export function stateOfRun(run: DetachedRun): RunState {
  const code = exitCodeOf(run);
  if (code !== undefined && code < 128) return { kind: "exited", code };
  if (survivorsOf(run).length > 0) return { kind: "running" };
  // It may have been written between the two looks.
  const now = code ?? exitCodeOf(run);
  return now === undefined ? { kind: "vanished" } : { kind: "exited", code: now };
}

function exitCodeOf(run: DetachedRun): number | undefined {
  try {
    const code = Number.parseInt(readFileSync(join(run.directory, "exit"), "utf8"), 10);
    return Number.isNaN(code) ? undefined : code;
  } catch {
    return undefined;
  }
}

/** What a run printed, bounded. */
export function outputOfRun(run: DetachedRun): string {
  return readFrom(join(run.directory, "output"), 0, outputLimitBytes).text;
}

/** The pids of the run's session that live. */
export function survivorsOf(run: DetachedRun): readonly number[] {
  const shell = shellOf(run);
  if (shell === undefined || run.bootId !== bootId()) return [];
  const survivors: number[] = [];
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = statOf(pid);
    // A zombie holds nothing and does nothing; a later session of the same number started before none of ours.
    if (stat === undefined || stat.state === "Z" || stat.session !== shell.pid) continue;
    if (isSessionOf(shell)) survivors.push(pid);
  }
  return survivors;
}

/** Pids come around again: while the shell's pid is another process, its session is not ours. */
function isSessionOf(shell: ShellMark): boolean {
  const now = statOf(shell.pid);
  return now === undefined || now.startTime === shell.startTime;
}

interface ShellMark {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly startTime: string;
}

function shellOf(run: DetachedRun): ShellMark | undefined {
  try {
    const text = readFileSync(join(run.directory, "shell"), "utf8");
    const stat = parseStat(text);
    return stat === undefined ? undefined : { pid: Number.parseInt(text, 10), startTime: stat.startTime };
  } catch {
    return undefined;
  }
}

/** Waits until the run has ended. `onOutput` gets new text at most ten times a second. */
export async function waitForRun(
  run: DetachedRun,
  { onOutput, signal }: { readonly onOutput?: (text: string) => void; readonly signal?: AbortSignal } = {},
): Promise<Exclude<RunState, { kind: "running" }>> {
  let offset = 0;
  const tell = (): void => {
    const { text, end } = readFrom(join(run.directory, "output"), offset, 1024 * 1024);
    offset = end;
    if (text !== "") onOutput?.(text);
  };
  // Short transactions take 30 ms: the first looks are close together.
  for (let waitMs = 5; ; waitMs = Math.min(waitMs * 1.5, 100)) {
    // The cheap look first: walking /proc for the session costs a millisecond or more.
    const shell = shellOf(run);
    const isLed = shell !== undefined && run.bootId === bootId() && statOf(shell.pid)?.startTime === shell.startTime;
    const mayHaveEnded = !isLed || existsSync(join(run.directory, "exit"));
    const state = mayHaveEnded ? stateOfRun(run) : ({ kind: "running" } as const);
    tell();
    if (state.kind !== "running") return state;
    await delay(waitMs, undefined, signal === undefined ? {} : { signal });
  }
}

/** Up to `limitBytes` of a growing file from an offset. A missing file is empty. */
export function readFrom(
  file: string,
  offset: number,
  limitBytes: number,
): { readonly text: string; readonly end: number } {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return { text: "", end: offset };
  }
  try {
    const buffer = Buffer.alloc(limitBytes);
    const length = readSync(descriptor, buffer, 0, limitBytes, offset);
    return { text: buffer.toString("utf8", 0, length), end: offset + length };
  } finally {
    closeSync(descriptor);
  }
}

interface ProcessStat {
  readonly state: string;
  readonly session: number;
  readonly startTime: string;
}

function statOf(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

/** The name in parentheses may hold anything; the numbered fields follow the last one. */
function parseStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, session, startTime] = [fields[0], fields[3], fields[19]];
  if (state === undefined || session === undefined || startTime === undefined) return undefined;
  return { state, session: Number(session), startTime };
}

/** Changes with every boot. */
export function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}
