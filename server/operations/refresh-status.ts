// Keeps the endpoints' rows true: drift counts against the pool's newest target, the status, its sentences. Called in every
// transaction that changes what they follow from, so that no reader ever computes them.
import { computeDrift, type DriftContext } from "../../domain/drift/compute-drift.ts";
import type { DriftCounts } from "../../domain/drift/drift.ts";
import { type DriftJudge, makeDriftJudge, makePackageTable } from "../../domain/drift/drift-table.ts";
import { type Target, targetForClass } from "../../domain/target/target.ts";
import type { ArtifactFiles } from "../store/artifact-files.ts";
import { type Content, contentOf, type Query } from "./content.ts";
import { describeStatus, type EndpointStatus } from "./endpoint-status.ts";
import { readNewestTarget } from "./target-rows.ts";

interface Files {
  readonly artifacts: ArtifactFiles;
}

interface StatusRow {
  readonly id: string;
  readonly pool_id: string;
  readonly pool: string;
  readonly package_set_digest: string | null;
  readonly view_digest: string | null;
  readonly class: string | null;
  readonly held: readonly string[];
  readonly health_problems: readonly string[];
  readonly degraded_because: readonly string[];
  readonly refused_because: string;
  readonly operation_state: string | null;
}

const SELECT = `select e.id, e.pool_id, p.name as pool, e.package_set_digest, e.view_digest, v.class, e.held,
  e.health_problems, e.degraded_because, e.refused_because, o.state as operation_state
  from endpoint e join pool p on p.id = e.pool_id
  left join view v on v.digest = e.view_digest
  left join operation o on o.endpoint_id = e.id and o.state in ('pending-approval', 'queued', 'delivered', 'running')`;

/** Brings one endpoint's status, reasons and counts up to date; says whether they changed. The caller touches it then. */
export async function refreshEndpointStatus(store: Files, sql: Query, endpointId: string): Promise<boolean> {
  const [row] = await sql.query<StatusRow>(`${SELECT} where e.id = $1`, [endpointId]);
  if (row === undefined) return false;
  const target = await readNewestTarget(sql, row.pool_id);
  const content = contentOf(store);
  const context = await contextOf(content, sql, row, target);
  let counts: DriftCounts | undefined;
  if (context !== undefined && row.package_set_digest !== null) {
    const installed = await content.packageSet(sql, row.package_set_digest);
    counts = computeDrift({ ...context, installed, held: new Set(row.held) }).counts;
  }
  const changed = await writeStatuses(sql, [{ id: row.id, ...statusOf(row, target, counts) }]);
  return changed.length > 0;
}

/** The same for every endpoint of a pool; gives the ids of those that changed. The caller touches them. */
export async function refreshPoolStatuses(store: Files, sql: Query, poolId: string): Promise<readonly string[]> {
  const rows = await sql.query<StatusRow>(`${SELECT} where e.pool_id = $1 order by e.id`, [poolId]);
  const target = await readNewestTarget(sql, poolId);
  const content = contentOf(store);
  const table = makePackageTable();
  const judges = new Map<string | null, DriftJudge | undefined>();
  const changed: string[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const statuses = [];
    for (const row of rows.slice(at, at + BATCH)) {
      if (!judges.has(row.view_digest)) {
        const context = await contextOf(content, sql, row, target);
        judges.set(row.view_digest, context === undefined ? undefined : makeDriftJudge(table, context));
      }
      const judge = judges.get(row.view_digest);
      let counts: DriftCounts | undefined;
      if (judge !== undefined && row.package_set_digest !== null) {
        const installed = await content.packageSet(sql, row.package_set_digest);
        counts = judge.count(table.intern(installed), new Set(row.held));
      }
      statuses.push({ id: row.id, ...statusOf(row, target, counts) });
    }
    changed.push(...(await writeStatuses(sql, statuses)));
  }
  return changed;
}

/** Endpoints per statement. */
const BATCH = 500;

/** What the endpoint is compared with; undefined when a side is not there or of another class. */
async function contextOf(
  content: Content,
  sql: Query,
  row: StatusRow,
  target: Target | undefined,
): Promise<DriftContext | undefined> {
  const own = target === undefined ? undefined : targetForClass(target, row.class ?? "");
  if (own === undefined || row.view_digest === null) return undefined;
  return driftContext(content, sql, row.view_digest, own);
}

/** `target` is that of the endpoint's class. Undefined while a view's databases have not all been uploaded. */
export async function driftContext(
  content: Content,
  sql: Query,
  ownViewDigest: string,
  target: Target,
): Promise<DriftContext | undefined> {
  const ownView = await content.viewIndex(sql, ownViewDigest);
  const targetView = await content.viewIndex(sql, target.viewDigest);
  if (ownView === undefined || targetView === undefined) return undefined;
  const targetSet = await content.packageSet(sql, target.packageSetDigest);
  return { ownView, targetView, targetSet, target };
}

function statusOf(row: StatusRow, target: Target | undefined, counts: DriftCounts | undefined): EndpointStatus {
  return describeStatus({
    pool: row.pool,
    target,
    class: row.class ?? "",
    hasReport: row.package_set_digest !== null,
    counts,
    operationState: row.operation_state ?? undefined,
    healthProblems: row.health_problems,
    degradedBecause: row.degraded_because,
    refusedBecause: row.refused_because,
  });
}

async function writeStatuses(
  sql: Query,
  statuses: readonly (EndpointStatus & { readonly id: string })[],
): Promise<readonly string[]> {
  const rows = await sql.query<{ id: string }>(
    `update endpoint e set status = n.status, reasons = n.reasons, counts = n.counts
     from jsonb_to_recordset($1::jsonb) as n(id uuid, status text, reasons jsonb, counts jsonb)
     where e.id = n.id and (e.status, e.reasons, e.counts) is distinct from (n.status, n.reasons, n.counts)
     returning e.id`,
    [JSON.stringify(statuses)],
  );
  return rows.map((row) => row.id);
}
