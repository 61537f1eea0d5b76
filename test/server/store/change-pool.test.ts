import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changePool, changePools } from "../../../server/store/change-pool.ts";
import { Pool } from "../../../server/store/entities/pool.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function makePool(): Promise<string> {
  const id = randomUUID();
  await store.database.transaction(async ({ em }) => {
    em.create(Pool, { id, name: `pool-${id}`, mode: "versions" });
    await em.flush();
  });
  return id;
}

const endpoint = { kind: "endpoint", id: "e" } as const;

async function revisions(poolId: string): Promise<readonly number[]> {
  const rows = await store.database.query<{ revision: number }>(
    "select revision from pool_event where pool_id = $1 order by 1",
    [poolId],
  );
  return rows.map(({ revision }) => revision);
}

test("twenty writers at once leave revisions without a gap, each with its event", async () => {
  const poolId = await makePool();
  const changes = Array.from({ length: 20 }, () =>
    changePool(store, poolId, async (sql, change) => {
      await sql.query("select pg_sleep(random() * 0.01)");
      change.touch(endpoint);
      return change.revision;
    }),
  );
  const taken = await Promise.all(changes);
  expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(await revisions(poolId)).toHaveLength(20);
});

test("a change that touches nothing takes no revision and rings nobody", async () => {
  const poolId = await makePool();
  const rung: string[] = [];
  using _listening = store.bell.onRing((id) => rung.push(id));
  await changePool(store, poolId, async () => undefined);
  expect(await revisions(poolId)).toEqual([]);
  expect(rung).toEqual([]);
  expect(await changePool(store, poolId, async (_sql, change) => change.revision)).toBe(1);
});

test("a change that fails leaves revision and events as they were, and rings nobody", async () => {
  const poolId = await makePool();
  const rung: string[] = [];
  using _listening = store.bell.onRing((id) => rung.push(id));
  const failing = changePool(store, poolId, async (_sql, change) => {
    change.touch(endpoint);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await revisions(poolId)).toEqual([]);
  expect(rung).toEqual([]);
});

test("the bell rings after the commit, when others can read the row", async () => {
  const poolId = await makePool();
  const seen: Promise<readonly number[]>[] = [];
  using _listening = store.bell.onRing((id) => {
    if (id === poolId) seen.push(revisions(poolId));
  });
  await changePool(store, poolId, async (_sql, change) => change.touch(endpoint));
  expect(await Promise.all(seen)).toEqual([[1]]);
});

test("changes of two pools in opposite order do not block each other", async () => {
  const [a, b] = [await makePool(), await makePool()];
  const work = async (_sql: unknown, changes: readonly { touch(ref: typeof endpoint): void }[]): Promise<void> => {
    for (const change of changes) change.touch(endpoint);
  };
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => changePools(store, index % 2 === 0 ? [a, b] : [b, a], work)),
  );
  expect(await revisions(a)).toHaveLength(10);
  expect(await revisions(b)).toHaveLength(10);
});

test("a pool that is gone is refused", async () => {
  await expect(changePool(store, randomUUID(), async () => undefined)).rejects.toMatchObject({
    reason: "POOL_NOT_FOUND",
  });
});
