// From a commit on the server, and from a change of this machine, to changed pixels of a real WayBar under a real sway; and
// what a module costs, beside the other usual design: a loop in shell that asks `pacman -Qu` every five seconds.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import { type Bar, openBar } from "../test/support/bar.ts";
import { eventually } from "../test/support/eventually.ts";
import { openServer, type TestServer } from "../test/support/server.ts";
import { reportStatus } from "../test/support/status-report.ts";
import { largeRepository, openLargeRoot } from "./large-root.ts";
import { type Benchmark, contest, median, type Row } from "./measure.ts";

const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));
const COMMITS = 60;
/** The server gathers what follows a change for 250 ms, and once more after an empty look: each commit is one by itself. */
const APART_MS = 900;
const CHANGES = 8;
const REST_MS = 30_000;
const TICK_MS = 10;
const MODULE = { "return-type": "json", "restart-interval": 5, format: "{}" } as const;
const STYLE =
  "* { border: none; min-height: 0; } #custom-pacpool { min-width: 150px; } #custom-peer { min-width: 150px; }";

/** $1 is the machine's database folder, $2 its configuration. */
const LOOP = `while :; do n=$(pacman --config "$2" --dbpath "$1" -Qu | wc -l); printf '{"text":"%s","tooltip":"%s updates"}\\n' "$n" "$n"; sleep 5; done`;
const PEER = "a shell loop of pacman -Qu every 5 s";

export const benchmark: Benchmark = {
  name: "waybar pixels",
  async run() {
    const folder = mkdtempSync(join(tmpdir(), "pacpool-bench-pixels-"));
    chmodSync(folder, 0o755);
    try {
      return [...(await fromCommit(folder)), ...(await fromMachine(folder))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function fromCommit(folder: string): Promise<readonly Row[]> {
  await using server = await openServer();
  await server.admin.pools.createPool({ name: "desks" });
  await server.enrol("atlas", "desks");
  writeFileSync(join(folder, "ca.pem"), server.ca, { mode: 0o644 });
  const env = {
    PACPOOL_SERVER: server.address,
    PACPOOL_CA: join(folder, "ca.pem"),
    PACPOOL_KEY: server.adminKey,
    NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache"),
  };
  await using bar = await openBar({
    style: STYLE,
    module: { ...MODULE, exec: `${launcher} waybar --pool desks` },
    env,
  });
  const watching = new AbortController();
  const told = watchMoves(server, watching.signal);
  await untilStill(bar);
  const pixels: number[] = [];
  const words: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    await sleep(APART_MS);
    const before = await bar.capture("0,0 150x30");
    const heard = told();
    const startedAtMs = performance.now();
    const pool = commit % 2 === 0 ? "unassigned" : "desks";
    await server.admin.endpoints.moveEndpoint({ idempotencyKey: `move-${String(commit)}`, endpoint: "atlas", pool });
    pixels.push((await untilChanged(bar, "0,0 150x30", before)) - startedAtMs);
    words.push((await heard) - startedAtMs);
  }
  watching.abort();
  const peer = "a bare watch is told of it";
  const rows = [0.5, 0.99].map((share) => ({
    what: `commit to changed pixels, an isolated commit, p${String(share * 100)} of ${String(COMMITS)}`,
    oursMs: quantile(pixels, share),
    peer,
    peerMs: quantile(words, share),
  }));
  const beyond = pixels.map((atMs, commit) => atMs - (words[commit] ?? 0));
  const what = "of that, after a bare watch was told of it, p99";
  return [
    ...rows,
    { what, oursMs: quantile(beyond, 0.99), peer: "one picture of the bar", peerMs: await picture(bar) },
  ];
}

/** What the measuring itself takes. */
async function picture(bar: Bar): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 21; round += 1) {
    const startedAtMs = performance.now();
    await bar.capture("0,0 150x30");
    times.push(performance.now() - startedAtMs);
  }
  return median(times);
}

/** Answers with when a bare watch was told of the next change of a pool. */
function watchMoves(server: TestServer, signal: AbortSignal): () => Promise<number> {
  let tell: ((atMs: number) => void) | undefined;
  void (async () => {
    for await (const { event } of server.admin.watch.watch({ pools: ["desks"], summary: true }, { signal })) {
      if (event?.$case === "batch") tell?.(performance.now());
    }
  })().catch(() => undefined);
  return () =>
    new Promise((resolve) => {
      tell = resolve;
    });
}

async function fromMachine(folder: string): Promise<readonly Row[]> {
  // The same machine before and after an update of a few packages.
  using before = openLargeRoot();
  using after = openLargeRoot(1_490);
  writeFileSync(join(before.dbPath, "sync/extra.db"), await largeRepository());
  for (const { dbPath } of [before, after]) chmodSync(join(dbPath, ".."), 0o755);
  const runDir = join(folder, "run");
  mkdirSync(runDir, { mode: 0o755 });
  const point = (to: string): void => {
    symlinkSync(to, join(folder, "db.new"));
    renameSync(join(folder, "db.new"), join(folder, "db"));
  };
  point(before.dbPath);
  reportStatus(runDir, { status: "behind", counts: { ...NO_DRIFT, older: 100 } });
  const loop = LOOP.replaceAll("-Qu", "-Q").replaceAll("$1", join(folder, "db")).replaceAll("$2", before.configFile);
  await using bar = await openBar({
    style: STYLE,
    module: { ...MODULE, exec: `${launcher} waybar` },
    more: { "modules-left": ["custom/pacpool", "custom/peer"], "custom/peer": { ...MODULE, exec: loop } },
    env: { PACPOOL_RUN_DIR: runDir, NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache") },
  });
  await untilStill(bar);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let change = 0; change < CHANGES; change += 1) {
    // Anywhere within their five seconds, as people's changes are.
    await sleep(500 + ((change * 1_700) % 5_000));
    const shown = [await bar.capture("0,0 150x30"), await bar.capture("150,0 150x30")] as const;
    const startedAtMs = performance.now();
    point(change % 2 === 0 ? after.dbPath : before.dbPath);
    reportStatus(runDir, { status: "behind", counts: { ...NO_DRIFT, older: 101 + change } });
    ours.push((await untilChanged(bar, "0,0 150x30", shown[0])) - startedAtMs);
    theirs.push((await untilChanged(bar, "150,0 150x30", shown[1])) - startedAtMs);
  }
  const what = `a change of the machine to changed pixels, median of ${String(CHANGES)}`;
  return [
    { what, oursMs: median(ours), peer: PEER, peerMs: median(theirs) },
    await startUp(runDir, before.dbPath, before.configFile),
    await atRest(runDir, before.dbPath, before.configFile),
  ];
}

function openOurs(runDir: string): ChildProcess {
  return spawn(launcher, ["waybar"], {
    env: { ...process.env, PACPOOL_RUN_DIR: runDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function openTheirs(...paths: readonly string[]): ChildProcess {
  return spawn("sh", ["-c", LOOP, "sh", ...paths], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
}

async function startUp(runDir: string, ...paths: readonly string[]): Promise<Row> {
  const run = async (module: ChildProcess, group: -1 | 1): Promise<void> => {
    if (module.stdout !== null) await once(module.stdout, "data");
    process.kill(group * (module.pid ?? 0), "SIGKILL");
  };
  return contest({
    what: "waybar, from its start to its first line (whole process)",
    peer: PEER,
    ours: () => run(openOurs(runDir), 1),
    theirs: () => run(openTheirs(...paths), -1),
  });
}

async function atRest(runDir: string, ...paths: readonly string[]): Promise<Row> {
  const modules = [openOurs(runDir), openTheirs(...paths)] as const;
  // What is compiled and collected after the start is no rest.
  await sleep(5_000);
  const before = modules.map(({ pid }) => cpuTicks(pid));
  await sleep(REST_MS);
  const [ours = 0, theirs = 0] = modules.map(({ pid }, at) => cpuTicks(pid) - (before[at] ?? 0));
  modules[0].kill("SIGKILL");
  process.kill(-(modules[1].pid ?? 0), "SIGKILL");
  const what = `CPU of ${String(REST_MS / 1_000)} s at rest, in ticks of ${String(TICK_MS)} ms`;
  return { what, oursMs: Math.max(1, ours * TICK_MS), peer: PEER, peerMs: theirs * TICK_MS };
}

/** With the children that it waited for. */
function cpuTicks(pid = 0): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")
      .at(-1)
      ?.split(" ")
      .slice(11, 15) ?? [];
  return fields.reduce((sum, one) => sum + Number(one), 0);
}

async function untilChanged(bar: Bar, part: string, before: Buffer): Promise<number> {
  while ((await bar.capture(part)).equals(before));
  return performance.now();
}

/** Both modules have drawn themselves, and nothing moves any more. */
async function untilStill(bar: Bar): Promise<void> {
  let last: Buffer = Buffer.alloc(0);
  await eventually(
    "the bar to stand still",
    async () => {
      await sleep(700);
      const now = await bar.capture("0,0 300x30");
      const isStill = now.equals(last) && new Set(now).size > 8;
      last = now;
      return isStill || undefined;
    },
    30_000,
  );
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? Number.NaN;
}
