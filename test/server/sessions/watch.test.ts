import { afterAll, beforeAll, expect, test } from "vitest";
import { expireOnce } from "../../../server/loops/expire.ts";
import { makeSweep, sweepPools } from "../../../server/loops/sweep-pools.ts";
import { makeWatchReads, type PoolChanges, type WatchReads } from "../../../server/operations/watch-reads.ts";
import { changePool, changePools } from "../../../server/store/change-pool.ts";
import { openDatabase } from "../../../server/store/database.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { type Fleet, makeFleet } from "./fleet.ts";

let store: TestStore;
let fleet: Fleet;
let watch: WatchReads;

beforeAll(async () => {
  store = await openTestStore();
  fleet = makeFleet(store);
  watch = makeWatchReads(store);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const ALL = { isSummary: false, endpointId: undefined };

/** The number that writers put on both endpoints in one change, by endpoint. */
function marks(changes: Extract<PoolChanges, { kind: "changed" }>): ReadonlyMap<string, string> {
  const found = changes.things.flatMap((one) => (one.kind === "endpoint" ? [one.endpoint] : []));
  return new Map(found.map((one) => [one.id, one.labels["mark"] ?? ""]));
}

test("a watcher never sees a change in halves, and misses none, while many write", async () => {
  const poolId = await fleet.makePool();
  const pair = [await fleet.makeEndpoint(poolId), await fleet.makeEndpoint(poolId)] as const;
  const write = (mark: number): Promise<void> =>
    changePool(store, poolId, async (sql, change) => {
      for (const id of pair) {
        const text = "update endpoint set labels = jsonb_build_object('mark', $2::text) where id = $1";
        await sql.query(text, [id, String(mark)]);
        change.touch({ kind: "endpoint", id });
      }
    });
  const marksAt = new Map<number, string>();
  let isWriting = true;
  const writers = Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let at = 0; at < 10; at += 1) await write(writer * 100 + at);
    }),
  ).finally(() => {
    isWriting = false;
  });
  let seen = 0;
  while (isWriting || seen < 60) {
    const changes = await watch.changes(poolId, seen, ALL);
    if (changes.kind !== "changed") continue;
    const [first, second] = pair.map((id) => marks(changes).get(id));
    expect(first).toBeDefined();
    expect(second).toBe(first);
    const pool = changes.things.find((one) => one.kind === "pool");
    expect(pool?.pool.revision).toBe(changes.revision);
    seen = changes.revision;
    marksAt.set(seen, first ?? "");
  }
  await writers;
  expect(seen).toBe(60);
  expect(await watch.changes(poolId, seen, ALL)).toEqual({ kind: "quiet", revision: 60 });
});

test("a snapshot holds the pool, its endpoints and its operations; a summary the pool alone", async () => {
  const poolId = await fleet.makePool();
  const endpointId = await fleet.makeEndpoint(poolId);
  const other = await fleet.makeEndpoint(poolId);
  await fleet.reported(endpointId);
  const operation = await fleet.start(endpointId, (await fleet.makePlan(endpointId)).digest);
  const kinds = async (filter: typeof ALL | { isSummary: boolean; endpointId: string }): Promise<readonly string[]> =>
    (await watch.snapshot(poolId, filter))?.things.map((one) => one.kind) ?? [];
  expect(await kinds(ALL)).toEqual(["pool", "endpoint", "endpoint", "operation"]);
  expect(await kinds({ ...ALL, isSummary: true })).toEqual(["pool"]);
  expect(await kinds({ isSummary: false, endpointId: other })).toEqual(["pool", "endpoint"]);
  const [touched] = [await watch.changes(poolId, 1, ALL)];
  expect(touched.kind === "changed" && touched.things.map((one) => one.kind)).toEqual([
    "pool",
    "endpoint",
    "operation",
  ]);
  expect((await watch.snapshot(poolId, ALL))?.revision).toBe(touched.kind === "changed" ? touched.revision : -1);
  expect(operation.poolId).toBe(poolId);
});

test("an endpoint that moved is removed from the one pool and appears in the other", async () => {
  const [from, to] = [await fleet.makePool(), await fleet.makePool()];
  const id = await fleet.makeEndpoint(from);
  await changePools(store, [from, to], async (sql, [left, joined]) => {
    await sql.query("update endpoint set pool_id = $2 where id = $1", [id, to]);
    left?.touch({ kind: "removed-endpoint", id });
    joined?.touch({ kind: "endpoint", id });
  });
  const left = await watch.changes(from, 0, ALL);
  expect(left.kind === "changed" && left.things.slice(1)).toEqual([{ kind: "removed-endpoint", id }]);
  const joined = await watch.changes(to, 0, ALL);
  expect(joined.kind === "changed" && joined.things[1]).toMatchObject({ kind: "endpoint", endpoint: { id } });
});

test("a watcher that was away too long, or comes from another database, is told to read the snapshot; a deleted pool is gone", async () => {
  const poolId = await fleet.makePool();
  await changePool(store, poolId, async (_sql, change) => change.touch({ kind: "pool", id: poolId }));
  await changePool(store, poolId, async (_sql, change) => change.touch({ kind: "pool", id: poolId }));
  await store.database.query(
    "update pool_event set created_at = now() - interval '8 days' where pool_id = $1 and revision = 1",
    [poolId],
  );
  await expireOnce(store.database);
  expect(await watch.changes(poolId, 0, ALL)).toEqual({ kind: "compacted", compactRevision: 1 });
  expect((await watch.changes(poolId, 1, ALL)).kind).toBe("changed");
  expect((await watch.changes(poolId, 99, ALL)).kind).toBe("compacted");
  await store.database.query("delete from pool where id = $1", [poolId]);
  expect(await watch.changes(poolId, 1, ALL)).toEqual({ kind: "gone" });
  expect(await watch.snapshot(poolId, ALL)).toBeUndefined();
});

test("the sweep finds a pool that another server moved, even one whose transaction was open all the while, and tells it once", async () => {
  const [early, late] = [await fleet.makePool(), await fleet.makePool()];
  const sweep = makeSweep(store.database);
  await sweep();
  await using elsewhere = await openDatabase(store.address);
  const other = { ...store, database: elsewhere };
  const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const slow = changePool(other, early, async (_sql, change) => {
    change.touch({ kind: "pool", id: early });
    opened();
    await mayEnd;
  });
  await isOpen;
  await changePool(other, late, async (_sql, change) => change.touch({ kind: "pool", id: late }));
  expect(await sweep()).toEqual([late]);
  expect(await sweep()).toEqual([]);
  end();
  await slow;
  expect(await sweep()).toEqual([early]);
  expect(await sweep()).toEqual([]);
});

test("the sweep's loop rings for what moved elsewhere", async () => {
  const poolId = await fleet.makePool();
  await using elsewhere = await openDatabase(store.address);
  const rung: string[] = [];
  const ring = (id: string): void => void rung.push(id);
  const onError = (error: unknown): void => {
    throw error;
  };
  await using _loop = sweepPools({ database: store.database, ring, onError, everyMs: 20 });
  await eventually("the bell", async () => {
    const other = { ...store, database: elsewhere };
    await changePool(other, poolId, async (_sql, change) => change.touch({ kind: "pool", id: poolId }));
    return rung.includes(poolId);
  });
});
