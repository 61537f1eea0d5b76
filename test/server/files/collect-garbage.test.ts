import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { collectOnce, type GarbageRules } from "../../../server/loops/collect-garbage.ts";
import { makeArtifactOperations } from "../../../server/operations/artifacts.ts";
import { lockArtifact } from "../../../server/operations/files/artifact-lock.ts";
import { collectStrays } from "../../../server/operations/files/collect-unused.ts";
import { eventually } from "../../support/eventually.ts";
import { SIGNATURE } from "../../support/files-world.ts";
import { buildPackage, type PackageArchive } from "../../support/package-archive.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { type Fleet, makePoolFleet } from "./pool-fleet.ts";

let cluster: TestStore;
let store: TestStore;
let fleet: Fleet;
// Keeps the PostgreSQL of this file running between tests.
beforeAll(async () => {
  cluster = await openTestStore();
});
afterAll(() => cluster[Symbol.asyncDispose]());
beforeEach(async () => {
  store = await openTestStore();
  fleet = await makePoolFleet(store);
});
afterEach(() => store[Symbol.asyncDispose]());

/** What nothing refers to goes in the round that finds it. */
const AT_ONCE: GarbageRules = { keepTargets: 2, graceSeconds: 0 };

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function upload(archive: PackageArchive): Promise<string> {
  const { sha256, bytes, fileName: filename } = archive;
  const header = { kind: "package", sha256, size: bytes.length, filename, signature: SIGNATURE } as const;
  await makeArtifactOperations(store).store(header, once(bytes));
  return sha256;
}

async function kept(kind = "package"): Promise<readonly string[]> {
  const rows = await store.database.query<{ sha256: string }>("select sha256 from artifact where kind = $1", [kind]);
  return rows.map(({ sha256 }) => sha256).toSorted();
}

test("the files of the newest target and of N before it stay, older ones and those of no target go, files too", async () => {
  const archives = await Promise.all(
    [1, 2, 3, 4, 5].map((number) => buildPackage({ name: "app", version: `${String(number)}.0-1` })),
  );
  const digests: string[] = [];
  for (const archive of archives) {
    const sha256 = await upload(archive);
    digests.push(sha256);
    await fleet.appendTarget([{ name: "app", version: archive.recipe.version, sha256 }]);
  }
  const stray = await upload(await buildPackage({ name: "stray", version: "1-1" }));
  await collectOnce(store, AT_ONCE);
  expect(await kept()).toEqual(digests.slice(2).toSorted());
  for (const gone of [...digests.slice(0, 2), stray]) {
    await expect(store.artifacts.load(gone)).rejects.toMatchObject({ reason: "ARTIFACT_NOT_FOUND" });
  }
  for (const one of digests.slice(2)) expect((await store.artifacts.load(one)).length).toBeGreaterThan(0);
});

test("a file that several targets need stays until the last of them is old", async () => {
  const sha256 = await upload(await buildPackage({ name: "lib", version: "1-1" }));
  await fleet.appendTarget([{ name: "lib", version: "1-1", sha256 }]);
  await fleet.appendTarget([{ name: "lib", version: "1-1", sha256 }]);
  for (let later = 0; later < 2; later += 1) {
    await fleet.appendTarget([]);
    await collectOnce(store, AT_ONCE);
    expect(await kept()).toEqual([sha256]);
  }
  await fleet.appendTarget([]);
  await collectOnce(store, AT_ONCE);
  expect(await kept()).toEqual([]);
});

test("what was just brought stays for the grace, and for ever when something refers to it by then", async () => {
  const early = await upload(await buildPackage({ name: "early", version: "1-1" }));
  const later = await upload(await buildPackage({ name: "later", version: "1-1" }));
  await collectOnce(store, { keepTargets: 2 });
  await fleet.appendTarget([{ name: "later", version: "1-1", sha256: later }]);
  await store.database.query("update artifact set unused_since = now() - interval '2 hours'");
  await collectOnce(store, { keepTargets: 2 });
  expect(await kept()).toEqual([later]);
  expect(await kept()).not.toContain(early);
});

test("a file that comes again while its row is collected is whole or gone, never a row without a file", async () => {
  const archives = await Promise.all([1, 2, 3].map((n) => buildPackage({ name: `p${String(n)}`, version: "1-1" })));
  for (let round = 0; round < 15; round += 1) {
    await Promise.all([...archives.map(upload), collectOnce(store, AT_ONCE)]);
    for (const sha256 of await kept()) expect((await store.artifacts.load(sha256)).length).toBeGreaterThan(0);
  }
});

/** For a lock of ours. */
async function isSomebodyWaiting(): Promise<boolean> {
  const waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted";
  return (await store.database.query(waiting)).length > 0;
}

test("a file that is brought again between the end of its row and its own stays", async () => {
  const { database, artifacts } = store;
  const archive = await buildPackage({ name: "app", version: "1-1" });
  const { sha256, bytes } = archive;
  await upload(archive);
  let collecting: Promise<void> | undefined;
  let isOver = false;
  await database.transaction(async (sql) => {
    await lockArtifact(sql, sha256);
    await artifacts.write(sha256, bytes.length, once(bytes));
    collecting = collectOnce(store, AT_ONCE).finally(() => {
      isOver = true;
    });
    await eventually("the collector, waiting or done", async () => isOver || (await isSomebodyWaiting()));
    expect(await kept()).toEqual([]);
    const row = "insert into artifact (sha256, size, kind) values ($1, $2, 'package')";
    await sql.query(row, [sha256, bytes.length]);
  });
  await collecting;
  expect((await artifacts.load(sha256)).equals(bytes)).toBe(true);
});

test("databases, views and sets go when no endpoint and no target has them", async () => {
  const { database } = store;
  const bytes = randomBytes(1_000);
  const view = await fleet.storeView(bytes);
  const lonely = await fleet.storeView(randomBytes(900));
  const set = await fleet.storeSet("app 1-1");
  const lonelySet = await fleet.storeSet("app 2-1");
  await database.query("update endpoint set view_digest = $1, package_set_digest = $2", [view.digest, set]);
  await collectOnce(store, AT_ONCE);
  await collectOnce(store, AT_ONCE);
  const views = await database.query<{ digest: string }>("select digest from view");
  expect(views.map(({ digest }) => digest)).toContain(view.digest);
  expect(views.map(({ digest }) => digest)).not.toContain(lonely.digest);
  expect(await kept("sync-database")).toEqual([view.sha256]);
  const sets = (await database.query<{ digest: string }>("select digest from package_set")).map(({ digest }) => digest);
  expect(sets).toContain(set);
  expect(sets).not.toContain(lonelySet);
});

test("a set that an endpoint is about to have again stays, also when its collection has begun", async () => {
  const { database } = store;
  const set = await fleet.storeSet("app 1-1");
  await collectOnce(store, { keepTargets: 2 });
  await database.query("update package_set set unused_since = now() - interval '2 hours'");
  let collecting: Promise<void> | undefined;
  await database.transaction(async (sql) => {
    // What a report does first.
    await sql.query("update package_set set unused_since = null where digest = $1", [set]);
    let isOver = false;
    collecting = collectOnce(store, { keepTargets: 2 }).finally(() => {
      isOver = true;
    });
    const blocked = "select 1 from pg_locks where not granted";
    await eventually("the collector", async () => isOver || (await database.query(blocked)).length > 0);
    await sql.query("update endpoint set package_set_digest = $1", [set]);
  });
  await collecting;
  expect(await database.query("select 1 from package_set where digest = $1", [set])).toHaveLength(1);
});

test("operations long finished go but for the last ones of each endpoint, with their plans and orders", async () => {
  const { database } = store;
  await fleet.addOperations(25, "200 days");
  await fleet.addOperations(1, "1 day");
  await collectOnce(store, AT_ONCE);
  const [left] = await database.query<{ operations: number; commands: number }>(
    "select (select count(*) from operation) as operations, (select count(*) from command) as commands",
  );
  expect(left).toEqual({ operations: 20, commands: 1 });
});

test("beginnings that nobody went on with and files without a row go from the disk, whole files with a row stay", async () => {
  const sha256 = await upload(await buildPackage({ name: "app", version: "1-1" }));
  const without = await buildPackage({ name: "rowless", version: "1-1" });
  await store.artifacts.write(without.sha256, without.bytes.length, once(without.bytes));
  const broken = await buildPackage({ name: "broken", version: "1-1" });
  async function* half(): AsyncGenerator<Buffer> {
    yield broken.bytes.subarray(0, 100);
    throw new Error("the line broke");
  }
  await expect(store.artifacts.receive({ sha256: broken.sha256, size: broken.bytes.length }, half())).rejects.toThrow(
    "the line broke",
  );
  expect(await store.artifacts.beginning(broken.sha256)).toBe(100);
  for (let folder = 0; folder < 256; folder += 1) await collectStrays(store, folder, -1);
  expect(await store.artifacts.beginning(broken.sha256)).toBe(0);
  await expect(store.artifacts.load(without.sha256)).rejects.toMatchObject({ reason: "ARTIFACT_NOT_FOUND" });
  expect((await store.artifacts.load(sha256)).length).toBeGreaterThan(0);
});
