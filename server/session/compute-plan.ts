// A plan for one endpoint: its agent computes it, the server checks and keeps it.

import type { Plan } from "../../domain/plan/plan.ts";
import { Refusal } from "../../domain/refusal.ts";
import { targetForClass } from "../../domain/target/target.ts";
import type { PlanReport } from "../../proto/generated/pacpool/v1/agent.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import { encodePolicy } from "../../rpc/codec/policy.ts";
import type { StoredPolicy } from "../operations/policy/endpoint-policies.ts";
import type { EndpointRecord, PoolRecord } from "../operations/records.ts";
import type { EndpointCases, PlanOutcome } from "../services/use-cases.ts";
import type { SessionRegistry } from "./registry.ts";

export interface ComputePlanParts {
  readonly registry: SessionRegistry;
  readonly getEndpoint: (endpoint: string) => Promise<EndpointRecord>;
  readonly getPool: (pool: string) => Promise<PoolRecord>;
  /** Throws INVALID_FIELD when digest or endpoint are others. */
  readonly storePlan: (endpointId: string, plan: Plan) => Promise<void>;
  readonly readPolicy: (endpointId: string) => Promise<StoredPolicy>;
}

export function computePlanCase(parts: ComputePlanParts): EndpointCases["computePlan"] {
  return async ({ endpoint: reference, isRevert, isRepair = false, revertOperationId }, signal) => {
    const endpoint = await parts.getEndpoint(reference);
    const { target, name: pool } = await parts.getPool(endpoint.poolId);
    const isMove = !isRevert && !isRepair;
    if (target === undefined && isMove) {
      throw new Refusal("NO_TARGET", { pool });
    }
    const ofClass = endpoint.view?.class ?? "";
    if (target !== undefined && isMove && ofClass !== "" && targetForClass(target, ofClass) === undefined) {
      throw new Refusal("CLASS_UNKNOWN", { class: ofClass });
    }
    // The agent may not have been told yet of a rule or a decision that was made just now.
    const { policy, digest } = await parts.readPolicy(endpoint.id);
    const question = {
      targetRevision: BigInt(target?.revision ?? 0),
      revert: isRevert,
      repair: isRepair,
      revertOperationId: revertOperationId ?? "",
      policy: encodePolicy(policy, digest),
    };
    const report = await parts.registry.requestPlan(endpoint, question, signal);
    const outcome = decodeOutcome(report);
    if (outcome.kind === "plan") {
      // Decided meanwhile: a plan that does not know it must not pass for one made afterwards.
      if ((await parts.readPolicy(endpoint.id)).digest !== digest) {
        throw new Refusal("STALE_PLAN", { endpoint: endpoint.name });
      }
      await parts.storePlan(endpoint.id, outcome.plan);
    }
    return outcome;
  };
}

function decodeOutcome({ outcome }: PlanReport): PlanOutcome {
  if (outcome?.$case === "plan") {
    return { kind: "plan", plan: decodePlan(outcome.value) };
  }
  const { reason, message, details } = outcome?.value ?? {
    reason: "PLAN_REFUSED",
    message: "the agent answered nothing",
    details: [],
  };
  return { kind: "refused", reason, message, details };
}
