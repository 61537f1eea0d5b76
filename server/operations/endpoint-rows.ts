// Endpoints as records: the row, its pool's name, its own view, and the operation under way.
import { type DriftCounts, NO_DRIFT } from "../../domain/drift/drift.ts";
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { ViewDatabase } from "../../domain/view/view.ts";
import type { Query } from "./content.ts";
import type { EndpointRecord } from "./records.ts";

interface EndpointRow {
  readonly id: string;
  readonly name: string;
  readonly pool_id: string;
  readonly pool: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: SyncStatus;
  readonly reasons: readonly string[];
  readonly counts: Partial<DriftCounts>;
  readonly online: boolean;
  readonly last_seen: Date | null;
  readonly agent_version: string;
  readonly package_set_digest: string | null;
  readonly packages: number;
  readonly view_digest: string | null;
  readonly architecture: string | null;
  readonly class: string | null;
  readonly databases: readonly ViewDatabase[] | null;
  readonly apply: string;
  readonly root: string;
  readonly reboot_required: boolean;
  readonly applied_revision: number;
  readonly reported_at: Date | null;
  readonly operation_id: string | null;
  readonly inbox: number;
}

const SELECT = `select e.id, e.name, e.pool_id, p.name as pool, e.labels, e.status, e.reasons, e.counts, e.online, e.last_seen,
  e.agent_version, e.package_set_digest, e.packages, e.view_digest, v.architecture, v.class, v.databases, e.apply, e.root,
  e.reboot_required, e.applied_revision, e.reported_at, o.id as operation_id,
  jsonb_array_length(e.inbox) + jsonb_array_length(e.degraded_because)
    + (e.status in ('blocked', 'pending-approval'))::int as inbox
  from endpoint e join pool p on p.id = e.pool_id
  left join view v on v.digest = e.view_digest
  left join operation o on o.endpoint_id = e.id and o.state in ('pending-approval', 'queued', 'delivered', 'running')`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** By id or name. Throws ENDPOINT_NOT_FOUND. */
export async function readEndpoint(sql: Query, reference: string): Promise<EndpointRecord> {
  const rows = UUID.test(reference)
    ? await sql.query<EndpointRow>(`${SELECT} where e.id = $1`, [reference])
    : await sql.query<EndpointRow>(`${SELECT} where e.name = $1`, [reference]);
  const [row] = rows;
  if (row === undefined) throw new Refusal("ENDPOINT_NOT_FOUND", { endpoint: reference });
  return endpointOf(row);
}

/** By name, those after one, of one pool or of all. */
export async function readEndpointsAfter(
  sql: Query,
  poolId: string | undefined,
  after: string | undefined,
  limit: number,
): Promise<readonly EndpointRecord[]> {
  const rows = await sql.query<EndpointRow>(
    `${SELECT} where ($1::uuid is null or e.pool_id = $1) and ($2::text is null or e.name > $2) order by e.name limit $3`,
    [poolId ?? null, after ?? null, limit],
  );
  return rows.map(endpointOf);
}

/** Those that are there, by id. */
export async function readEndpoints(sql: Query, ids: readonly string[]): Promise<readonly EndpointRecord[]> {
  return (await sql.query<EndpointRow>(`${SELECT} where e.id = any($1::uuid[]) order by e.name`, [ids])).map(
    endpointOf,
  );
}

function endpointOf(row: EndpointRow): EndpointRecord {
  const { architecture, databases } = row;
  const view =
    architecture === null || databases === null ? undefined : { architecture, class: row.class ?? "", databases };
  return {
    id: row.id,
    name: row.name,
    poolId: row.pool_id,
    pool: row.pool,
    labels: row.labels,
    status: row.status,
    reasons: row.reasons,
    online: row.online,
    lastSeen: row.last_seen ?? undefined,
    digest: row.package_set_digest ?? "",
    packages: row.packages,
    counts: { ...NO_DRIFT, ...row.counts },
    view,
    viewDigest: row.view_digest ?? "",
    appliedRevision: row.applied_revision,
    operationId: row.operation_id ?? "",
    agentVersion: row.agent_version,
    rebootRequired: row.reboot_required,
    reportedAt: row.reported_at ?? undefined,
    apply: row.apply,
    root: row.root,
    inbox: row.inbox,
  };
}
