// What can be started: the deed that a plan becomes, and who takes part when a whole pool is synced. Pure.
import type { Plan } from "../../domain/plan/plan.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { StartOperation } from "./deed.ts";
import { planChanges } from "./plan-rows.ts";

/** A person approves what can be read; thousands are a rollout's affair. */
export const MAX_POOL_SYNC = 100;

const PLANNING = "planning";

/** What is said while many plan; it can be stopped, since nothing is begun. */
export function planningWords(whom: string): string {
  return `${PLANNING} ${whom}, each by its own pacman; Ctrl-G stops`;
}

export function isPlanning(doing: string | undefined): boolean {
  return doing?.startsWith(PLANNING) ?? false;
}

/** Why an endpoint is left as it is although it is not in sync; undefined when it takes part. */
export function whyLeftOut({ status, isOnline, reasons, digest }: EndpointView): string | undefined {
  switch (status) {
    case "ahead":
      return "ahead: L publishes it, s on it alone brings it back";
    case "syncing":
      return "an operation is under way";
    case "pending-approval":
      return reasons[0] ?? "it waits for approval";
    case "unknown":
    case "blocked":
      return reasons[0] ?? status;
    case "in-sync":
      return "in sync";
    case "degraded":
    case "diverged":
    case "behind":
      if (!isOnline) return "asleep";
      return digest === "" ? "it has not reported yet" : undefined;
  }
}

export function takingPart(endpoints: Iterable<EndpointView>, poolId: string): readonly EndpointView[] {
  return [...endpoints].filter((one) => one.poolId === poolId && whyLeftOut(one) === undefined);
}

/** The deed, or why there is none. */
export function startOf(endpoint: Pick<EndpointView, "id" | "name">, plan: Plan): StartOperation | string {
  const changes = planChanges(plan);
  if (changes === "") return "the plan changes nothing";
  return {
    kind: "start-operation",
    endpointId: endpoint.id,
    endpoint: endpoint.name,
    planDigest: plan.digest,
    isRevert: plan.isRevert,
    targetRevision: plan.targetRevision,
    changes,
    removals: plan.steps.filter(({ action }) => action === "remove").map(({ name }) => name),
  };
}
