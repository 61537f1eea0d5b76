// Every change of a pool or of anything in it: one transaction that takes the pool's next revision as its first statement,
// under the row's lock. So revisions have no gaps and come in the order of the commits (a sequence would lose events).
import { Refusal } from "../../domain/refusal.ts";
import type { PoolBell } from "../live/bell.ts";
import type { Database, Sql } from "./database.ts";

/** What a watcher has to read again. */
export interface EventRef {
  readonly kind: "pool" | "endpoint" | "operation" | "removed-endpoint" | "removed-pool";
  readonly id: string;
}

/** A pool's next revision, and what changes in it. */
export interface PoolChange {
  readonly poolId: string;
  readonly revision: number;
  touch(ref: EventRef): void;
}

interface Movable {
  readonly database: Database;
  readonly bell: PoolBell;
}

/** Changes one pool. When nothing was touched the revision stays and no event is written. Throws POOL_NOT_FOUND. */
export function changePool<Result>(
  store: Movable,
  poolId: string,
  work: (sql: Sql, change: PoolChange) => Promise<Result>,
): Promise<Result> {
  return changePools(store, [poolId], (sql, [change]) => {
    if (change === undefined) throw new Refusal("POOL_NOT_FOUND", { pool: poolId });
    return work(sql, change);
  });
}

/** Changes several pools in one transaction, always locked in the order of their ids: two such changes cannot deadlock. */
export async function changePools<Result>(
  store: Movable,
  poolIds: readonly string[],
  work: (sql: Sql, changes: readonly PoolChange[]) => Promise<Result>,
): Promise<Result> {
  const ordered = [...new Set(poolIds)].toSorted();
  const { result, moved } = await store.database.transaction(async (sql) => {
    const open: OpenChange[] = [];
    for (const poolId of ordered) open.push(await takeRevision(sql, poolId));
    // The caller gets them in the order of its ids.
    const inOrder = poolIds.flatMap((id) => open.filter((one) => one.change.poolId === id).map((one) => one.change));
    const outcome = await work(sql, inOrder);
    for (const one of open) await finish(sql, one);
    return { result: outcome, moved: open.filter((one) => one.refs.length > 0).map((one) => one.change.poolId) };
  });
  for (const poolId of moved) store.bell.ring(poolId);
  return result;
}

interface OpenChange {
  readonly change: PoolChange;
  readonly refs: EventRef[];
}

async function takeRevision(sql: Sql, poolId: string): Promise<OpenChange> {
  const text = "update pool set revision = revision + 1 where id = $1 returning revision";
  const [row] = await sql.query<{ revision: number }>(text, [poolId]);
  if (row === undefined) throw new Refusal("POOL_NOT_FOUND", { pool: poolId });
  const refs: EventRef[] = [];
  const touch = (ref: EventRef): void => {
    if (!refs.some((one) => one.kind === ref.kind && one.id === ref.id)) refs.push(ref);
  };
  return { refs, change: { poolId, revision: row.revision, touch } };
}

async function finish(sql: Sql, { change, refs }: OpenChange): Promise<void> {
  if (refs.length === 0) {
    // Under the lock, so nobody has seen the higher one.
    await sql.query("update pool set revision = revision - 1 where id = $1", [change.poolId]);
    return;
  }
  const text = "insert into pool_event (pool_id, revision, refs) values ($1, $2, $3::jsonb)";
  await sql.query(text, [change.poolId, change.revision, JSON.stringify(refs)]);
}
