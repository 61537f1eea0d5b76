// An operation that no server knows yet, in the shape that every other one is shown in. Pure.

import type { Progress } from "../../agent/machine.ts";
import type { OperationResult } from "../../agent/orders/order-book.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";

/** As it is before it runs. */
export function viewOfPlan(plan: Plan, id: string, endpoint: string): OperationView {
  return {
    id,
    endpointId: plan.endpointId,
    endpoint,
    poolId: "",
    planDigest: plan.digest,
    targetRevision: plan.targetRevision,
    isRevert: plan.isRevert,
    state: "queued",
    step: undefined,
    percent: 0,
    message: "",
    author: "on the machine",
    createdAtMs: Date.now(),
    startedAtMs: 0,
    finishedAtMs: 0,
    problems: [],
    changes: plan.steps.length + plan.reasons.length,
  };
}

export function withProgress(view: OperationView, { step, percent, message }: Progress): OperationView {
  return { ...view, state: "running", step, percent, message };
}

export function withResult(view: OperationView, result: OperationResult): OperationView {
  const { state, problems, startedAtMs, finishedAtMs } = result;
  const percent = state === "succeeded" ? 100 : view.percent;
  return { ...view, state, percent, problems, startedAtMs: startedAtMs ?? view.startedAtMs, finishedAtMs, message: "" };
}

/** Of one that an earlier run left. */
export function viewOfResult(result: OperationResult, endpoint: string): OperationView | undefined {
  const { plan, operationId } = result;
  return plan === undefined ? undefined : withResult(viewOfPlan(plan, operationId, endpoint), result);
}
