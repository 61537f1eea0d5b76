// Which endpoints of a pool something happened to since a revision, and the pool's newest target: what decides whose stream
// has to look for work. One statement per moved pool, however many streams the pool has.
import type { Query } from "./content.ts";

export interface PoolMoves {
  readonly revision: number;
  /** 0 while there is none. */
  readonly targetRevision: number;
  /** By endpoint id: whether it is in this pool after the last of them. */
  readonly endpoints: ReadonlyMap<string, boolean>;
}

interface Row {
  readonly revision: number;
  readonly target_revision: number;
  readonly refs: readonly (readonly [id: string, kind: string])[];
}

const SELECT = `select p.revision, p.target_revision, coalesce((
    select jsonb_agg(jsonb_build_array(r.id, r.kind) order by v.revision)
    from pool_event v cross join jsonb_to_recordset(v.refs) as r(kind text, id text)
    where v.pool_id = p.id and v.revision > $2 and r.kind in ('endpoint', 'removed-endpoint')), '[]'::jsonb) as refs
  from pool p where p.id = $1`;

/** Undefined when the pool is gone. */
export async function readMoves(sql: Query, poolId: string, after: number): Promise<PoolMoves | undefined> {
  const [row] = await sql.query<Row>(SELECT, [poolId, after]);
  if (row === undefined) return undefined;
  const endpoints = new Map(row.refs.map(([id, kind]) => [id, kind === "endpoint"]));
  return { revision: row.revision, targetRevision: row.target_revision, endpoints };
}
