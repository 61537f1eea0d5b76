// What the screen in front needs besides the watch. Pure: the same state needs the same; the key says of which moment.

import { operationOf, type Select } from "./select.ts";
import { situationOf } from "./situation.ts";
import { type ListRoute, routeKey, type State } from "./state.ts";

export type Need = { readonly name: string; readonly key: string } & (
  | { readonly kind: "drift"; readonly endpointId: string }
  | { readonly kind: "plan"; readonly endpointId: string; readonly isRevert: boolean }
  | { readonly kind: "history"; readonly poolId: string }
  | { readonly kind: "overview" }
  | { readonly kind: "operation"; readonly operationId: string }
  | { readonly kind: "list"; readonly route: ListRoute }
);

/** Undefined when all is there, or while the server is not. */
export function needOf(state: State, select: Select): Need | undefined {
  if (state.link.kind !== "live") return undefined;
  const need = wanted(state, select);
  return need === undefined || state.loads.get(need.name)?.key === need.key ? undefined : need;
}

function wanted(state: State, select: Select): Need | undefined {
  const situation = situationOf(state, select);
  const { route, endpoint, pool } = situation;
  switch (route.kind) {
    case "pools":
      return undefined;
    case "dashboard":
      return { kind: "overview", name: "dashboard", key: `${standOf(state)} ${state.planRound}` };
    case "pool":
    case "endpoints":
    case "endpoint": {
      if (endpoint === undefined || endpoint.digest === "" || pool?.target === undefined) return undefined;
      const { revision, mode, viewDigest } = pool.target;
      const key = `${endpoint.digest} ${revision} ${mode} ${viewDigest}`;
      return { kind: "drift", name: `drift ${endpoint.id}`, key, endpointId: endpoint.id };
    }
    case "plan": {
      if (endpoint === undefined) return undefined;
      // One that waits for a person is approved by the plan as it is after their decisions.
      const waits = situation.operation?.state === "pending-approval";
      if (endpoint.operationId !== "" && !waits) return undefined;
      const { endpointId, isRevert } = route;
      // Asleep it cannot answer; when it wakes up it is asked again.
      const decided = waits ? endpoint.reasons.join() : "";
      const key = `${endpoint.digest} ${pool?.target?.revision ?? 0} ${endpoint.isOnline} ${state.planRound} ${decided}`;
      return { kind: "plan", name: `${isRevert ? "revert" : "plan"} ${endpointId}`, key, endpointId, isRevert };
    }
    case "history": {
      if (pool === undefined) return undefined;
      const key = `${pool.target?.revision ?? 0} ${pool.target?.bad ?? false}`;
      return { kind: "history", name: `history ${route.poolId}`, key, poolId: route.poolId };
    }
    case "operation": {
      const { operationId } = route;
      const isWatched = state.fleet.operations.has(operationId);
      const key = `${operationOf(state, operationId)?.state ?? "unknown"} ${isWatched}`;
      // Read once while it runs: the watch tells the rest.
      // What waits for a person changes with every decision.
      const waits = situation.operation?.state === "pending-approval" ? ` ${endpoint?.reasons.join() ?? ""}` : "";
      const name = `operation ${operationId}`;
      return { kind: "operation", name, key: `${isWatched ? "watched" : key}${waits} ${state.planRound}`, operationId };
    }
    default: {
      // Not by the pool's revision: it grows with every report of a busy pool. Asking again is a key.
      const { revision = 0, bad = false } = pool?.target ?? {};
      const ofEndpoint =
        endpoint === undefined
          ? isOfAll(route)
            ? standOf(state)
            : ""
          : `${endpoint.digest} ${endpoint.status} ${endpoint.reasons.join()}`;
      return { kind: "list", name: routeKey(route), key: `${revision} ${bad} ${ofEndpoint} ${state.planRound}`, route };
    }
  }
}

function isOfAll(route: ListRoute): boolean {
  return (route.kind === "inbox" || route.kind === "operations") && route.endpointId === "";
}

/** How many endpoints are how, in each pool: what waits for people changes with it. Cheap, since it is asked for every frame. */
function standOf({ fleet }: State): string {
  return fleet.pools
    .values()
    .map(({ counts }) => Object.values(counts).join())
    .toArray()
    .join(" ");
}
