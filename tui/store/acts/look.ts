// Looking: other screens, the filter, the help. Nothing but the screen changes.
import type { LookAction } from "../../keys/actions.ts";
import { type Act, effect, NOTHING, type Outcome, only } from "../outcome.ts";
import type { Situation } from "../situation.ts";

export const LOOK_ACTS: Readonly<Record<LookAction, Act>> = {
  filter: () => only({ kind: "filtering", isFiltering: true }),
  help: () => only({ kind: "dialog-changed", dialog: { kind: "help", top: 0 } }),
  quit: () => effect({ kind: "quit" }),
  suspend: () => effect({ kind: "suspend" }),
  plan: (situation) => (situation.route.kind === "plan" ? only({ kind: "plan-asked" }) : openPlan(situation, false)),
  history: ({ pool }) =>
    pool === undefined ? NOTHING : only({ kind: "opened", route: { kind: "history", poolId: pool.id } }),
  operation: openOperation,
};

export function openPlan({ endpoint }: Situation, isRevert: boolean): Outcome {
  return endpoint === undefined
    ? NOTHING
    : only({ kind: "opened", route: { kind: "plan", endpointId: endpoint.id, isRevert } });
}

function openOperation({ operation, endpoint }: Situation): Outcome {
  if (operation !== undefined) return only({ kind: "opened", route: { kind: "operation", operationId: operation.id } });
  if (endpoint === undefined) return NOTHING;
  return effect({ kind: "find-operation", endpointId: endpoint.id });
}
