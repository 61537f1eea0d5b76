// Going to other screens of the fleet: of the endpoint in front, else of the pool, else of all.
import type { FleetAction } from "../../keys/actions.ts";
import { type Act, effect, type Outcome, only, tell } from "../outcome.ts";
import type { Situation } from "../situation.ts";
import { isPoolsScreen, type ListRoute } from "../state.ts";

export const FLEET_ACTS: Readonly<Record<FleetAction, Act>> = {
  inbox: (situation) => openOf("inbox", situation),
  connection: () => open({ kind: "connection", poolId: "" }),
  profile: changeProfile,
  endpoints: () => only({ kind: "opened", route: { kind: "endpoints" } }),
  operations: (situation) => openOf("operations", situation),
};

function openOf(kind: Extract<ListRoute["kind"], "inbox" | "operations">, situation: Situation): Outcome {
  const { route, endpoint, pool } = situation;
  // In lists the selected row is not what the screen is about.
  const isOfOne = route.kind === "endpoint" || route.kind === "plan" || route.kind === "operation";
  if (isOfOne && endpoint !== undefined) return open({ kind, poolId: "", endpointId: endpoint.id });
  const isOfAll = isPoolsScreen(route) || route.kind === "endpoints" || pool === undefined;
  return open({ kind, poolId: isOfAll ? "" : pool.id, endpointId: "" });
}

export function changeProfile(situation: Situation, name: string): Outcome {
  const { profiles, profile } = situation.state;
  if (!profiles.includes(name)) return tell(situation, `config.toml has no profile ${name}`);
  return name === profile ? tell(situation, `${name} is in use already`) : effect({ kind: "profile", name });
}

function open(route: ListRoute): Outcome {
  return only({ kind: "opened", route });
}
