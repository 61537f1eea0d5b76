// What every new target has in common: compare-and-set, the next revision, and everybody's status in the same transaction.
import { Refusal } from "../../../domain/refusal.ts";
import type { Target } from "../../../domain/target/target.ts";
import type { PoolChange } from "../../store/change-pool.ts";
import type { Sql } from "../../store/database.ts";
import type { Store } from "../../store/store.ts";
import type { NewTarget } from "../records.ts";
import { refreshPoolStatuses } from "../refresh-status.ts";
import { insertTarget, readTarget } from "../target-rows.ts";

/** What idempotency keeps of a new target. A type, since interfaces have no index signature. */
export type AppendedTarget = {
  readonly poolId: string;
  readonly revision: number;
  readonly poolRevision: number;
};

/** The pool's newest target revision, 0 for none. Refuses STALE_REVISION when the caller saw another. */
export async function expectNewest(sql: Sql, poolId: string, expected: number | undefined): Promise<number> {
  const [row] = await sql.query<{ target_revision: number }>("select target_revision from pool where id = $1", [
    poolId,
  ]);
  const newest = row?.target_revision ?? 0;
  if (expected !== undefined && expected !== newest) {
    throw new Refusal("STALE_REVISION", { expected: String(expected), actual: String(newest) });
  }
  return newest;
}

/** Writes the target, compares every endpoint of the pool with it, and touches what changed. */
export async function appendTarget(
  store: Store,
  sql: Sql,
  change: PoolChange,
  target: Omit<Target, "createdAtMs">,
): Promise<AppendedTarget> {
  const { poolId } = change;
  await insertTarget(sql, poolId, { ...target, createdAtMs: 0 });
  // What a machine could not do for the last target it may be able to do for this one.
  await sql.query("update endpoint set refused_because = '' where pool_id = $1 and refused_because <> ''", [poolId]);
  change.touch({ kind: "pool", id: poolId });
  for (const id of await refreshPoolStatuses(store, sql, poolId)) change.touch({ kind: "endpoint", id });
  return { poolId, revision: target.revision, poolRevision: change.revision };
}

export async function readAppended(
  store: Store,
  { poolId, revision, poolRevision }: AppendedTarget,
): Promise<NewTarget> {
  const target = await readTarget(store.database, poolId, revision);
  if (target === undefined) throw new Refusal("TARGET_NOT_FOUND", { pool: poolId, revision: String(revision) });
  return { poolId, target, poolRevision };
}
