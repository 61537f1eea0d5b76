// The chaos under both pacmans at once, each in a process of its own with its pacman first in the path.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ChaosResult } from "./run-version.ts";

const program = fileURLToPath(new URL("run-version.ts", import.meta.url));
/** Empty on a machine whose own pacman is 7: it runs twice there. */
const sevenDir = resolve(import.meta.dirname, "../../../.build/pacman-7/bin");

export interface ChaosOptions {
  readonly seed: number;
  /** Under both together. */
  readonly kills: number;
  /** A line per machine. */
  readonly onLine?: (line: string) => void;
}

export async function runChaos({ seed, kills, onLine }: ChaosOptions): Promise<readonly ChaosResult[]> {
  const path = process.env["PATH"] ?? "";
  const each = Math.ceil(kills / 2);
  return Promise.all([
    runVersion("6", path, [seed, each], onLine),
    runVersion("7", `${sevenDir}:${path}`, [seed + 1, each], onLine),
  ]);
}

async function runVersion(
  name: string,
  path: string,
  numbers: readonly number[],
  onLine: ChaosOptions["onLine"],
): Promise<ChaosResult> {
  const child = spawn(process.execPath, [program, ...numbers.map(String)], {
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let last = "";
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (!line.startsWith("{")) onLine?.(`pacman ${name}: ${line}`);
  }
  await ended;
  if (child.exitCode !== 0 || !last.startsWith("{"))
    throw new Error(`the chaos under pacman ${name} broke off: ${last}`);
  return JSON.parse(last) as ChaosResult;
}

/** The figure, for the last line. */
export function summaryOf(seed: number, results: readonly ChaosResult[]): string {
  const sum = (of: (result: ChaosResult) => number): string => String(results.reduce((all, one) => all + of(one), 0));
  const all = sum(({ kills }) => kills.agent + kills.pacman + kills.both);
  const parts = `agent ${sum(({ kills }) => kills.agent)}, pacman ${sum(({ kills }) => kills.pacman)}, both ${sum(({ kills }) => kills.both)}`;
  const machines = sum(({ machines: count }) => count);
  return `chaos: ${all} kills (${parts}) on ${machines} machines under two pacmans, seed ${String(seed)}: ${sum(({ lost }) => lost.length)} lost`;
}
