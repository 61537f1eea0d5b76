import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expire, expireOnce } from "../../../server/loops/expire.ts";
import { openDatabase } from "../../../server/store/database.ts";
import { eventually } from "../../support/eventually.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";

let store: TestStore;
let poolId: string;
let endpointId: string;

beforeAll(async () => {
  store = await openTestStore();
  poolId = randomUUID();
  endpointId = randomUUID();
  const { database } = store;
  await database.query("insert into pool (id, name, mode, revision) values ($1, 'pool', 'versions', 5)", [poolId]);
  await database.query("insert into endpoint (id, name, pool_id, key_hash) values ($1, 'one', $2, '')", [
    endpointId,
    poolId,
  ]);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function keys(text: string): Promise<readonly string[]> {
  return (await store.database.query<{ key: string }>(`${text} order by 1`)).map((row) => row.key);
}

test("answers of mutations go after their time, in portions, however many there are", async () => {
  await store.database.query(
    `insert into idempotency (caller, key, request_hash, answer, expires_at)
     select 'c', 'old-' || n, '', 'null'::jsonb, now() - interval '1 second' from generate_series(1, 2500) n
     union all select 'c', 'young', '', 'null'::jsonb, now() + interval '1 hour'`,
  );
  await expireOnce(store.database);
  expect(await keys("select key from idempotency")).toEqual(["young"]);
});

test("a plan of yesterday goes, unless an operation runs or ran it", async () => {
  const plan = `insert into plan (digest, endpoint_id, base_digest, target_revision, is_revert, changes, body, created_at)
    values ($1, $2, '', 1, false, 0, '{}', now() - $3::interval)`;
  await store.database.query(plan, ["old", endpointId, "25 hours"]);
  await store.database.query(plan, ["young", endpointId, "23 hours"]);
  await store.database.query(plan, ["used", endpointId, "30 days"]);
  await store.database.query(
    `insert into operation (id, endpoint_id, pool_id, plan_digest, target_revision, is_revert, state, author, changes)
     values ($1, $2, $3, 'used', 1, false, 'succeeded', 'ann', 0)`,
    [randomUUID(), endpointId, poolId],
  );
  await expireOnce(store.database);
  expect(await keys("select digest as key from plan")).toEqual(["used", "young"]);
});

test("a token goes a day after its time", async () => {
  const token = `insert into enrolment_token (id, secret_hash, pool_id, uses_left, expires_at)
    values ($1, '', $2, 1, now() - $3::interval)`;
  await store.database.query(token, ["old", poolId, "25 hours"]);
  await store.database.query(token, ["over", poolId, "1 hour"]);
  await expireOnce(store.database);
  expect(await keys("select id as key from enrolment_token")).toEqual(["over"]);
});

test("events of last week go, and their pool says from which revision on a watcher can resume", async () => {
  const event =
    "insert into pool_event (pool_id, revision, refs, created_at) values ($1, $2, '[]', now() - $3::interval)";
  for (const [revision, age] of [
    [1, "9 days"],
    [2, "8 days"],
    [3, "6 days"],
    [4, "1 hour"],
  ]) {
    await store.database.query(event, [poolId, revision, age]);
  }
  const marks = "select compact_revision::text as key from pool";
  await expireOnce(store.database);
  expect(await keys("select revision::text as key from pool_event")).toEqual(["3", "4"]);
  expect(await keys(marks)).toEqual(["2"]);
  await expireOnce(store.database);
  expect(await keys(marks)).toEqual(["2"]);
});

test("the loop tells a failure and goes on", async () => {
  const database = await openDatabase(store.address);
  await database[Symbol.asyncDispose]();
  const errors: unknown[] = [];
  await using _running = expire({ database, everyMs: 5, onError: (error) => errors.push(error) });
  await eventually("two failures", () => errors.length >= 2 || undefined);
});
