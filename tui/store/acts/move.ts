// Moving: the selection in a list, into what is selected, and back.

import type { MoveAction } from "../../keys/actions.ts";
import { momentOf } from "../moment-of.ts";
import { type Act, NOTHING, type Outcome, only, tell } from "../outcome.ts";
import { needsPerson } from "../person.ts";
import { type Move, move, settle } from "../position.ts";
import { profileAt } from "../rows/connection-rows.ts";
import { filterOf } from "../select.ts";
import type { Situation } from "../situation.ts";
import { isPoolsScreen, routeKey } from "../state.ts";
import { changeProfile } from "./fleet.ts";

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
  "scroll-up": moves("scroll-up"),
  "scroll-down": moves("scroll-down"),
  first: moves("first"),
  last: moves("last"),
  open,
  back,
  previous: () => only({ kind: "returned", isSwap: false }),
  other: () => only({ kind: "returned", isSwap: true }),
  "next-person": (situation) => toPerson(situation, 1),
  "previous-person": (situation) => toPerson(situation, -1),
};

function open(situation: Situation): Outcome {
  const { route, position, pool, item } = situation;
  const profile = route.kind === "connection" ? profileAt(position.id) : undefined;
  if (profile !== undefined) return changeProfile(situation, profile);
  if (item?.opens !== undefined) return only({ kind: "opened", route: item.opens });
  const opens = momentOf(route, position.id, pool?.id ?? "");
  if (opens !== undefined) return only({ kind: "opened", route: opens });
  if (isPoolsScreen(route)) return only({ kind: "opened", route: { kind: "pool", poolId: position.id } });
  if (route.kind === "pool" || route.kind === "endpoints")
    return only({ kind: "opened", route: { kind: "endpoint", endpointId: position.id } });
  return NOTHING;
}

function back({ state, route, marked }: Situation): Outcome {
  if (marked.size > 0) return only({ kind: "marked", key: routeKey(route), marks: undefined });
  if (filterOf(state, route) !== "") return only({ kind: "filtered", key: routeKey(route), text: "" });
  return state.routes.length === 0 ? NOTHING : only({ kind: "closed" });
}

/** Goes on at the other end of the list, so that pressing it often enough shows them all. */
function toPerson(situation: Situation, by: 1 | -1): Outcome {
  const { state, route, ids, position, visible } = situation;
  for (let step = 1; step <= ids.length; step += 1) {
    const index = (position.index + by * step + ids.length * step) % ids.length;
    const id = ids[index] ?? "";
    if (!needsPerson(state.fleet, id)) continue;
    const next = settle({ id, index, top: position.top }, ids, visible);
    return only({ kind: "positioned", key: routeKey(route), position: next });
  }
  return tell(situation, "none of those shown needs a person");
}
