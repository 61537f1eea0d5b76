// Keeps the endpoints' rows true: drift counts against the pool's newest target, the status, its sentences, the policy that
// rules and conflicts add up to. Called in every transaction that changes what they follow from, so that no reader ever
// computes them.
import type { Policy } from "../../domain/policy/policy.ts";
import type { Target } from "../../domain/target/target.ts";
import type { ArtifactFiles } from "../store/artifact-files.ts";
import { type Content, contentOf, type Query } from "./content.ts";
import { describeStatus, type EndpointStatus } from "./endpoint-status.ts";
import { type BaseMove, moveBases } from "./policy/base-builds.ts";
import { readPoolRules, type StoredPolicy, storedPolicy } from "./policy/endpoint-policies.ts";
import {
  type EndpointJudge,
  type JudgedEndpoint,
  type JudgedRow,
  makeEndpointJudge,
} from "./policy/judge-endpoints.ts";
import { readNewestTarget } from "./target-rows.ts";

interface Files {
  readonly artifacts: ArtifactFiles;
}

interface StatusRow extends JudgedRow {
  readonly applied_revision: number;
  readonly policy: Policy;
  readonly policy_digest: string;
  readonly pool: string;
  readonly health_problems: readonly string[];
  readonly degraded_because: readonly string[];
  readonly refused_because: string;
  readonly operation_state: string | null;
}

const SELECT = `select e.id, e.pool_id, p.name as pool, e.package_set_digest, e.view_digest, v.class, e.held, e.labels,
  e.conflicts as decisions, e.base_revision, e.base_carried, e.applied_revision, e.policy, e.policy_digest, p.conflicts, p.allow_downgrade, p.apply, p.reboot, p.windows, p.missed_window,
  e.health_problems, e.degraded_because, e.refused_because, o.state as operation_state
  from endpoint e join pool p on p.id = e.pool_id
  left join view v on v.digest = e.view_digest
  left join operation o on o.endpoint_id = e.id and o.state in ('pending-approval', 'queued', 'delivered', 'running')`;

/** Brings one endpoint's status, reasons and counts up to date; says whether they changed. The caller touches it then. */
export async function refreshEndpointStatus(store: Files, sql: Query, endpointId: string): Promise<boolean> {
  const rows = await sql.query<StatusRow>(`${SELECT} where e.id = $1`, [endpointId]);
  return (await refreshRows(store, sql, rows)).length > 0;
}

/** The same for every endpoint of a pool; gives the ids of those that changed. The caller touches them. */
export async function refreshPoolStatuses(store: Files, sql: Query, poolId: string): Promise<readonly string[]> {
  return refreshRows(store, sql, await sql.query<StatusRow>(`${SELECT} where e.pool_id = $1 order by e.id`, [poolId]));
}

/** Endpoints per statement. */
const BATCH = 500;

/** Endpoints of one pool. */
async function refreshRows(store: Files, sql: Query, rows: readonly StatusRow[]): Promise<readonly string[]> {
  const poolId = rows[0]?.pool_id;
  if (poolId === undefined) return [];
  const target = await readNewestTarget(sql, poolId);
  const rules = await readPoolRules(sql, poolId);
  const content = contentOf(store);
  const { judge, frozen } = makeEndpointJudge({ content, sql, rules, target, isFleet: rows.length > 1 });
  const changed: string[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const statuses: WrittenStatus[] = [];
    for (const read of rows.slice(at, at + BATCH)) {
      const row = await moveToApplied(content, sql, read, frozen);
      const judged = await judge(row);
      statuses.push({ id: row.id, row, judged, ...statusOf(row, target, judged) });
    }
    changed.push(...(await writeStatuses(sql, statuses)));
    await moveToReached(content, sql, statuses, target, frozen);
  }
  return changed;
}

function statusOf(row: StatusRow, target: Target | undefined, { counts, undecided }: JudgedEndpoint): EndpointStatus {
  return describeStatus({
    pool: row.pool,
    target,
    class: row.class ?? "",
    hasReport: row.package_set_digest !== null,
    counts,
    undecided,
    operationState: row.operation_state ?? undefined,
    healthProblems: row.health_problems,
    degradedBecause: row.degraded_because,
    refusedBecause: row.refused_because,
  });
}

interface WrittenStatus extends EndpointStatus {
  readonly id: string;
  readonly row: StatusRow;
  readonly judged: JudgedEndpoint;
}

async function writeStatuses(sql: Query, statuses: readonly WrittenStatus[]): Promise<readonly string[]> {
  const written = statuses.map(({ id, status, reasons, counts, judged: { stored, undecided } }) => ({
    id,
    status,
    reasons,
    counts,
    undecided,
    ...columnsOf(stored),
  }));
  const rows = await sql.query<{ id: string }>(
    `update endpoint e set status = n.status, reasons = n.reasons, counts = n.counts, undecided = n.undecided,
       policy = n.policy, policy_digest = n.policy_digest
     from jsonb_to_recordset($1::jsonb) as n(id uuid, status text, reasons jsonb, counts jsonb, undecided jsonb,
       policy jsonb, policy_digest text)
     where e.id = n.id and (e.status, e.reasons, e.counts, e.undecided, e.policy_digest)
       is distinct from (n.status, n.reasons, n.counts, n.undecided, n.policy_digest)
     returning e.id`,
    [JSON.stringify(written)],
  );
  return rows.map((row) => row.id);
}

function columnsOf({ policy, digest }: StoredPolicy): { readonly policy: object; readonly policy_digest: string } {
  return { policy: digest === "" ? {} : policy, policy_digest: digest };
}

/** An operation brought it to a target. Before it is judged: what the target brought is no deed of the endpoint's own. */
async function moveToApplied(
  content: Content,
  sql: Query,
  row: StatusRow,
  frozen: EndpointJudge["frozen"],
): Promise<StatusRow> {
  if (row.applied_revision <= row.base_revision) return row;
  const move = {
    row,
    revision: row.applied_revision,
    frozen: await frozen(row, storedPolicy(row.policy, row.policy_digest).policy.keep),
  };
  const [moved] = await moveBases(content, sql, [move]);
  return moved === undefined ? row : { ...row, base_revision: moved.base_revision, base_carried: moved.base_carried };
}

/** Whoever has every version of a target has it as the base of later conflicts, however it came to them. */
async function moveToReached(
  content: Content,
  sql: Query,
  statuses: readonly WrittenStatus[],
  target: Target | undefined,
  frozen: EndpointJudge["frozen"],
): Promise<void> {
  if (target === undefined) return;
  const moves: BaseMove[] = [];
  for (const { row, judged } of statuses) {
    const { counts, stored } = judged;
    if (counts === undefined || row.base_revision === target.revision) continue;
    if (counts.older + counts.newer + counts.rebuilt > 0) continue;
    moves.push({ row, revision: target.revision, frozen: await frozen(row, stored.policy.keep) });
  }
  await moveBases(content, sql, moves);
}
