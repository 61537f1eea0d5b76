// Deeds: each becomes a value that is shown in a question; nothing is performed here.
import type { DoAction } from "../../keys/actions.ts";
import { EMPTY_FIELD } from "../../keys/text-field.ts";
import { type Act, confirm, NOTHING, type Outcome, only } from "../outcome.ts";
import type { Situation } from "../situation.ts";
import { startOf } from "../starts.ts";
import { openPlan } from "./look.ts";

export const DO_ACTS: Readonly<Record<DoAction, Act>> = {
  sync: (situation) => (situation.route.kind === "plan" ? confirmStart(situation) : openPlan(situation, false)),
  "sync-pool": syncPool,
  update: ({ endpoint }) =>
    endpoint === undefined ? NOTHING : confirm({ kind: "update", endpoint: endpoint.name, pool: endpoint.pool }),
  "set-latest": setLatest,
  revert,
  approve: (situation) => askOfOperation("approve", situation),
  cancel: (situation) => askOfOperation("cancel", situation),
  repair: (situation) => askOfOperation("repair", situation),
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
  return confirm({ kind: "restore-target", poolId: pool.id, pool: pool.name, revision, currentRevision, message });
}

function confirmStart({ plan, endpoint }: Situation): Outcome {
  if (plan === undefined || endpoint === undefined) return NOTHING;
  const start = startOf(endpoint, plan);
  return typeof start === "string" ? NOTHING : confirm(start);
}

function syncPool({ pool }: Situation): Outcome {
  if (pool === undefined) return NOTHING;
  return {
    events: [{ kind: "doing-changed", doing: `planning the machines of ${pool.name}, each by its own pacman` }],
    effects: [{ kind: "plan-pool", poolId: pool.id, pool: pool.name }],
  };
}

function askOfOperation(kind: "approve" | "cancel" | "repair", { operation }: Situation): Outcome {
  if (operation === undefined) return NOTHING;
  const base = { operationId: operation.id, endpoint: operation.endpoint, planDigest: operation.planDigest };
  return confirm({ kind, ...base });
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
