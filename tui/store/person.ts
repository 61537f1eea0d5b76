// Who needs a person: endpoints that do not get on by themselves, and pools that have such. Pure.
import { SYNC_STATUSES, type SyncStatus } from "../../domain/drift/sync-status.ts";
import type { Fleet } from "./state.ts";

const FOR_PERSON: ReadonlySet<SyncStatus> = new Set(["pending-approval", "blocked", "degraded", "diverged"]);

/** Whether rows with such an id are endpoints or pools. */
export function isOfMachines({ endpoints, pools }: Pick<Fleet, "endpoints" | "pools">, id: string): boolean {
  return endpoints.has(id) || pools.has(id);
}

/** Of an endpoint or a pool, by id; false for what is neither. */
export function needsPerson({ endpoints, pools }: Pick<Fleet, "endpoints" | "pools">, id: string): boolean {
  const endpoint = endpoints.get(id);
  if (endpoint !== undefined) return FOR_PERSON.has(endpoint.status) || endpoint.inbox > 0;
  const pool = pools.get(id);
  return pool !== undefined && SYNC_STATUSES.some((status) => FOR_PERSON.has(status) && pool.counts[status] > 0);
}

/** Whether marks are of endpoints, so that a deed can be on all of them. */
export function hasMarkedEndpoints({
  state,
  marked,
}: {
  readonly state: { readonly fleet: Pick<Fleet, "endpoints"> };
  readonly marked: ReadonlySet<string>;
}): boolean {
  return marked.values().some((id) => state.fleet.endpoints.has(id));
}
