// Deeds: each becomes a value that is shown in a question; nothing is performed here.

import type { PoolView } from "../../../rpc/codec/pool.ts";
import type { DoAction } from "../../keys/actions.ts";
import { EMPTY_FIELD } from "../../keys/text-field.ts";
import type { Deed } from "../deed.ts";
import { type Act, confirm, NOTHING, type Outcome, only } from "../outcome.ts";
import { hasMarkedEndpoints } from "../person.ts";
import { planChanges } from "../plan-rows.ts";
import { questionOf } from "../question.ts";
import type { Situation } from "../situation.ts";
import { planningWords, startOf } from "../starts.ts";
import { openPlan } from "./look.ts";

/** Marks are of endpoints where the list is one of endpoints. */
function sync(situation: Situation): Outcome {
  if (situation.route.kind === "plan") return confirmStart(situation);
  return hasMarkedEndpoints(situation) ? syncMarked(situation) : openPlan(situation, false);
}

export const DO_ACTS: Readonly<Record<DoAction, Act>> = {
  sync,
  "sync-pool": syncPool,
  update: ({ endpoint }) =>
    endpoint === undefined ? NOTHING : confirm({ kind: "update", endpoint: endpoint.name, pool: endpoint.pool }),
  "set-latest": setLatest,
  revert,
  approve,
  cancel: (situation) => askOfOperation("cancel", situation),
  repair: (situation) => askOfOperation("repair", situation),
  stop: () => only({ kind: "doing-changed", doing: undefined }),
};

function revert(situation: Situation): Outcome {
  const { route, pool, target } = situation;
  if (route.kind === "plan") {
    if (route.isRevert) return confirmStart(situation);
    return only({ kind: "replaced", route: { ...route, isRevert: true } });
  }
  if (route.kind !== "history") return openPlan(situation, true);
  if (pool?.target === undefined || target === undefined) return NOTHING;
  const currentRevision = pool.target.revision;
  // On the present one it means: back to the one before.
  const revision = target.revision === currentRevision ? currentRevision - 1 : target.revision;
  const message = `back to ${revision}`;
  return ask({ kind: "restore-target", poolId: pool.id, pool: pool.name, revision, currentRevision, message }, pool);
}

/** The largest want the pool's name typed. */
function ask(deed: Deed, pool: PoolView): Outcome {
  return only({ kind: "dialog-changed", dialog: questionOf(deed, pool) });
}

function confirmStart({ plan, endpoint }: Situation): Outcome {
  if (plan === undefined || endpoint === undefined) return NOTHING;
  const start = startOf(endpoint, plan);
  return typeof start === "string" ? NOTHING : confirm(start);
}

function syncPool(situation: Situation): Outcome {
  const { pool } = situation;
  if (hasMarkedEndpoints(situation)) return syncMarked(situation);
  if (pool === undefined) return NOTHING;
  return {
    events: [{ kind: "doing-changed", doing: planningWords(`the machines of ${pool.name}`) }],
    effects: [{ kind: "plan-pool", poolId: pool.id, pool: pool.name }],
  };
}

/** Who is marked, planned all together: one deed that lists them. */
function syncMarked({ state, marked, pool }: Situation): Outcome {
  const endpoints = [...marked].flatMap((id) => state.fleet.endpoints.get(id) ?? []);
  const [first] = endpoints;
  if (first === undefined) return NOTHING;
  const isOne = endpoints.every(({ poolId }) => poolId === first.poolId);
  const name = isOne ? first.pool : (pool?.name ?? "the fleet");
  const endpointIds = endpoints.map(({ id }) => id);
  return {
    events: [{ kind: "doing-changed", doing: planningWords(`${endpoints.length} marked`) }],
    effects: [{ kind: "plan-pool", poolId: isOne ? first.poolId : "", pool: name, endpointIds }],
  };
}

/** What was planned before the decisions is stale by now: the present plan is shown, and approved as it was seen. */
function approve({ route, operation, plan }: Situation): Outcome {
  if (operation === undefined) return NOTHING;
  const { id: operationId, endpoint, endpointId, isRevert } = operation;
  if (route.kind !== "plan") return only({ kind: "opened", route: { kind: "plan", endpointId, isRevert } });
  if (plan === undefined) return NOTHING;
  const changes = planChanges(plan) || "nothing changes";
  const removals = plan.steps.filter(({ action }) => action === "remove").map(({ name }) => name);
  return confirm({ kind: "approve", operationId, endpoint, planDigest: plan.digest, changes, removals });
}

function askOfOperation(kind: "cancel" | "repair", { operation }: Situation): Outcome {
  if (operation === undefined) return NOTHING;
  return confirm({ kind, operationId: operation.id, endpoint: operation.endpoint });
}

function setLatest({ endpoint, pool }: Situation): Outcome {
  if (endpoint === undefined) return NOTHING;
  const deed = {
    kind: "set-latest",
    endpointId: endpoint.id,
    endpoint: endpoint.name,
    pool: endpoint.pool,
    seenRevision: pool?.target?.revision ?? 0,
    message: "",
    pinsAll: false,
  } as const;
  return only({ kind: "dialog-changed", dialog: { kind: "message", deed, field: EMPTY_FIELD } });
}
