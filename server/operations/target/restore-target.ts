import { invalidField, Refusal } from "../../../domain/refusal.ts";
import type { Target } from "../../../domain/target/target.ts";
import { changePool } from "../../store/change-pool.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { findPool, type PoolRow } from "../pool-rows.ts";
import { authorOf, type Mutation, type NewTarget } from "../records.ts";
import { readTarget, readTargetsBelow } from "../target-rows.ts";
import { type AppendedTarget, appendTarget, expectNewest, readAppended } from "./append-target.ts";
import { searchUpstream } from "./watch-upstream.ts";

export type RestoreTargetInput = Mutation & {
  readonly pool: string;
  /** Undefined: the newest before the present that is not bad. */
  readonly revision: number | undefined;
  readonly markBad: boolean;
  readonly message: string;
  readonly expectedTargetRevision: number | undefined;
};

/**
 * Appends a revision that repeats an older one, and marks the present one bad if asked. Refuses NO_TARGET,
 * TARGET_NOT_FOUND, STALE_REVISION.
 */
export async function restoreTarget(store: Store, input: RestoreTargetInput): Promise<NewTarget> {
  const { caller, idempotencyKey: _key, ...asked } = input;
  const request = { deed: "restore-target", ...asked };
  const earlier = await findAnswer<AppendedTarget>(store.database, input, request);
  if (earlier !== undefined) return readAppended(store, earlier.value);
  const pool = await findPool(store.database, input.pool);
  const appended = await changePool(store, pool.id, (sql, change) =>
    idempotent(sql, input, request, async () => {
      const newest = await expectNewest(sql, pool.id, input.expectedTargetRevision);
      if (newest === 0) throw new Refusal("NO_TARGET", { pool: pool.name });
      const older = await findOlder(sql, pool, newest, input.revision);
      if (input.markBad) {
        await sql.query("update target set bad = true where pool_id = $1 and revision = $2", [pool.id, newest]);
      }
      return appendTarget(store, sql, change, {
        ...older,
        revision: newest + 1,
        author: authorOf(caller),
        message: input.message,
        bad: false,
        restoresRevision: older.revision,
      });
    }),
  );
  await searchUpstream(store, appended.poolId);
  return readAppended(store, appended);
}

async function findOlder(sql: Sql, pool: PoolRow, newest: number, wanted: number | undefined): Promise<Target> {
  if (wanted === newest) throw invalidField("revision", String(wanted), `a revision before ${String(newest)}`);
  const found = wanted === undefined ? await newestGood(sql, pool.id, newest) : await readTarget(sql, pool.id, wanted);
  if (found !== undefined) return found;
  const revision = wanted === undefined ? `before ${String(newest)} that is not bad` : String(wanted);
  throw new Refusal("TARGET_NOT_FOUND", { pool: pool.name, revision });
}

async function newestGood(sql: Sql, poolId: string, newest: number): Promise<Target | undefined> {
  for (let below = newest; ; ) {
    const page = await readTargetsBelow(sql, poolId, below, LOOK_BACK);
    const good = page.find((target) => !target.bad);
    const last = page.at(-1);
    if (good !== undefined || last === undefined) return good;
    below = last.revision;
  }
}

/** Bad ones in a row are rare. */
const LOOK_BACK = 20;
