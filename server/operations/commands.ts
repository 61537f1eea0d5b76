// Orders for agents as durable rows: numbered per endpoint, delivered at least once and in order, deduplicated by the agent.
import { randomUUID } from "node:crypto";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { Policy } from "../../domain/policy/policy.ts";
import { type Target, targetForClass } from "../../domain/target/target.ts";
import type { Store } from "../store/store.ts";
import { contentOf, type Query } from "./content.ts";
import { readPlans } from "./plans.ts";
import { type StoredPolicy, storedPolicy } from "./policy/endpoint-policies.ts";
import type { SessionRef } from "./sessions.ts";
import { readNewestTarget } from "./target-rows.ts";

/** After this time an agent refuses the order: what a person approved is about the machine of today. */
const NOT_AFTER = "1 hour";

/** Appends an order; the caller holds the endpoint's row. */
export async function appendCommand(
  sql: Query,
  endpointId: string,
  command: { readonly kind: "start" | "cancel"; readonly operationId: string },
): Promise<void> {
  const [row] = await sql.query<{ command_sequence: number }>(
    "update endpoint set command_sequence = command_sequence + 1 where id = $1 returning command_sequence",
    [endpointId],
  );
  await sql.query(
    `insert into command (endpoint_id, sequence, command_id, operation_id, kind, not_after)
     values ($1, $2, $3, $4, $5, now() + interval '${NOT_AFTER}')`,
    [endpointId, row?.command_sequence ?? 0, randomUUID(), command.operationId, command.kind],
  );
}

/** An order as the agent gets it. */
export type PendingCommand = {
  readonly sequence: number;
  readonly commandId: string;
  readonly notAfter: Date;
  readonly operationId: string;
} & ({ readonly kind: "start"; readonly fence: number; readonly plan: Plan } | { readonly kind: "cancel" });

export interface PendingTarget {
  /** Undefined when the pool has none. */
  readonly target: Target | undefined;
  /** In mirror mode the set to reach. */
  readonly packageSet: PackageSet | undefined;
  readonly policy: StoredPolicy;
}

/** What waits for an agent: a target that it does not hold, and orders after the last one sent. */
export interface PendingWork {
  readonly target: PendingTarget | undefined;
  readonly commands: readonly PendingCommand[];
}

export interface HeldWork {
  readonly targetRevision: number;
  /** Of the policy that the agent holds; absent or empty for none. */
  readonly policyDigest?: string;
  readonly afterCommand: number;
  readonly limit: number;
}

interface PendingRow {
  readonly pool_id: string;
  readonly target_revision: number;
  readonly class: string | null;
  readonly policy: Policy;
  readonly policy_digest: string;
}

/** Read in one moment. An older session gets nothing: its stream is about to end. */
export function pendingWork(store: Store, session: SessionRef, held: HeldWork): Promise<PendingWork> {
  return store.database.snapshot(async (sql) => {
    const [endpoint] = await sql.query<PendingRow>(
      `select e.pool_id, p.target_revision, v.class, e.policy, e.policy_digest from endpoint e join pool p on p.id = e.pool_id
       left join view v on v.digest = e.view_digest
       where e.id = $1 and e.session_epoch = $2`,
      [session.endpointId, session.epoch],
    );
    if (endpoint === undefined) return { target: undefined, commands: [] };
    const isTargetNew =
      endpoint.target_revision !== held.targetRevision ||
      (endpoint.target_revision !== 0 && endpoint.policy_digest !== (held.policyDigest ?? ""));
    return {
      target: isTargetNew ? await pendingTarget(store, sql, endpoint) : undefined,
      commands: held.limit > 0 ? await pendingCommands(sql, session.endpointId, held) : [],
    };
  });
}

/** Nothing while the target has no view for the endpoint's class: that may come when its databases have been read. */
async function pendingTarget(store: Store, sql: Query, endpoint: PendingRow): Promise<PendingTarget | undefined> {
  const policy = storedPolicy(endpoint.policy, endpoint.policy_digest);
  const newest = await readNewestTarget(sql, endpoint.pool_id);
  if (newest === undefined) return { target: undefined, packageSet: undefined, policy };
  const target = targetForClass(newest, endpoint.class ?? "");
  if (target === undefined) return undefined;
  if (target.mode !== "mirror") return { target, packageSet: undefined, policy };
  return { target, policy, packageSet: await contentOf(store).packageSet(sql, target.packageSetDigest) };
}

interface CommandRow {
  readonly sequence: number;
  readonly command_id: string;
  readonly not_after: Date;
  readonly operation_id: string;
  readonly kind: "start" | "cancel";
  readonly fence: number;
  readonly plan_digest: string;
}

async function pendingCommands(sql: Query, endpointId: string, held: HeldWork): Promise<readonly PendingCommand[]> {
  // A start whose operation is over, or was started anew, would only make the agent do what nobody wants any more.
  const rows = await sql.query<CommandRow>(
    `select c.sequence, c.command_id, c.not_after, c.operation_id, c.kind, o.fence, o.plan_digest
     from command c join operation o on o.id = c.operation_id
     where c.endpoint_id = $1 and c.sequence > $2 and c.acknowledged is null
       and (c.kind = 'cancel' or (o.state in ('queued', 'delivered', 'running', 'interrupted')
         and not exists (select 1 from command n where n.operation_id = c.operation_id and n.kind = 'start'
           and n.sequence > c.sequence)))
     order by c.sequence limit $3`,
    [endpointId, held.afterCommand, held.limit],
  );
  const plans = await readPlans(
    sql,
    rows.filter((row) => row.kind === "start").map((row) => row.plan_digest),
  );
  return rows.flatMap((row): readonly PendingCommand[] => {
    const { sequence, command_id: commandId, not_after: notAfter, operation_id: operationId, fence } = row;
    const head = { sequence, commandId, notAfter, operationId };
    if (row.kind === "cancel") return [{ kind: "cancel", ...head }];
    const plan = plans.get(row.plan_digest);
    return plan === undefined ? [] : [{ kind: "start", ...head, fence, plan }];
  });
}
