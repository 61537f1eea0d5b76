// Ten thousand machines are written into the server's own database, as no agent could do it in a second; changes are written
// there too, in the way of every change: a revision of the pool, its event, its watchers.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { makePoolBell } from "../../server/live/bell.ts";
import { changePool } from "../../server/store/change-pool.ts";
import { type Database, openDatabase } from "../../server/store/database.ts";
import { CURRENT } from "./moments.ts";
import type { Stage, World } from "./stage.ts";

const MACHINES = 10_000;
/** 100 a second. */
const BATCH = 20;
const BATCH_MS = 200;

export const large: World = {
  name: "large",
  sentence: "ten thousand machines of which a hundred change every second",
  here: "atlas",
  build: async (stage) => {
    const { server, enter } = stage;
    const { pool } = await server.admin.pools.createPool({ name: "campus", description: "every room" });
    await enter("atlas", "campus", CURRENT);
    await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
    const poolId = pool?.id ?? "";
    const database = await openDatabase(stage.database());
    await fill(database, poolId);
    // A call that the end of the world cuts off is refused.
    keepChanging(stage, database, poolId).catch(() => undefined);
    return undefined;
  },
};

const COUNTS = `jsonb_build_object('older', n % 60, 'newer', n % 3, 'rebuilt', 0, 'missing', 0, 'extra', 0, 'reason', 0,
  'replaced', 0, 'held', 0, 'foreign', 0, 'unavailable', 0)`;
const STATUS = "(array['in-sync', 'behind', 'behind', 'ahead', 'diverged', 'degraded'])[1 + n % 6]";

async function fill(database: Database, poolId: string): Promise<void> {
  await changePool({ database, bell: makePoolBell() }, poolId, async (sql, change) => {
    const machines = `insert into endpoint
        (id, name, pool_id, key_hash, labels, status, counts, online, last_seen, agent_version, packages, applied_revision,
         reported_at)
      select gen_random_uuid(), 'host-' || lpad(n::text, 5, '0'), $1, '', jsonb_build_object('room', 'r' || (n % 200)),
        ${STATUS}, ${COUNTS}, n % 11 <> 0, now() - make_interval(secs => n), '0.0.0-fake', 1200 + n % 300, 1, now()
      from generate_series(1, $2::int) as n`;
    await sql.query(machines, [poolId, MACHINES]);
    change.touch({ kind: "pool", id: poolId });
  });
}

async function keepChanging({ server, signal }: Stage, database: Database, poolId: string): Promise<void> {
  const ids = await database.query<{ id: string }>("select id from endpoint where key_hash = '' order by name");
  await using held = database;
  const store = { database: held, bell: makePoolBell() };
  for (let round = 0; !signal.aborted; round += 1) {
    await sleep(BATCH_MS, undefined, { signal });
    const touched = Array.from({ length: BATCH }, (_, at) => ids[(round * 7_919 + at * 503) % ids.length]?.id ?? "");
    await changePool(store, poolId, async (sql, change) => {
      const text = `update endpoint set online = true, last_seen = now(), counts = ${COUNTS}, status = ${STATUS}
        from (select $2::int as n) as round where id = any($1::uuid[])`;
      await sql.query(text, [touched, round]);
      for (const id of touched) change.touch({ kind: "endpoint", id });
    });
    // The server's own change rings for its watchers; those before it come along.
    const description = `every room; ${String((round + 1) * BATCH)} changes so far`;
    await server.admin.pools.updatePool({ pool: poolId, description, idempotencyKey: randomUUID() });
  }
}
