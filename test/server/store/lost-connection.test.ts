import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase, type Sql } from "../../../server/store/database.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";

let store: TestStore;
/** Ends connections of the store, as a restart of the database or a failover does. */
let other: Database;

beforeAll(async () => {
  store = await openTestStore();
  other = await openDatabase(store.address);
});

afterAll(async () => {
  await other[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

async function terminate(pid: number): Promise<void> {
  await other.query("select pg_terminate_backend($1)", [pid]);
  await eventually("the connection to be gone", async () => {
    const rows = await other.query("select 1 from pg_stat_activity where pid = $1", [pid]);
    return rows.length === 0 || undefined;
  });
}

async function backendOf(sql: Pick<Sql, "query">): Promise<number> {
  const [row] = await sql.query<{ pid: number }>("select pg_backend_pid() as pid");
  return row?.pid ?? 0;
}

/** More than the pool holds: a connection that is not given back would be missed. */
const MORE_THAN_THE_POOL = 25;

test("transactions that lose their connection are refused as unavailable, and none keeps a place in the pool", async () => {
  for (let lost = 0; lost < MORE_THAN_THE_POOL; lost += 1) {
    const losing = store.database.transaction(async (sql) => {
      await terminate(await backendOf(sql));
      await sql.query("select 1");
    });
    await expect(losing).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
  }
  const all = Array.from({ length: MORE_THAN_THE_POOL }, () => store.database.snapshot((sql) => backendOf(sql)));
  expect(await Promise.all(all)).toHaveLength(MORE_THAN_THE_POOL);
});

test("a connection that is lost while it is idle ends nothing: another takes its place", async () => {
  const pid = await backendOf(store.database);
  await terminate(pid);
  // A query that is quicker than the news of the loss is refused as unavailable, and may be tried again.
  const next = await eventually("another connection", () =>
    backendOf(store.database).catch((error: unknown) => {
      expect(error).toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
      return undefined;
    }),
  );
  expect(next).not.toBe(pid);
});

test("a query that is under way when its connection is lost is refused as unavailable", async () => {
  const failing = store.database.query("select pg_sleep(20) as sleeping").catch((error: unknown) => error);
  const pid = await eventually("the query to run", async () => {
    const [row] = await other.query<{ pid: number }>(
      "select pid from pg_stat_activity where query like 'select pg_sleep(20) as sleeping%' and state = 'active'",
    );
    return row?.pid;
  });
  await terminate(pid);
  expect(await failing).toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
});

test("a store whose connections were lost can be closed", async () => {
  const replica = await openDatabase(store.address);
  const losing = replica.transaction(async (sql) => {
    await terminate(await backendOf(sql));
    await sql.query("select 1");
  });
  await expect(losing).rejects.toMatchObject({ reason: "DATABASE_UNAVAILABLE" });
  await replica[Symbol.asyncDispose]();
  await expect(replica.query("select 1")).rejects.toThrow();
});
