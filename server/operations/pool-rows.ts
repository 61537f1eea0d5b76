// Pools as records: their rows, the newest target, and their endpoints counted by status.
import { SYNC_STATUSES, type SyncStatus } from "../../domain/drift/sync-status.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { Upstream } from "../../domain/target/beyond.ts";
import type { Mode } from "../../domain/target/target.ts";
import type { Query } from "./content.ts";
import type { PoolPolicyRow } from "./policy/endpoint-policies.ts";
import type { PoolPolicy, PoolRecord } from "./records.ts";
import { readNewestTargets } from "./target-rows.ts";

/** Where endpoints go whose token names no pool. It is made at the first start and stays. */
export const UNASSIGNED = "unassigned";

export interface PoolRow extends PoolPolicyRow {
  readonly id: string;
  readonly name: string;
  readonly mode: Mode;
  readonly description: string;
  readonly revision: number;
  readonly target_revision: number;
  readonly created_at: Date;
  readonly upstream: Upstream | null;
  readonly stale_after_days: number;
}

const SELECT = `select id, name, mode, description, revision, target_revision, created_at, conflicts, allow_downgrade, apply,
  reboot, windows, missed_window, upstream, stale_after_days from pool`;

/** By id or name. Throws POOL_NOT_FOUND. */
export async function findPool(sql: Query, reference: string): Promise<PoolRow> {
  // An id wins, should someone name a pool like another's id.
  const [row] = await sql.query<PoolRow>(
    `${SELECT} where id::text = $1 or name = $1 order by (id::text = $1) desc limit 1`,
    [reference],
  );
  if (row === undefined) throw new Refusal("POOL_NOT_FOUND", { pool: reference });
  return row;
}

/** By id or name. Throws POOL_NOT_FOUND. */
export async function readPool(sql: Query, reference: string): Promise<PoolRecord> {
  const [record] = await recordsOf(sql, [await findPool(sql, reference)]);
  if (record === undefined) throw new Refusal("POOL_NOT_FOUND", { pool: reference });
  return record;
}

/** By name, those after one. */
export async function readPoolsAfter(
  sql: Query,
  after: string | undefined,
  limit: number,
): Promise<readonly PoolRecord[]> {
  const text = `${SELECT} where $1::text is null or name > $1 order by name limit $2`;
  return recordsOf(sql, await sql.query<PoolRow>(text, [after ?? null, limit]));
}

interface CountRow {
  readonly pool_id: string;
  readonly status: SyncStatus;
  readonly endpoints: number;
  readonly online: number;
}

async function recordsOf(sql: Query, rows: readonly PoolRow[]): Promise<readonly PoolRecord[]> {
  const ids = rows.map((row) => row.id);
  const targets = await readNewestTargets(sql, ids);
  const counts = await sql.query<CountRow>(
    `select pool_id, status, count(*) as endpoints, count(*) filter (where online) as online
     from endpoint where pool_id = any($1::uuid[]) group by pool_id, status`,
    [ids],
  );
  return rows.map((row) =>
    recordOf(
      row,
      targets.get(row.id),
      counts.filter((one) => one.pool_id === row.id),
    ),
  );
}

function recordOf(row: PoolRow, target: PoolRecord["target"], rows: readonly CountRow[]): PoolRecord {
  const counts = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;
  let endpoints = 0;
  let online = 0;
  for (const one of rows) {
    counts[one.status] = one.endpoints;
    endpoints += one.endpoints;
    online += one.online;
  }
  const { id, name, mode, description, revision, created_at: createdAt, stale_after_days: staleAfterDays } = row;
  const upstream = row.upstream ?? undefined;
  const policy = policyOf(row);
  const own = { id, name, mode, description, revision, createdAt, policy, upstream, staleAfterDays };
  return { ...own, target, endpoints, online, counts };
}

function policyOf(row: PoolPolicyRow): PoolPolicy {
  const { conflicts, allow_downgrade: allowDowngrade, apply, reboot, windows, missed_window: missedWindow } = row;
  return { conflicts, allowDowngrade, consent: { apply, reboot, windows, missedWindow } };
}
