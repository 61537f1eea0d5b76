// Changes one endpoint under its pool's lock. The pool is only known after a look, and the endpoint may move between the
// look and the lock: then it looks again.
import { Refusal } from "../../domain/refusal.ts";
import { changePools, type PoolChange } from "../store/change-pool.ts";
import type { Sql } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import { readEndpoint } from "./endpoint-rows.ts";
import type { EndpointRecord } from "./records.ts";

/** Nobody moves one endpoint that often at once. */
const ATTEMPTS = 5;

/** `others` are further pools to lock. Throws ENDPOINT_NOT_FOUND, and POOL_NOT_FOUND when another pool is gone. */
export async function changeNamedEndpoint<Result>(
  store: Store,
  reference: string,
  others: readonly string[],
  work: (sql: Sql, endpoint: EndpointRecord, change: (poolId: string) => PoolChange) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const { id, poolId } = await readEndpoint(store.database, reference);
    const outcome = await changePools(store, [poolId, ...others], async (sql, changes) => {
      await sql.query("select 1 from endpoint where id = $1 for update", [id]);
      const endpoint = await readEndpoint(sql, id);
      if (endpoint.poolId !== poolId) return undefined;
      const changeOf = (wanted: string): PoolChange => {
        const change = changes.find((one) => one.poolId === wanted);
        if (change === undefined) throw new Error(`changing endpoint ${id}: pool ${wanted} is not locked`);
        return change;
      };
      return { result: await work(sql, endpoint, changeOf) };
    });
    if (outcome !== undefined) return outcome.result;
    if (attempt >= ATTEMPTS) throw new Refusal("THROTTLED");
  }
}

/** An endpoint that changed shows in its pool's counts as well. */
export function touchEndpoint(change: PoolChange, endpointId: string): void {
  change.touch({ kind: "endpoint", id: endpointId });
  change.touch({ kind: "pool", id: change.poolId });
}
