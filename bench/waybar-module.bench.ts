// The bar's module that runs on: until its first line, for each change, and at rest, beside a shell module around checkupdates.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { CHECK_UPDATES, SHELL_MODULE } from "./check-updates.ts";
import { cpuOf } from "./cpu.ts";
import { type LargeRoot, largeRepository, openLargeRoot } from "./large-root.ts";
import { type Benchmark, contest, median, type Row, runProgram } from "./measure.ts";

const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));
const PEER = "a shell module around checkupdates, repository on disk";
const UPDATES = 300;
const REST_MS = 30_000;
/** Linux counts CPU in these. */
const TICK_MS = 10;

export const benchmark: Benchmark = {
  name: "waybar module",
  async run() {
    using root = openLargeRoot();
    writeFileSync(join(root.mirror, "extra.db"), await largeRepository());
    const runtime = mkdtempSync(join(tmpdir(), "pacpool-bench-bar-"));
    mkdirSync(join(runtime, "pacpool"));
    try {
      report(runtime, 1);
      return [await firstLine(runtime, root), await perUpdate(runtime, root), ...(await atRest(runtime, root))];
    } finally {
      rmSync(runtime, { recursive: true, force: true });
    }
  },
};

type Module = ChildProcessByStdio<null, Readable, null>;

function openOurs(runtime: string): Module {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PACPOOL_"));
  const env = { ...Object.fromEntries(inherited), PACPOOL_RUN_DIR: join(runtime, "pacpool") };
  return spawn(launcher, ["waybar"], { env, stdio: ["ignore", "pipe", "inherit"] });
}

function openTheirs(root: LargeRoot): Module {
  const args = ["-c", SHELL_MODULE, "sh", root.dbPath, root.configFile];
  return spawn("sh", args, { stdio: ["ignore", "pipe", "inherit"], detached: true });
}

function end(module: Module): void {
  // The shell's own children go with it.
  const { pid = 0, spawnfile } = module;
  process.kill(spawnfile === "sh" ? -pid : pid, "SIGKILL");
}

async function untilLine(module: Module, has = ""): Promise<void> {
  let text = "";
  for await (const part of module.stdout.iterator({ destroyOnReturn: false })) {
    text += String(part);
    if (text.includes("\n") && text.includes(has)) return;
  }
}

function report(runtime: string, older: number): void {
  const status: StatusSummary = {
    endpoint: "atlas",
    pool: "main",
    status: "behind",
    counts: { ...NO_DRIFT, older },
    targetRevision: 1,
    reasons: [],
    reportedAtMs: Date.now(),
  };
  const file = join(runtime, "pacpool", "status.json");
  writeFileSync(`${file}.new`, JSON.stringify(status));
  renameSync(`${file}.new`, file);
}

function firstLine(runtime: string, root: LargeRoot): Promise<Row> {
  const run = async (module: Module): Promise<void> => {
    await untilLine(module);
    end(module);
  };
  return contest({
    what: "waybar, from its start to its first line",
    peer: PEER,
    ours: () => run(openOurs(runtime)),
    theirs: () => run(openTheirs(root)),
  });
}

async function perUpdate(runtime: string, root: LargeRoot): Promise<Row> {
  const module = openOurs(runtime);
  await untilLine(module);
  const before = cpuTicks(module.pid);
  for (let older = 2; older < 2 + UPDATES; older += 1) {
    report(runtime, older);
    await untilLine(module, `↓${String(older)}"`);
  }
  const oursMs = ((cpuTicks(module.pid) - before) * TICK_MS) / UPDATES;
  end(module);
  const theirs: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    theirs.push(await cpuOf(() => runProgram("sh", ["-c", CHECK_UPDATES, "sh", root.dbPath, root.configFile])));
  }
  return { what: `CPU of one change, mean of ${String(UPDATES)}`, oursMs, peer: PEER, peerMs: median(theirs) };
}

async function atRest(runtime: string, root: LargeRoot): Promise<readonly Row[]> {
  const ours = openOurs(runtime);
  const theirs = openTheirs(root);
  await Promise.all([untilLine(ours), untilLine(theirs)]);
  // What is compiled and collected after the start is no rest.
  await sleep(5_000);
  const before = [restOf(ours.pid), restOf(theirs.pid)] as const;
  await sleep(REST_MS);
  const after = [restOf(ours.pid), restOf(theirs.pid)] as const;
  const privateMiB = privateMemory(ours.pid);
  end(ours);
  end(theirs);
  const wakes = [after[0].wakeUps - before[0].wakeUps, after[1].wakeUps - before[1].wakeUps];
  const seconds = String(REST_MS / 1_000);
  return [
    {
      what: `CPU of ${seconds} s at rest (${String(wakes[0])} wake-ups and ${String(wakes[1])}; ours has ${privateMiB.toFixed(1)} MiB of its own)`,
      oursMs: Math.max(1, (after[0].ticks - before[0].ticks) * TICK_MS),
      peer: `${PEER}, every 5 s`,
      peerMs: (after[1].ticks - before[1].ticks) * TICK_MS,
    },
  ];
}

/** Of the process with the children that it waited for, and how often its threads began to run. */
function restOf(pid: number | undefined): { readonly ticks: number; readonly wakeUps: number } {
  const folder = `/proc/${String(pid)}/task`;
  const wakeUps = readdirSync(folder).map((task) => {
    const status = readFileSync(`${folder}/${task}/status`, "utf8");
    return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
  });
  return { ticks: cpuTicks(pid), wakeUps: wakeUps.reduce((sum, one) => sum + one, 0) };
}

function cpuTicks(pid: number | undefined): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")
      .at(-1)
      ?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
}

/** MiB that would be free without it. */
function privateMemory(pid: number | undefined): number {
  const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, "utf8");
  const parts = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)];
  return parts.reduce((sum, [, kib]) => sum + Number(kib), 0) / 1_024;
}
