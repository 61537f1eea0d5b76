// The machine behind a name was reinstalled: the row stays, whatever belonged to the old installation ends.
import type { PoolChange } from "../../store/change-pool.ts";
import type { Sql } from "../../store/database.ts";

export interface Replacement {
  readonly id: string;
  readonly poolId: string;
  readonly into: PoolChange;
  readonly from: PoolChange;
}

export async function replaceEndpoint(sql: Sql, { id, poolId, into, from }: Replacement): Promise<void> {
  // The new epoch ends the old installation's stream, should it still have one.
  await sql.query(
    `update endpoint set pool_id = $2, key_hash = '', session_epoch = session_epoch + 1, online = false, instance = '',
       applied_revision = 0, base_revision = 0, base_carried = '{}', conflicts = '[]', degraded_because = '[]', refused_because = '', health_problems = '[]' where id = $1`,
    [id, poolId],
  );
  const ended = await sql.query<{ id: string }>(
    `update operation set state = 'failed', finished_at = now(), problems = $2::jsonb
     where endpoint_id = $1 and state in ('pending-approval', 'queued', 'delivered', 'running', 'interrupted') returning id`,
    [id, JSON.stringify(["the machine was enrolled anew while the operation was open"])],
  );
  await sql.query("update command set acknowledged = 'refused' where endpoint_id = $1 and acknowledged is null", [id]);
  for (const operation of ended) into.touch({ kind: "operation", id: operation.id });
  if (from === into) return;
  from.touch({ kind: "removed-endpoint", id });
  from.touch({ kind: "pool", id: from.poolId });
}
