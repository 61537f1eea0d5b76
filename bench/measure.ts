// How benchmarks are measured: ours and its peer in turn within one run, medians of several rounds, printed as a ratio.
// The machine's speed drifts; a ratio of neighbours does not.
import { spawnSync } from "node:child_process";

/** One line of the table. Times in ms for the same amount of work. */
export interface Row {
  readonly what: string;
  readonly oursMs: number;
  readonly peer: string;
  readonly peerMs: number;
}

/** One file of this folder: something of ours beside its peer. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

export interface Contest {
  readonly what: string;
  readonly peer: string;
  readonly rounds?: number;
  /** Calls in one round, so that a round is long enough for the clock; results are per call. */
  readonly oursRepeat?: number;
  readonly peerRepeat?: number;
  /** What is subtracted from nothing: the work that both do the same amount of. */
  ours(): unknown;
  theirs(): unknown;
}

const DEFAULT_ROUNDS = 11;

/** Runs ours and theirs in turn after one uncounted round each; the row has the medians. */
export async function contest(one: Contest): Promise<Row> {
  const { rounds = DEFAULT_ROUNDS, oursRepeat = 1, peerRepeat = 1 } = one;
  const ours: number[] = [];
  const theirs: number[] = [];
  await timed(() => one.ours(), 1);
  await timed(() => one.theirs(), 1);
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timed(() => one.ours(), oursRepeat));
    theirs.push(await timed(() => one.theirs(), peerRepeat));
  }
  return { what: one.what, oursMs: median(ours), peer: one.peer, peerMs: median(theirs) };
}

async function timed(work: () => unknown, repeat: number): Promise<number> {
  const startedAtMs = performance.now();
  for (let call = 0; call < repeat; call += 1) await work();
  return (performance.now() - startedAtMs) / repeat;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Runs a program to its end; throws with its words when it fails, so that a benchmark never times an error. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  allowed: readonly number[] = [0],
): string {
  const outcome = spawnSync(program, args, { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (outcome.status === null || !allowed.includes(outcome.status)) {
    throw new Error(`${program} ${args.join(" ")} exited ${String(outcome.status)}: ${outcome.stderr}`);
  }
  return outcome.stdout;
}
