// Targets as rows, with their views.
import type { ClassView, Mode, Target } from "../../domain/target/target.ts";
import type { View, ViewDatabase } from "../../domain/view/view.ts";
import type { Query } from "./content.ts";

interface TargetRow {
  readonly pool_id: string;
  readonly revision: number;
  readonly mode: Mode;
  readonly view_digest: string;
  readonly architecture: string;
  readonly class: string;
  readonly databases: readonly ViewDatabase[];
  /** Null when the pool had one class. */
  readonly other_views: readonly (View & { readonly digest: string })[] | null;
  readonly pins: readonly (readonly [string, string])[];
  readonly shared: readonly string[];
  readonly package_set_digest: string;
  readonly source_endpoint_id: string;
  readonly source_endpoint: string;
  readonly author: string;
  readonly message: string;
  readonly bad: boolean;
  readonly restores_revision: number;
  readonly created_at: Date;
}

const SELECT = `select t.pool_id, t.revision, t.mode, t.view_digest, v.architecture, v.class, v.databases, t.pins, t.shared,
  t.package_set_digest, t.source_endpoint_id, t.source_endpoint, t.author, t.message, t.bad, t.restores_revision, t.created_at,
  (select jsonb_agg(jsonb_build_object('digest', o.digest, 'architecture', o.architecture, 'class', c.class,
      'databases', o.databases) order by c.class)
    from target_view c join view o on o.digest = c.view_digest
    where c.pool_id = t.pool_id and c.revision = t.revision) as other_views
  from target t join view v on v.digest = t.view_digest`;

/** The target that a pool should have reached; undefined before the first. */
export async function readNewestTarget(sql: Query, poolId: string): Promise<Target | undefined> {
  const [row] = await sql.query<TargetRow>(`${SELECT} where t.pool_id = $1 order by t.revision desc limit 1`, [poolId]);
  return row === undefined ? undefined : targetOf(row);
}

/** The newest targets of many pools, by pool id. */
export async function readNewestTargets(sql: Query, poolIds: readonly string[]): Promise<ReadonlyMap<string, Target>> {
  const text = `${SELECT} join pool p on p.id = t.pool_id and p.target_revision = t.revision where p.id = any($1::uuid[])`;
  const rows = await sql.query<TargetRow>(text, [poolIds]);
  return new Map(rows.map((row) => [row.pool_id, targetOf(row)]));
}

export async function readTarget(sql: Query, poolId: string, revision: number): Promise<Target | undefined> {
  const [row] = await sql.query<TargetRow>(`${SELECT} where t.pool_id = $1 and t.revision = $2`, [poolId, revision]);
  return row === undefined ? undefined : targetOf(row);
}

/** Newest first, below a revision. */
export async function readTargetsBelow(
  sql: Query,
  poolId: string,
  below: number,
  limit: number,
): Promise<readonly Target[]> {
  const text = `${SELECT} where t.pool_id = $1 and t.revision < $2 order by t.revision desc limit $3`;
  return (await sql.query<TargetRow>(text, [poolId, below, limit])).map(targetOf);
}

function targetOf(row: TargetRow): Target {
  return {
    revision: row.revision,
    mode: row.mode,
    view: { architecture: row.architecture, class: row.class, databases: row.databases },
    viewDigest: row.view_digest,
    otherViews: (row.other_views ?? []).map(
      ({ digest, architecture, class: ofClass, databases }): ClassView => ({
        view: { architecture, class: ofClass, databases },
        digest,
      }),
    ),
    pins: new Map(row.pins),
    shared: row.shared,
    packageSetDigest: row.package_set_digest,
    sourceEndpointId: row.source_endpoint_id,
    sourceEndpoint: row.source_endpoint,
    author: row.author,
    message: row.message,
    createdAtMs: row.created_at.getTime(),
    bad: row.bad,
    restoresRevision: row.restores_revision,
  };
}

/** Appends a revision and makes it the pool's newest. The caller holds the pool's row. */
export async function insertTarget(sql: Query, poolId: string, target: Target): Promise<void> {
  await sql.query(
    `insert into target (pool_id, revision, mode, view_digest, pins, shared, package_set_digest, source_endpoint_id,
       source_endpoint, author, message, bad, restores_revision)
     values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9, $10, $11, $12, $13)`,
    [
      poolId,
      target.revision,
      target.mode,
      target.viewDigest,
      JSON.stringify([...target.pins]),
      JSON.stringify(target.shared),
      target.packageSetDigest,
      target.sourceEndpointId,
      target.sourceEndpoint,
      target.author,
      target.message,
      target.bad,
      target.restoresRevision,
    ],
  );
  await sql.query(
    `insert into target_view (pool_id, revision, class, view_digest)
     select $1, $2, n.class, n.digest from jsonb_to_recordset($3::jsonb) as n(class text, digest text)`,
    [
      poolId,
      target.revision,
      JSON.stringify(target.otherViews.map(({ view, digest }) => ({ class: view.class, digest }))),
    ],
  );
  await sql.query("update pool set target_revision = $2 where id = $1", [poolId, target.revision]);
}
