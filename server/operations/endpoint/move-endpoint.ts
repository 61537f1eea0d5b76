import { Refusal } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import { readEndpoint } from "../endpoint-rows.ts";
import { findAnswer, idempotent } from "../idempotent.ts";
import { changeNamedEndpoint, touchEndpoint } from "../lock-endpoint.ts";
import { findPool } from "../pool-rows.ts";
import type { EndpointRecord, Mutation } from "../records.ts";
import { refreshEndpointStatus } from "../refresh-status.ts";

export type MoveEndpointInput = Mutation & { readonly endpoint: string; readonly pool: string };

/** Puts an endpoint into another pool; its packages stay. Refuses OPERATION_RUNNING: that operation is the old pool's. */
export async function moveEndpoint(store: Store, input: MoveEndpointInput): Promise<EndpointRecord> {
  const request = { deed: "move-endpoint", endpoint: input.endpoint, pool: input.pool };
  const earlier = await findAnswer<string>(store.database, input, request);
  if (earlier !== undefined) return readEndpoint(store.database, earlier.value);
  const { id: poolId } = await findPool(store.database, input.pool);
  const id = await changeNamedEndpoint(store, input.endpoint, [poolId], (sql, endpoint, changeOf) =>
    idempotent(sql, input, request, async () => {
      if (endpoint.poolId === poolId) return endpoint.id;
      if (endpoint.operationId !== "") {
        throw new Refusal("OPERATION_RUNNING", { operation: endpoint.operationId, endpoint: endpoint.name });
      }
      // Revisions count within a pool.
      const text =
        "update endpoint set pool_id = $2, applied_revision = 0, base_revision = 0, base_carried = '{}', conflicts = '[]', refused_because = '' where id = $1";
      await sql.query(text, [endpoint.id, poolId]);
      await refreshEndpointStatus(store, sql, endpoint.id);
      const left = changeOf(endpoint.poolId);
      left.touch({ kind: "removed-endpoint", id: endpoint.id });
      left.touch({ kind: "pool", id: left.poolId });
      touchEndpoint(changeOf(poolId), endpoint.id);
      return endpoint.id;
    }),
  );
  return readEndpoint(store.database, id);
}
