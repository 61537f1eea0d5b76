// What a watcher reads: a pool whole, or all that changed in it after a revision. Each in one snapshot of the database, so
// that what one change did is never seen in halves.
import type { Store } from "../store/store.ts";
import { endpointIdOf } from "./change-endpoint.ts";
import type { Query } from "./content.ts";
import { readEndpoints, readEndpointsAfter } from "./endpoint-rows.ts";
import { FINISHED_STATES, type OperationRow, operationRecord, SELECT_OPERATION } from "./operation-rows.ts";
import { findPool, readPool } from "./pool-rows.ts";
import type { EndpointRecord, OperationRecord, PoolRecord } from "./records.ts";

/** Which of a pool's things a watcher wants. */
export interface WatchFilter {
  /** Pools only. */
  readonly isSummary: boolean;
  /** Besides pools only this endpoint and its operations. */
  readonly endpointId: string | undefined;
}

export type WatchedThing =
  | { readonly kind: "pool"; readonly pool: PoolRecord }
  | { readonly kind: "endpoint"; readonly endpoint: EndpointRecord }
  | { readonly kind: "operation"; readonly operation: OperationRecord }
  /** Left this pool; it may be in another. */
  | { readonly kind: "removed-endpoint"; readonly id: string };

export interface PoolSnapshot {
  readonly revision: number;
  readonly things: readonly WatchedThing[];
}

/** What happened in a pool after a revision. */
export type PoolChanges =
  | { readonly kind: "changed"; readonly revision: number; readonly things: readonly WatchedThing[] }
  | { readonly kind: "quiet"; readonly revision: number }
  /** Events up to this revision are gone, or the revision is none of this database's: read the snapshot. */
  | { readonly kind: "compacted"; readonly compactRevision: number }
  | { readonly kind: "gone" };

export interface WatchReads {
  readonly incarnation: string;
  /** Ids for ids or names. Throws POOL_NOT_FOUND. */
  readonly poolIds: (references: readonly string[]) => Promise<readonly string[]>;
  readonly allPoolIds: () => Promise<readonly string[]>;
  /** Throws ENDPOINT_NOT_FOUND. */
  readonly endpointId: (reference: string) => Promise<string>;
  /** Undefined when the pool is gone. */
  readonly snapshot: (poolId: string, filter: WatchFilter) => Promise<PoolSnapshot | undefined>;
  readonly changes: (poolId: string, afterRevision: number, filter: WatchFilter) => Promise<PoolChanges>;
}

export function makeWatchReads(store: Store): WatchReads {
  const { database } = store;
  return {
    incarnation: database.incarnation,
    poolIds: async (references) => {
      const ids: string[] = [];
      for (const reference of references) ids.push((await findPool(database, reference)).id);
      return ids;
    },
    allPoolIds: async () =>
      (await database.query<{ id: string }>("select id from pool order by name")).map((row) => row.id),
    endpointId: (reference) => endpointIdOf(database, reference),
    snapshot: (poolId, filter) => database.snapshot((sql) => readSnapshot(sql, poolId, filter)),
    changes: (poolId, after, filter) => database.snapshot((sql) => readChanges(sql, poolId, after, filter)),
  };
}

interface PoolMarks {
  readonly revision: number;
  readonly compact_revision: number;
}

async function marksOf(sql: Query, poolId: string): Promise<PoolMarks | undefined> {
  if (!UUID.test(poolId)) return undefined;
  const [marks] = await sql.query<PoolMarks>("select revision, compact_revision from pool where id = $1", [poolId]);
  return marks;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function readSnapshot(sql: Query, poolId: string, filter: WatchFilter): Promise<PoolSnapshot | undefined> {
  const marks = await marksOf(sql, poolId);
  if (marks === undefined) return undefined;
  const { revision } = marks;
  const pool: WatchedThing = { kind: "pool", pool: await readPool(sql, poolId) };
  if (filter.isSummary) return { revision, things: [pool] };
  const endpoints = await endpointsOf(sql, poolId, filter.endpointId);
  const operations = await sql.query<OperationRow>(
    `${SELECT_OPERATION} where o.pool_id = $1 and ($2::uuid is null or o.endpoint_id = $2)
       and (o.state <> all($3::text[]) or o.created_at > now() - interval '${RECENT}')
     order by o.created_at desc limit $4`,
    [poolId, filter.endpointId ?? null, FINISHED_STATES, MAX_OPERATIONS],
  );
  const things = [pool, ...endpoints.map(endpointThing), ...operations.map(operationThing)];
  return { revision, things };
}

/** Finished operations that a screen shows at once; older ones are asked for by the page. */
const RECENT = "1 day";
const MAX_OPERATIONS = 2_000;
/** Endpoints of one query. */
const BATCH = 1_000;

async function endpointsOf(
  sql: Query,
  poolId: string,
  endpointId: string | undefined,
): Promise<readonly EndpointRecord[]> {
  if (endpointId !== undefined) return inPool(poolId, await readEndpoints(sql, [endpointId]));
  const all: EndpointRecord[] = [];
  for (;;) {
    const some = await readEndpointsAfter(sql, poolId, all.at(-1)?.name, BATCH);
    all.push(...some);
    if (some.length < BATCH) return all;
  }
}

function inPool(poolId: string, endpoints: readonly EndpointRecord[]): readonly EndpointRecord[] {
  return endpoints.filter((one) => one.poolId === poolId);
}

interface Ref {
  readonly kind: "pool" | "endpoint" | "operation" | "removed-endpoint" | "removed-pool";
  readonly id: string;
}

async function readChanges(sql: Query, poolId: string, after: number, filter: WatchFilter): Promise<PoolChanges> {
  const marks = await marksOf(sql, poolId);
  if (marks === undefined) return { kind: "gone" };
  const { revision, compact_revision: compactRevision } = marks;
  if (after === revision) return { kind: "quiet", revision };
  // A revision of the future is one of a database that was thrown away.
  if (after < compactRevision || after > revision) return { kind: "compacted", compactRevision };
  const refs = await sql.query<Ref>(
    `select distinct ref.kind, ref.id from pool_event
     cross join jsonb_to_recordset(refs) as ref(kind text, id text) where pool_id = $1 and revision > $2`,
    [poolId, after],
  );
  // Always: its revision moved, and its endpoints are counted in it.
  const pool: WatchedThing = { kind: "pool", pool: await readPool(sql, poolId) };
  const touched = filter.isSummary ? [] : await readTouched(sql, poolId, refs, filter.endpointId);
  return { kind: "changed", revision, things: [pool, ...touched] };
}

async function readTouched(
  sql: Query,
  poolId: string,
  refs: readonly Ref[],
  onlyEndpoint: string | undefined,
): Promise<readonly WatchedThing[]> {
  const wanted = refs
    .filter((ref) => ref.kind === "endpoint" || ref.kind === "removed-endpoint")
    .map((ref) => ref.id)
    .filter((id) => onlyEndpoint === undefined || id === onlyEndpoint);
  const endpointIds = [...new Set(wanted)];
  const endpoints = inPool(poolId, await readEndpoints(sql, endpointIds));
  const here = new Set(endpoints.map((one) => one.id));
  const operationIds = refs.filter((ref) => ref.kind === "operation").map((ref) => ref.id);
  const operations = await sql.query<OperationRow>(
    `${SELECT_OPERATION} where o.id = any($1::uuid[]) and ($2::uuid is null or o.endpoint_id = $2) order by o.created_at`,
    [operationIds, onlyEndpoint ?? null],
  );
  return [
    ...endpointIds.filter((id) => !here.has(id)).map((id): WatchedThing => ({ kind: "removed-endpoint", id })),
    ...endpoints.map(endpointThing),
    ...operations.map(operationThing),
  ];
}

function endpointThing(endpoint: EndpointRecord): WatchedThing {
  return { kind: "endpoint", endpoint };
}

function operationThing(row: OperationRow): WatchedThing {
  return { kind: "operation", operation: operationRecord(row) };
}
