// What a key would act on: the screen and what is selected on it. Bindings say by it whether they can, actions use it.
import type { Plan } from "../../domain/plan/plan.ts";
import type { Target } from "../../domain/target/target.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import { layoutOf } from "./layout.ts";
import { settle } from "./position.ts";
import { itemAt, type ListItem } from "./rows/list-row.ts";
import { currentRoute, operationAt, operationOf, planOf, positionOf, type Select } from "./select.ts";
import { type Position, type Route, routeKey, type State } from "./state.ts";
import { type Table, tableOf } from "./table.ts";

export interface Situation {
  readonly state: State;
  readonly route: Route;
  /** The rows of the screen's list, its selection, and how many rows are visible. */
  readonly ids: readonly string[];
  readonly position: Position;
  readonly visible: number;
  /** Ids of the rows that are marked; of those that are still there. */
  readonly marked: ReadonlySet<string>;
  /** What is shown as plain texts; made when it is asked for. */
  readonly table: () => Table | undefined;
  readonly pool: PoolView | undefined;
  readonly endpoint: EndpointView | undefined;
  readonly operation: OperationView | undefined;
  readonly plan: Plan | undefined;
  /** Selected in a history. */
  readonly target: Target | undefined;
  /** Selected on a screen that is one list. */
  readonly item?: ListItem | undefined;
}

const NONE: ReadonlySet<string> = new Set();

export function situationOf(state: State, select: Select): Situation {
  const route = currentRoute(state);
  const ids = select.ids(state, route);
  const { visible } = layoutOf(state, route, select);
  const position = settle(positionOf(state, route), ids, visible);
  const { pools, endpoints } = state.fleet;
  const list = {
    ids,
    position,
    visible,
    marked: state.marks[routeKey(route)]?.ids ?? NONE,
    table: () => tableOf(state, route, select),
  };
  const base = { state, route, ...list, pool: undefined, endpoint: undefined, target: undefined };
  switch (route.kind) {
    case "dashboard":
    case "pools":
      return { ...base, pool: pools.get(position.id), operation: undefined, plan: undefined };
    case "pool":
      return {
        ...base,
        pool: pools.get(route.poolId),
        ...ofEndpoint(state, endpoints.get(position.id)),
        plan: undefined,
      };
    case "endpoints": {
      const endpoint = endpoints.get(position.id);
      const pool = endpoint === undefined ? undefined : pools.get(endpoint.poolId);
      return { ...base, pool, ...ofEndpoint(state, endpoint), plan: undefined };
    }
    case "endpoint":
    case "plan": {
      const endpoint = endpoints.get(route.endpointId);
      const pool = endpoint === undefined ? undefined : pools.get(endpoint.poolId);
      return { ...base, pool, ...ofEndpoint(state, endpoint), plan: planOf(state, route) };
    }
    case "operation": {
      const operation = operationOf(state, route.operationId);
      const pool = operation === undefined ? undefined : pools.get(operation.poolId);
      const endpoint = operation === undefined ? undefined : endpoints.get(operation.endpointId);
      const item = itemAt(select.rows(state, route), position.id);
      return { ...base, pool, endpoint, operation, plan: undefined, item };
    }
    case "history": {
      const targets = select.targets(state, route.poolId);
      const target = targets[position.index];
      return { ...base, pool: pools.get(route.poolId), operation: undefined, plan: undefined, target };
    }
    default: {
      const endpoint = "endpointId" in route ? endpoints.get(route.endpointId) : undefined;
      const item = itemAt(select.rows(state, route), position.id);
      const poolId = endpoint?.poolId ?? route.poolId;
      return { ...base, pool: pools.get(poolId), ...ofEndpoint(state, endpoint), plan: undefined, item };
    }
  }
}

function ofEndpoint(
  state: State,
  endpoint: EndpointView | undefined,
): { readonly endpoint: EndpointView | undefined; readonly operation: OperationView | undefined } {
  return { endpoint, operation: endpoint === undefined ? undefined : operationAt(state, endpoint) };
}
