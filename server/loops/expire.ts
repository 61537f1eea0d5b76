// Deletes what nobody can ask for any more: answers of old mutations, plans that no operation runs, events that every
// watcher has long had, tokens that are over. In small portions, so that no lock is held for long.
import type { Database } from "../store/database.ts";
import { type Rounds, runEvery } from "./run-every.ts";

export interface ExpireOptions extends Pick<Rounds, "onError"> {
  readonly database: Database;
  readonly everyMs?: number;
}

const EXPIRE_MS = 10 * 60 * 1_000;
/** Rows of one statement. */
const PORTION = 1_000;
/** Statements of one round and kind. */
const MAX_PORTIONS = 50;

const STATEMENTS: readonly string[] = [
  `delete from operation_log where ctid = any (array
     (select ctid from operation_log where at < now() - interval '30 days' order by at limit ${String(PORTION)}))`,
  `delete from idempotency where (caller, key) in
     (select caller, key from idempotency where expires_at < now() limit ${String(PORTION)})`,
  // A person looks at a plan, then approves it; after a day the machine has moved on.
  `delete from plan where digest in
     (select digest from plan p where created_at < now() - interval '1 day'
        and not exists (select 1 from operation o where o.plan_digest = p.digest) limit ${String(PORTION)})`,
  `delete from enrolment_token where id in
     (select id from enrolment_token where expires_at < now() - interval '1 day' limit ${String(PORTION)})`,
];

/** A watcher that was away longer gets a snapshot. */
const EVENT_DAYS = 7;

/** Runs until disposed. */
export function expire(options: ExpireOptions): AsyncDisposable {
  return runEvery({ everyMs: options.everyMs ?? EXPIRE_MS, onError: options.onError }, () =>
    expireOnce(options.database),
  );
}

/** One round. */
export async function expireOnce(database: Database): Promise<void> {
  for (const statement of STATEMENTS) await inPortions(database, statement);
  await compactEvents(database);
}

async function inPortions(database: Database, statement: string): Promise<void> {
  for (let portion = 0; portion < MAX_PORTIONS; portion += 1) {
    const gone = await database.query(`${statement} returning 1`);
    if (gone.length < PORTION) return;
  }
}

/** First the mark, then the rows: a watcher that resumes below the mark is told so and never misses an event. */
async function compactEvents(database: Database): Promise<void> {
  const old = await database.query<{ pool_id: string; revision: number }>(
    `select pool_id, max(revision) as revision from pool_event
      where created_at < now() - make_interval(days => $1) group by pool_id limit $2`,
    [EVENT_DAYS, PORTION],
  );
  for (const { pool_id: poolId, revision } of old) {
    await database.transaction(async (sql) => {
      const mark = "update pool set compact_revision = greatest(compact_revision, $2) where id = $1";
      await sql.query(mark, [poolId, revision]);
      await sql.query("delete from pool_event where pool_id = $1 and revision <= $2", [poolId, revision]);
    });
  }
}
