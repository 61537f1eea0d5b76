// Where we are in words, for the header.
import { currentRoute, homeRoute, operationOf } from "../store/select.ts";
import type { Route, State } from "../store/state.ts";

export function pathOf(state: State): readonly string[] {
  if (state.fleet.heardAtMs === 0) return [];
  const last = currentRoute(state);
  const routes = [homeRoute(state), ...state.routes];
  return routes
    .filter((route, index) => index === routes.length - 1 || route !== last)
    .map((route) => wordOf(state, route));
}

function wordOf(state: State, route: Route): string {
  switch (route.kind) {
    case "dashboard":
    case "pools":
      return route.kind;
    case "endpoints":
      return "endpoints";
    case "pool":
      return state.fleet.pools.get(route.poolId)?.name ?? "pool";
    case "endpoint":
      return state.fleet.endpoints.get(route.endpointId)?.name ?? "endpoint";
    case "plan":
      return `${route.isRevert ? "way back" : "plan"} of ${state.fleet.endpoints.get(route.endpointId)?.name ?? "endpoint"}`;
    case "operation":
      return `operation on ${operationOf(state, route.operationId)?.endpoint ?? "endpoint"}`;
    case "history":
      return "targets";
    case "package":
      return route.name;
    case "target":
      return `target ${route.revision}`;
    case "diff":
      return `${route.from} → ${route.to}`;
    case "conflicts":
    case "rules":
    case "connection":
    case "inbox":
    case "operations":
    case "analysis":
      return route.kind;
  }
}
