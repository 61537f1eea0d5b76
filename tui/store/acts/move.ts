// Moving: the selection in a list, into what is selected, and back.
import type { MoveAction } from "../../keys/actions.ts";
import { type Act, NOTHING, type Outcome, only } from "../outcome.ts";
import { type Move, move } from "../position.ts";
import { filterOf } from "../select.ts";
import type { Situation } from "../situation.ts";
import { routeKey } from "../state.ts";

const moves =
  (by: Move): Act =>
  ({ position, ids, visible, route }) =>
    only({ kind: "positioned", key: routeKey(route), position: move(position, by, ids, visible) });

export const MOVE_ACTS: Readonly<Record<MoveAction, Act>> = {
  up: moves("up"),
  down: moves("down"),
  "page-up": moves("page-up"),
  "page-down": moves("page-down"),
  "half-up": moves("half-up"),
  "half-down": moves("half-down"),
  first: moves("first"),
  last: moves("last"),
  open,
  back,
};

function open({ route, position }: Situation): Outcome {
  if (route.kind === "dashboard") return only({ kind: "opened", route: { kind: "pool", poolId: position.id } });
  if (route.kind === "pool") return only({ kind: "opened", route: { kind: "endpoint", endpointId: position.id } });
  return NOTHING;
}

function back({ state, route }: Situation): Outcome {
  if (filterOf(state, route) !== "") return only({ kind: "filtered", key: routeKey(route), text: "" });
  return state.routes.length === 0 ? NOTHING : only({ kind: "closed" });
}
