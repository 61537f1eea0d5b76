// Plans by their digest, as an endpoint's agent computed them: what a person saw is what an approval names.
import { type Plan, planDigest } from "../../domain/plan/plan.ts";
import { invalidField, Refusal } from "../../domain/refusal.ts";
import type { Store } from "../store/store.ts";
import { type Query, sha256Of } from "./content.ts";

export interface PlanStore {
  /** Keeps it for a day, and as long as an operation runs it. Throws INVALID_FIELD when digest or endpoint are others. */
  readonly storePlan: (endpointId: string, plan: Plan) => Promise<void>;
  /** Throws PLAN_NOT_FOUND. */
  readonly readPlan: (digest: string) => Promise<Plan>;
}

export function makePlanStore(store: Store): PlanStore {
  return {
    storePlan: (endpointId, plan) => insertPlan(store.database, endpointId, plan),
    readPlan: (digest) => readPlan(store.database, digest),
  };
}

/** Throws INVALID_FIELD when digest or endpoint are others. */
export async function insertPlan(sql: Query, endpointId: string, plan: Plan): Promise<void> {
  if (plan.endpointId !== endpointId) throw invalidField("plan.endpoint_id", plan.endpointId, endpointId);
  const digest = planDigest(plan, sha256Of);
  if (digest !== plan.digest) throw invalidField("plan.digest", plan.digest, digest);
  const body = JSON.stringify(plan);
  // The one character that text of the database cannot have.
  if (body.includes("\\u0000")) throw invalidField("plan", "a NUL character", "text without");
  await sql.query(
    `insert into plan (digest, endpoint_id, base_digest, target_revision, is_revert, changes, body)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb) on conflict (digest) do update set created_at = now()`,
    [digest, endpointId, plan.baseDigest, plan.targetRevision, plan.isRevert, countChanges(plan), body],
  );
}

/** Packages that it installs, moves, removes or gives another reason. */
function countChanges(plan: Plan): number {
  return new Set([...plan.steps.map((one) => one.name), ...plan.reasons.map((one) => one.name)]).size;
}

/** Throws PLAN_NOT_FOUND. */
export async function readPlan(sql: Query, digest: string): Promise<Plan> {
  const [row] = await sql.query<{ body: Plan }>("select body from plan where digest = $1", [digest]);
  if (row === undefined) throw new Refusal("PLAN_NOT_FOUND", { plan: digest });
  return row.body;
}

/** By digest. */
export async function readPlans(sql: Query, digests: readonly string[]): Promise<ReadonlyMap<string, Plan>> {
  const text = "select digest, body from plan where digest = any($1::text[])";
  const rows = await sql.query<{ digest: string; body: Plan }>(text, [digests]);
  return new Map(rows.map((row) => [row.digest, row.body]));
}
