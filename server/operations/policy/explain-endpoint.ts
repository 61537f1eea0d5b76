// One endpoint's drift as people see it: its rules applied, what conflicts keep, and a word on every conflict.
import { computeDrift } from "../../../domain/drift/compute-drift.ts";
import type { Drift, DriftItem } from "../../../domain/drift/drift.ts";
import type { PackageSet } from "../../../domain/package-set/package-set.ts";
import type { ConflictMode, Decision, ResolvedConflict } from "../../../domain/policy/resolve-conflicts.ts";
import { resolvePolicy } from "../../../domain/policy/resolve-policy.ts";
import { Refusal } from "../../../domain/refusal.ts";
import { type Target, targetForClass } from "../../../domain/target/target.ts";
import { type Content, contentOf, type Query } from "../content.ts";
import { driftContext } from "../drift-context.ts";
import type { EndpointRecord } from "../records.ts";
import { readNewestTarget } from "../target-rows.ts";
import type { BaseRow } from "./base-builds.ts";
import { endpointConflicts } from "./endpoint-conflicts.ts";
import { readEndpointPolicy } from "./endpoint-policies.ts";

export interface ExplainedEndpoint {
  readonly drift: Drift;
  readonly conflicts: readonly ResolvedConflict[];
  readonly targetRevision: number;
}

interface ConflictRow extends BaseRow {
  readonly held: readonly string[];
  readonly decisions: readonly Decision[];
  readonly conflicts: ConflictMode;
}

/**
 * Undefined when the pool has no target. Refuses NO_REPORT before the first whole report, CLASS_UNKNOWN when the target has
 * no view for the endpoint.
 */
export async function explainEndpoint(
  store: Parameters<typeof contentOf>[0],
  sql: Query,
  endpoint: EndpointRecord,
): Promise<ExplainedEndpoint | undefined> {
  const content = contentOf(store);
  if (endpoint.digest === "") throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
  const newest = await readNewestTarget(sql, endpoint.poolId);
  if (newest === undefined) return undefined;
  const target = ownTarget(newest, endpoint);
  const bare = endpoint.viewDigest === "" ? undefined : await driftContext(content, sql, endpoint.viewDigest, target);
  if (bare === undefined) throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
  const installed = await content.packageSet(sql, endpoint.digest);
  const row = await readRow(sql, endpoint.id);
  const { policy } = await readEndpointPolicy(sql, endpoint.id);
  const held = new Set(row.held);
  const context = { ...bare, policy: resolvePolicy(policy, installed, bare, held) };
  const drift = computeDrift({ ...context, installed, held });
  const subject = { installed, held, context, targetRevision: target.revision };
  const conflicts = await conflictsOf(content, sql, row, subject, drift);
  const kept = new Map(conflicts.filter((one) => one.take === "current").map((one) => [one.name, one.why]));
  const shown = kept.size === 0 ? drift : computeDrift({ ...context, installed, held, kept });
  return { drift: withNotes(shown, conflicts), conflicts, targetRevision: target.revision };
}

function ownTarget(newest: Target, endpoint: EndpointRecord): Target {
  const ofClass = endpoint.view?.class ?? "";
  if (ofClass === "") throw new Refusal("NO_REPORT", { endpoint: endpoint.name });
  const target = targetForClass(newest, ofClass);
  if (target === undefined) throw new Refusal("CLASS_UNKNOWN", { class: ofClass });
  return target;
}

async function readRow(sql: Query, endpointId: string): Promise<ConflictRow> {
  const [row] = await sql.query<ConflictRow>(
    `select e.id, e.pool_id, v.class, e.held, e.base_revision, e.base_carried, e.conflicts as decisions, p.conflicts
     from endpoint e join pool p on p.id = e.pool_id left join view v on v.digest = e.view_digest where e.id = $1`,
    [endpointId],
  );
  if (row === undefined) throw new Refusal("ENDPOINT_NOT_FOUND", { endpoint: endpointId });
  return row;
}

interface Subject {
  readonly installed: PackageSet;
  readonly held: ReadonlySet<string>;
  readonly context: Parameters<typeof endpointConflicts>[2]["context"];
  readonly targetRevision: number;
}

function conflictsOf(
  content: Content,
  sql: Query,
  row: ConflictRow,
  subject: Subject,
  drift: Drift,
): Promise<readonly ResolvedConflict[]> {
  const { conflicts: mode, decisions } = row;
  return endpointConflicts(content, sql, { ...subject, base: row, mode, decisions }, drift);
}

function withNotes(drift: Drift, conflicts: readonly ResolvedConflict[]): Drift {
  if (conflicts.length === 0) return drift;
  const notes = new Map(conflicts.map((one) => [one.name, one.why]));
  const items = drift.items.map((item): DriftItem => {
    const note = notes.get(item.name);
    return note === undefined ? item : { ...item, note };
  });
  return { ...drift, items };
}
