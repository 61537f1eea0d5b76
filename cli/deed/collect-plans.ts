// Asks several endpoints for their plans at once. Changes nothing anywhere.

import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Plan } from "../../domain/plan/plan.ts";
import { planDigest } from "../../domain/plan/plan.ts";
import type { RefusalReason } from "../../domain/refusal.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import type { Connection } from "../../rpc/connection.ts";
import { eachBounded } from "./each-bounded.ts";

/** An agent simulates with its own pacman: seconds on a slow disk, a minute on a very slow one. */
export const PLAN_TIMEOUT_MS = 120_000;
/** A new target's databases have tens of megabytes; a slow line takes its time. */
const DELIVERY_TIMEOUT_MS = 60_000;
const ASK_AGAIN_MS = 250;
/** Agents work for themselves; the server only waits. */
const CONCURRENT_PLANS = 16;

export interface PlanWish {
  readonly endpoint: string;
  readonly revert: boolean;
  /** With revert: whose starting set; absent means the newest operation's. */
  readonly revertOperationId?: string;
  /** No move: what is torn is installed again. */
  readonly repair?: boolean;
}

export interface Refused {
  readonly reason: string;
  readonly message: string;
  readonly details: readonly string[];
}

export type PlanOutcome =
  | { readonly kind: "plan"; readonly endpoint: string; readonly plan: Plan }
  | { readonly kind: "refusal"; readonly endpoint: string; readonly refusal: Refused }
  | { readonly kind: "error"; readonly endpoint: string; readonly error: unknown };

/** In the order of the wishes. Never rejects but for the signal: what goes wrong with one endpoint is its outcome. */
export async function collectPlans(
  connection: Connection,
  wishes: readonly PlanWish[],
  signal: AbortSignal,
): Promise<readonly PlanOutcome[]> {
  return await eachBounded(wishes, CONCURRENT_PLANS, async (wish): Promise<PlanOutcome> => {
    try {
      return await askPlan(connection, wish, signal);
    } catch (error) {
      signal.throwIfAborted();
      return { kind: "error", endpoint: wish.endpoint, error };
    }
  });
}

/**
 * One plan. A target that was taken a moment ago may still be on its way to the machine: the agent says so, and is asked
 * again.
 */
export async function askPlan(connection: Connection, wish: PlanWish, signal: AbortSignal): Promise<PlanOutcome> {
  const deadline = Date.now() + DELIVERY_TIMEOUT_MS;
  for (;;) {
    const outcome = await askOnce(connection, wish, signal);
    const isUnderWay =
      outcome.kind === "refusal" && outcome.refusal.reason === ("STALE_REVISION" satisfies RefusalReason);
    if (!isUnderWay || Date.now() > deadline) return outcome;
    await delay(ASK_AGAIN_MS, undefined, { signal });
  }
}

async function askOnce(connection: Connection, wish: PlanWish, signal: AbortSignal): Promise<PlanOutcome> {
  const { endpoint, revert, revertOperationId = "", repair = false } = wish;
  const call = { signal, timeoutMs: PLAN_TIMEOUT_MS };
  const { outcome } = await connection.endpoints.computePlan({ endpoint, revert, revertOperationId, repair }, call);
  switch (outcome?.$case) {
    case "plan":
      return { kind: "plan", endpoint, plan: checked(decodePlan(outcome.value)) };
    case "refusal": {
      const { reason, message, details } = outcome.value;
      return { kind: "refusal", endpoint, refusal: { reason, message, details } };
    }
    default:
      throw new Error("the server answered with neither a plan nor a refusal; bring both sides to one version");
  }
}

/** What is shown must be what the digest approves. */
function checked(plan: Plan): Plan {
  const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  if (planDigest(plan, sha256) !== plan.digest) {
    throw new Error("the plan does not have the digest that it claims; it was not shown and nothing was started");
  }
  return plan;
}
