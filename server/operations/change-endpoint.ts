// Changes of one endpoint inside its pool's change. Whoever speaks for its agent names the session's epoch: a newer session
// makes every write of the older one fail.
import { Refusal } from "../../domain/refusal.ts";
import { changePool, type PoolChange } from "../store/change-pool.ts";
import type { Sql } from "../store/database.ts";
import type { Store } from "../store/store.ts";
import type { Query } from "./content.ts";

export interface EndpointRow {
  readonly id: string;
  readonly name: string;
  readonly pool_id: string;
  readonly online: boolean;
  readonly session_epoch: number;
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
  readonly command_sequence: number;
  readonly apply: string;
}

export interface EndpointChange {
  readonly sql: Sql;
  readonly change: PoolChange;
  /** As it is under the lock. */
  readonly endpoint: EndpointRow;
}

/** Which endpoint, and for an agent as which of its sessions. */
export interface EndpointAs {
  readonly endpointId: string;
  readonly epoch?: number;
}

/** An endpoint that is moved again and again while we look is not worth more. */
const MAX_LOOKS = 5;

const SELECT = `select id, name, pool_id, online, session_epoch, package_set_digest, view_digest, command_sequence, apply
  from endpoint where id = $1`;

/** Throws ENDPOINT_NOT_FOUND; with an epoch SUPERSEDED when a newer session was opened. */
export async function changeEndpoint<Result>(
  store: Store,
  as: EndpointAs,
  work: (change: EndpointChange) => Promise<Result>,
): Promise<Result> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    // The pool's lock comes before the endpoint's, so the pool has to be known first and checked again under its lock.
    const poolId = await poolOf(store.database, as.endpointId);
    const done = await changePool(store, poolId, async (sql, change) => {
      const [endpoint] = await sql.query<EndpointRow>(`${SELECT} for update`, [as.endpointId]);
      if (endpoint === undefined) throw notFound(as.endpointId);
      if (endpoint.pool_id !== poolId) return undefined;
      if (as.epoch !== undefined && endpoint.session_epoch !== as.epoch) throw superseded(as.endpointId);
      return { result: await work({ sql, change, endpoint }) };
    }).catch((error: unknown) => {
      // Its pool was deleted after it had moved on.
      if (error instanceof Refusal && error.reason === "POOL_NOT_FOUND") return undefined;
      throw error;
    });
    if (done !== undefined) return done.result;
  }
  throw new Refusal("THROTTLED");
}

async function poolOf(sql: Query, endpointId: string): Promise<string> {
  const [row] = await sql.query<{ pool_id: string }>("select pool_id from endpoint where id = $1", [endpointId]);
  if (row === undefined) throw notFound(endpointId);
  return row.pool_id;
}

/** By id or name. Throws ENDPOINT_NOT_FOUND. */
export async function endpointIdOf(sql: Query, reference: string): Promise<string> {
  const [row] = await sql.query<{ id: string }>(
    "select id from endpoint where id::text = $1 or name = $1 order by (id::text = $1) desc limit 1",
    [reference],
  );
  if (row === undefined) throw notFound(reference);
  return row.id;
}

function notFound(endpoint: string): Refusal {
  return new Refusal("ENDPOINT_NOT_FOUND", { endpoint });
}

export function superseded(endpoint: string): Refusal {
  return new Refusal("SUPERSEDED", { endpoint });
}
