import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Benchmark, median, type Row } from "./measure.ts";
import { nameOf, UPDATES_PER_SECOND } from "./tui-latency/fleet.ts";
import { openSeat, type Played, type Seat } from "./tui-latency/keyboard.ts";
import { tigRepository } from "./tui-latency/tig-repository.ts";

const ROUNDS = 6;
const KEYS = 20;
const REST_MS = 10_000;

const OURS = fileURLToPath(new URL("tui-latency/ours.ts", import.meta.url));
const BARE_INK = fileURLToPath(new URL("tui-latency/bare-ink.ts", import.meta.url));

export const benchmark: Benchmark = {
  name: "tui latency",
  async run() {
    const home = mkdtempSync(join(tmpdir(), "pacpool-bench-tui-"));
    try {
      const [ink, quiet, tig] = [await besideInk(home), await atRest(home), await besideTig(home)];
      return [...ink, ...quiet, ...tig];
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** Both programs live through the same ten thousand endpoints and the same changes; keys go to one, then to the other. */
async function besideInk(home: string): Promise<readonly Row[]> {
  const load = String(UPDATES_PER_SECOND);
  await using ours = await open(home, OURS, load);
  await using bare = await open(home, BARE_INK, load);
  const [own, theirs] = await inTurn(
    ours,
    bare,
    "j",
    (at) => `› ${nameOf(at)}`,
    "j",
    (at) => `› ${nameOf(at)}`,
  );
  const what = `10,000 endpoints, ${load} changes/s`;
  return [
    ...rowsOf(what, "bare Ink, same rows", own, theirs),
    row(`CPU of ${load} changes/s for 1 s, no key`, "bare Ink, same rows", own.loadMs, theirs.loadMs),
  ];
}

async function atRest(home: string): Promise<readonly Row[]> {
  await using ours = await open(home, OURS, "0");
  await using bare = await open(home, BARE_INK, "0");
  const [own, theirs] = [await ours.rest(REST_MS), await bare.rest(REST_MS)];
  const wakes = `${String(own.wakeUps)} and ${String(theirs.wakeUps)} wake-ups`;
  return [row(`CPU of 10 s at rest, 10,000 endpoints (${wakes})`, "bare Ink, same rows", own.cpuMs, theirs.cpuMs)];
}

async function besideTig(home: string): Promise<readonly Row[]> {
  const commits = 10_000;
  await using ours = await open(home, OURS, "0");
  await using tig = await openSeat({
    command: ["tig"],
    cwd: tigRepository(join(home, "commits"), commits),
    env: environment(home),
    ready: `commit 1 of ${String(commits)}`,
  });
  const [own, theirs] = await inTurn(
    ours,
    tig,
    "j",
    (at) => `› ${nameOf(at)}`,
    "j",
    (at) => `commit ${String(at + 1)} of ${String(commits)}`,
  );
  return rowsOf("10,000 endpoints, nothing changes", "tig (C, ncurses), 10,000 commits", own, theirs);
}

function open(home: string, script: string, load: string): Promise<Seat> {
  return openSeat({
    command: [process.execPath, script, load],
    env: environment(home),
    ready: `› ${nameOf(0)}`,
  });
}

function environment(home: string): Readonly<Record<string, string>> {
  // Ink reads CI and then draws for a log; React's production build is what is shipped.
  const { PATH = "" } = process.env;
  return { PATH, HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8", NODE_ENV: "production" };
}

interface Measured {
  readonly latenciesMs: readonly number[];
  readonly cpuPerKeyMs: number;
  /** CPU of a second in which no key was pressed. */
  readonly loadMs: number;
}

async function inTurn(
  ours: Seat,
  theirs: Seat,
  ourKey: string,
  ourFrame: (at: number) => string,
  theirKey: string,
  theirFrame: (at: number) => string,
): Promise<readonly [Measured, Measured]> {
  const own: Played[] = [];
  const peer: Played[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const places = Array.from({ length: KEYS }, (_, key) => round * KEYS + key + 1);
    own.push(await ours.play(ourKey, places.map(ourFrame)));
    peer.push(await theirs.play(theirKey, places.map(theirFrame)));
  }
  return [measured(own), measured(peer)];
}

function measured(rounds: readonly Played[]): Measured {
  return {
    latenciesMs: rounds.flatMap(({ latenciesMs }) => latenciesMs).toSorted((one, other) => one - other),
    cpuPerKeyMs: median(rounds.map(({ cpuMs, idleCpuMs }) => (cpuMs - idleCpuMs) / KEYS)),
    loadMs: median(rounds.map(({ idleCpuMs, idleMs }) => (idleCpuMs / idleMs) * 1_000)),
  };
}

function rowsOf(what: string, peer: string, own: Measured, theirs: Measured): readonly Row[] {
  const at = ({ latenciesMs }: Measured, share: number): number =>
    latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
  return [
    row(`a key to its frame, p50; ${what}`, peer, at(own, 0.5), at(theirs, 0.5)),
    row(`a key to its frame, p95; ${what}`, peer, at(own, 0.95), at(theirs, 0.95)),
    row(`CPU of a key; ${what}`, peer, own.cpuPerKeyMs, theirs.cpuPerKeyMs),
  ];
}

function row(what: string, peer: string, oursMs: number, peerMs: number): Row {
  return { what, oursMs, peer, peerMs };
}
