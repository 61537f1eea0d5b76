// The analysis of a pool as a server answers it, rows, files and all: 300 endpoints, each with a set of its own, whose views
// of 15,000 signed packages are three. Beside it what a person would run by hand, and what a program would do that treats
// every endpoint's view as its own.
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import { type InstalledPackage, makePackageSet } from "../domain/package-set/package-set.ts";
import { viewDigest } from "../domain/view/view.ts";
import { makeAnalysisOperations } from "../server/operations/analysis/analysis-operations.ts";
import { packSet } from "../server/operations/content.ts";
import { openTestStore, type TestStore } from "../test/support/store.ts";
import { makeSyncDatabase, type SyncDatabase, type SyncEntry, sha256 } from "../test/support/sync-database.ts";
import { nameOf } from "./large-root.ts";
import { type Benchmark, contest, median, type Row, runProgram } from "./measure.ts";

const ENDPOINTS = 300;
const PACKAGES = 15_000;
const INSTALLED = 1_500;
const VIEWS = 3;
const DAY = 86_400;
const START = 1_748_736_000;

/** As large as an RSA signature of 2048 bits, by one of forty packagers; the version is the shortest that names a key. */
function signatureOf(index: number): string {
  const packet = Buffer.alloc(310, 7);
  Buffer.from([0x89, 1, 0x33, 3, 5, 0, 1, 2, 3, 4]).copy(packet);
  packet.writeBigUInt64BE(BigInt(index % 40), 10);
  return packet.toString("base64");
}

function versionOf(index: number, moment: number): string {
  return `1.${String(index % 37)}.${String(index % 50 < moment ? moment : 0)}-1`;
}

function entriesOf(moment: number): readonly SyncEntry[] {
  return Array.from({ length: PACKAGES }, (_, index) => ({
    name: nameOf(index),
    version: versionOf(index, moment),
    buildDate: START + (index % 50 < moment ? moment * DAY : 0),
    replaces: index % 60 === 0 ? [`old-${String(index)}`] : [],
    signature: signatureOf(index),
  }));
}

/** Nine tenths are the same everywhere; every machine has some of its own and is of one of the three moments. */
function setOf(endpoint: number, build: number): readonly InstalledPackage[] {
  return Array.from({ length: INSTALLED }, (_, at) => {
    const index = at % 10 === 0 ? (at * 9 + endpoint) % PACKAGES : at * 9;
    const moment = endpoint % VIEWS;
    const buildDate = START + (index % 50 < moment ? moment * DAY : 0) + (at === 0 ? build : 0);
    return {
      name: nameOf(index),
      version: versionOf(index, moment),
      architecture: "x86_64",
      buildDate,
      reason: "explicit" as const,
    };
  }).filter((one, at, all) => all.findIndex(({ name }) => name === one.name) === at);
}

async function insertSet(store: TestStore, packages: readonly InstalledPackage[]): Promise<string> {
  const set = makePackageSet(packages);
  const digest = packageSetDigest(set, sha256);
  const text = "insert into package_set (digest, packages, body) values ($1, $2, $3) on conflict do nothing";
  await store.database.query(text, [digest, set.packages.length, packSet(set)]);
  return digest;
}

async function fill(store: TestStore, databases: readonly SyncDatabase[]): Promise<void> {
  const pool = randomUUID();
  const { database } = store;
  await database.query("insert into pool (id, name, mode) values ($1, 'fleet', 'versions')", [pool]);
  const views: string[] = [];
  for (const { repository, bytes, sha256: digest } of databases) {
    async function* whole() {
      yield bytes;
    }
    await store.artifacts.write(digest, bytes.length, whole());
    const view = { architecture: "x86_64", class: "", databases: [{ repository, sha256: digest, size: bytes.length }] };
    views.push(viewDigest(view, sha256));
    const text = "insert into view (digest, architecture, class, databases) values ($1, 'x86_64', '', $2::jsonb)";
    await database.query(text, [views.at(-1), JSON.stringify(view.databases)]);
  }
  for (let endpoint = 0; endpoint < ENDPOINTS; endpoint += 1) {
    await database.query(
      "insert into endpoint (id, name, pool_id, key_hash, view_digest, package_set_digest) values ($1, $2, $3, '', $4, $5)",
      [randomUUID(), `e${String(endpoint)}`, pool, views[endpoint % VIEWS], await insertSet(store, setOf(endpoint, 0))],
    );
  }
}

/** pacman's own listing of each moment, compared two by two: names and versions, of no endpoint. */
function byHand(directory: string, databases: readonly SyncDatabase[]): () => string {
  const lists = databases.map(({ repository, bytes }, at) => {
    const root = join(directory, String(at));
    mkdirSync(join(root, "db/sync"), { recursive: true });
    mkdirSync(join(root, "db/local"), { recursive: true });
    writeFileSync(join(root, "db/sync", `${repository}.db`), bytes);
    const config = join(root, "pacman.conf");
    writeFileSync(
      config,
      `[options]\nArchitecture = x86_64\nSigLevel = Never\n[${repository}]\nServer = file:///nowhere\n`,
    );
    return `pacman -Sl --config ${config} --dbpath ${root}/db | sort > ${root}/list`;
  });
  const script = `${lists.join("\n")}\ncomm -3 ${directory}/0/list ${directory}/1/list\ncomm -3 ${directory}/1/list ${directory}/2/list`;
  return () => runProgram("sh", ["-c", script]);
}

/** A Map of names for every endpoint, whoever shares its repositories, and one look into all of them per name. */
function mapOfMaps(databases: readonly SyncDatabase[]): () => number {
  const moments = databases.map((_, moment) => entriesOf(moment));
  const fleet = new Map(
    Array.from({ length: ENDPOINTS }, (_, endpoint) => {
      const entries = moments[endpoint % VIEWS] ?? [];
      return [`e${String(endpoint)}`, new Map(entries.map(({ name, version }) => [name, version]))] as const;
    }),
  );
  return () => {
    const names = new Set([...fleet.values()].flatMap((packages) => [...packages.keys()]));
    let different = 0;
    for (const name of names) {
      const versions = new Set([...fleet.values()].map((packages) => packages.get(name)));
      if (versions.size > 1) different += 1;
    }
    return different;
  };
}

const FILTER = { kind: "different", withinClass: false, installed: true } as const;

export const benchmark: Benchmark = {
  name: "analysis",
  async run() {
    const directory = mkdtempSync(join(tmpdir(), "pacpool-bench-analysis-"));
    try {
      await using store = await openTestStore();
      const databases = await Promise.all(
        Array.from({ length: VIEWS }, (_, moment) => makeSyncDatabase("extra", entriesOf(moment))),
      );
      await fill(store, databases);
      return await measure(store, directory, databases);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};

const PAGE = { size: 100, token: undefined };
const WHAT = `analysis of ${String(ENDPOINTS)} endpoints x ${String(PACKAGES)} packages, ${String(VIEWS)} distinct views`;

async function measure(
  store: TestStore,
  directory: string,
  databases: readonly SyncDatabase[],
): Promise<readonly Row[]> {
  const first = (): Promise<unknown> => {
    // Another identity of the same files: everything kept by it begins anew.
    const fresh = { ...store, artifacts: { ...store.artifacts } };
    return makeAnalysisOperations(fresh).analyzePool("fleet", FILTER, PAGE);
  };
  const started = await contest({
    what: `${WHAT}: the first after a start, databases read from disk`,
    peer: "pacman -Sl of the views, sort, comm (no endpoints)",
    rounds: 5,
    ours: first,
    theirs: byHand(directory, databases),
  });
  const longest = {
    what: "longest turn of the event loop meanwhile, its own CPU time",
    oursMs: median([await longestTurn(first), await longestTurn(first), await longestTurn(first)]),
    peer: "the bound that we set",
    peerMs: 50,
  };
  return [started, longest, ...(await measureRunning(store, mapOfMaps(databases)))];
}

/** The longest that everybody else waited, in CPU time of this thread: other programs do not count. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  const ended = new AbortController();
  const working = work().finally(() => {
    ended.abort();
  });
  let longestMs = 0;
  let before = process.threadCpuUsage();
  while (!ended.signal.aborted) {
    await setImmediate();
    const now = process.threadCpuUsage();
    longestMs = Math.max(longestMs, (now.user - before.user + now.system - before.system) / 1_000);
    before = now;
  }
  await working;
  return longestMs;
}

/** On a server that compared the endpoints' reports when they came, so it has read their databases. */
async function measureRunning(store: TestStore, theirs: () => unknown): Promise<readonly Row[]> {
  const peer = "a Map of names per endpoint, databases read before";
  const kept = makeAnalysisOperations(store);
  let build = 0;
  const changed = async (): Promise<unknown> => {
    build += 1;
    const digest = await insertSet(store, setOf(7, build));
    await store.database.query("update endpoint set package_set_digest = $1 where name = 'e7'", [digest]);
    return kept.analyzePool("fleet", FILTER, PAGE);
  };
  const contests = [
    {
      what: "the first of a running server",
      ours: () => makeAnalysisOperations(store).analyzePool("fleet", FILTER, PAGE),
    },
    { what: "one endpoint's set changed", oursRepeat: 5, ours: changed },
    { what: "nothing changed", oursRepeat: 5, ours: () => kept.analyzePool("fleet", FILTER, PAGE) },
  ];
  const rows: Row[] = [];
  for (const one of contests) {
    rows.push(await contest({ ...one, what: `${WHAT}: ${one.what}`, peer, rounds: 3, theirs }));
  }
  return rows;
}
