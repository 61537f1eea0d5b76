// What screens show, derived from the state: which screen, which rows in which order, what is selected. What costs time
// with ten thousand endpoints is remembered until its inputs are other objects.
import type { Plan } from "../../domain/plan/plan.ts";
import type { Target } from "../../domain/target/target.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import { DRIFT_VOCABULARY, ENDPOINT_VOCABULARY, POOL_VOCABULARY } from "../query/vocabularies.ts";
import { createFilter, matches } from "./filter.ts";
import { type PlanRow, planRows } from "./plan-rows.ts";
import { sortedIds } from "./roll.ts";
import { type Connected, connectionRows } from "./rows/connection-rows.ts";
import type { ListRow } from "./rows/list-row.ts";
import { listRows } from "./rows/list-rows.ts";
import { operationRows as rowsOfOperation } from "./rows/operation-rows.ts";
import { operationsRows } from "./rows/operations-rows.ts";
import { type Sort, sortEndpoints, sortPools } from "./sort.ts";
import type { ListRoute, Load, PoolsScreen, Position, Route, State } from "./state.ts";
import { routeKey } from "./state.ts";

type OperationRoute = Extract<Route, { readonly kind: "operation" }>;

export interface Select {
  readonly pools: (state: State, screen: PoolsScreen) => readonly PoolView[];
  /** Of a pool; of all when none is named. */
  readonly endpoints: (state: State, poolId: string) => readonly EndpointView[];
  readonly drift: (state: State, endpointId: string) => readonly DriftLine[];
  readonly plan: (state: State, route: Route) => readonly PlanRow[];
  readonly targets: (state: State, poolId: string) => readonly Target[];
  /** Of a screen that is one list, or of an operation. */
  readonly rows: (state: State, route: ListRoute | OperationRoute) => readonly ListRow[];
  /** The ids of the rows of the list that the screen has, filtered. */
  readonly ids: (state: State, route: Route) => readonly string[];
}

export function createSelect(): Select {
  const pools = remember(shownPools());
  const endpoints = remember(orderedEndpoints());
  const sorted = remember(sortEndpoints);
  const drift = remember(filteredDrift());
  const plan = remember(planRows);
  const targets = remember(filteredTargets);
  const idsOf = remember((rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id));
  const namesOf = remember((rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name));
  const revisionsOf = remember((rows: readonly Target[]) => rows.map(({ revision }) => String(revision)));
  const select: Select = {
    pools: (state, kind) => pools(state.fleet.pools, filterOf(state, { kind }), state.sorts[kind]),
    endpoints: (state, poolId) => {
      const route: Route = poolId === "" ? { kind: "endpoints" } : { kind: "pool", poolId };
      const found = endpoints(state.fleet.endpoints, poolId, state.endpointName, filterOf(state, route));
      return sorted(found, state.sorts[route.kind]);
    },
    drift: (state, endpointId) =>
      drift(driftOf(state, endpointId)?.items, filterOf(state, { kind: "endpoint", endpointId })),
    plan: (state, route) => plan(loadOf(state, route)?.value, filterOf(state, route), state.size.columns - 4),
    targets: (state, poolId) => {
      const value = state.loads.get(`history ${poolId}`)?.value;
      const all = value?.kind === "history" ? value.targets : NO_TARGETS;
      return targets(all, filterOf(state, { kind: "history", poolId }));
    },
    rows: selectRows(),
    ids: (state, route) => {
      switch (route.kind) {
        case "dashboard":
        case "pools":
          return idsOf(select.pools(state, route.kind));
        case "pool":
          return idsOf(select.endpoints(state, route.poolId));
        case "endpoints":
          return idsOf(select.endpoints(state, ""));
        case "endpoint":
          return namesOf(select.drift(state, route.endpointId));
        case "plan":
          return idsOf(select.plan(state, route));
        case "history":
          return revisionsOf(select.targets(state, route.poolId));
        default:
          return idsOf(select.rows(state, route));
      }
    },
  };
  return select;
}

/** Each kind of list from what it is made of. */
function selectRows(): Select["rows"] {
  const rows = remember(listRows);
  const connection = remember(connectionRows);
  const connected = remember(connectedOf);
  const operationsList = remember(operationsRows);
  const operationRows = remember(rowsOfOperation);
  return (state, route) => {
    const value = loadOf(state, route)?.value;
    if (route.kind === "connection") {
      const { address, profile, profiles, endpointName, link } = state;
      return connection(connected(address, profile, profiles, endpointName, link.kind), value, filterOf(state, route));
    }
    if (value?.kind === "operations") {
      return operationsList(value.operations, state.fleet.operations, filterOf(state, route));
    }
    if (route.kind !== "operation") return rows(value, route.poolId, filterOf(state, route));
    const operation = operationOf(state, route.operationId);
    return operationRows(operation, value, state.logs.get(route.operationId), filterOf(state, route));
  };
}

function connectedOf(
  address: string,
  profile: string,
  profiles: readonly string[],
  endpointName: string | undefined,
  link: State["link"]["kind"],
): Connected {
  return { address, profile, profiles, endpointName, link };
}

const NO_IDS: readonly string[] = [];
const NO_TARGETS: readonly Target[] = [];
const NO_DRIFT: readonly DriftLine[] = [];

function filteredTargets(targets: readonly Target[], filter: string): readonly Target[] {
  if (filter === "") return targets;
  return targets.filter(({ revision, author, sourceEndpoint, message, mode, bad }) =>
    matches(`${revision} ${author} ${sourceEndpoint} ${message} ${mode} ${bad ? "bad" : ""}`, filter),
  );
}

/** Pools that mean something to a person: the empty one that every server has is left out. */
export function inhabitedPools(pools: ReadonlyMap<string, PoolView>): readonly PoolView[] {
  return [...pools.values()].filter((pool) => pool.endpoints > 0 || pool.target !== undefined);
}

export function homeRoute(state: State): Route {
  const shown = inhabitedPools(state.fleet.pools);
  const [only] = shown;
  return shown.length === 1 && only !== undefined ? { kind: "pool", poolId: only.id } : { kind: "dashboard" };
}

export function currentRoute(state: State): Route {
  return state.routes.at(-1) ?? homeRoute(state);
}

export function filterOf(state: State, route: Route): string {
  return state.filters[routeKey(route)] ?? "";
}

/** Whether the endpoint is the machine that the TUI runs on. */
export function isHere({ endpointName }: State, endpoint: EndpointView): boolean {
  return endpoint.name === endpointName || endpoint.id === endpointName;
}

export function positionOf(state: State, route: Route): Position | undefined {
  return state.positions[routeKey(route)];
}

export function loadOf(state: State, route: Route): Load | undefined {
  return state.loads.get(routeKey(route));
}

export function driftOf(
  state: State,
  endpointId: string,
): { readonly items: readonly DriftLine[]; readonly targetRevision: number } | undefined {
  const value = state.loads.get(`drift ${endpointId}`)?.value;
  return value?.kind === "drift" ? value : undefined;
}

export function planOf(state: State, route: Route): Plan | undefined {
  const value = loadOf(state, route)?.value;
  return value?.kind === "plan" ? value.plan : undefined;
}

/** The operation as watched, else as it was when it was read. */
export function operationOf(state: State, operationId: string): OperationView | undefined {
  const value = state.loads.get(`operation ${operationId}`)?.value;
  return state.fleet.operations.get(operationId) ?? (value?.kind === "operation" ? value.operation : undefined);
}

/** The operation under way on an endpoint, else the newest that was seen. */
export function operationAt(state: State, endpoint: EndpointView): OperationView | undefined {
  const underWay = state.fleet.operations.get(endpoint.operationId);
  if (underWay !== undefined) return underWay;
  let newest: OperationView | undefined;
  for (const operation of state.fleet.operations.values()) {
    if (operation.endpointId === endpoint.id && operation.createdAtMs >= (newest?.createdAtMs ?? 0)) newest = operation;
  }
  return newest;
}

function shownPools() {
  const filterBy = createFilter(POOL_VOCABULARY);
  return (pools: ReadonlyMap<string, PoolView>, filter: string, sort: Sort | undefined): readonly PoolView[] => {
    const found = inhabitedPools(pools).filter(filterBy(filter).matches);
    return sortPools(
      found.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
      sort,
    );
  };
}

/** Ids by name with this machine first: the same array while `sorted` is. */
function hereFirst(sorted: readonly string[], fleet: ReadonlyMap<string, EndpointView>, here: string | undefined) {
  const at = here === undefined ? -1 : sorted.findIndex((id) => id === here || fleet.get(id)?.name === here);
  const found = sorted[at];
  return found === undefined ? sorted : [found, ...sorted.toSpliced(at, 1)];
}

/** The filtered endpoints of a pool in their order. With ten thousand of them, in that order as long as it holds. */
function orderedEndpoints() {
  const filterBy = createFilter(ENDPOINT_VOCABULARY);
  let last = { sorted: NO_IDS, here: "" as string | undefined, ids: NO_IDS };
  return (
    endpoints: ReadonlyMap<string, EndpointView>,
    poolId: string,
    here: string | undefined,
    filter: string,
  ): readonly EndpointView[] => {
    const sorted = sortedIds(endpoints, poolId);
    if (last.sorted !== sorted || last.here !== here) last = { sorted, here, ids: hereFirst(sorted, endpoints, here) };
    const { matches } = filterBy(filter);
    const rows: EndpointView[] = [];
    for (const id of last.ids) {
      const endpoint = endpoints.get(id);
      if (endpoint !== undefined && matches(endpoint)) rows.push(endpoint);
    }
    return rows;
  };
}

/** What makes the status first, then what is only told; by name within both, as it came. */
function filteredDrift() {
  const filterBy = createFilter(DRIFT_VOCABULARY);
  return (items: readonly DriftLine[] | undefined, filter: string): readonly DriftLine[] => {
    if (items === undefined) return NO_DRIFT;
    const found = items.filter(filterBy(filter).matches);
    const isAside = ({ kind }: DriftLine): boolean => kind === "held" || kind === "foreign" || kind === "unavailable";
    return [...found.filter((item) => !isAside(item)), ...found.filter(isAside)];
  };
}

/** The last result, while the arguments are the same objects. */
function remember<Arguments extends readonly unknown[], Result>(
  compute: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  let last: { readonly args: Arguments; readonly result: Result } | undefined;
  return (...args) => {
    if (last === undefined || last.args.some((one, index) => one !== args[index])) {
      last = { args, result: compute(...args) };
    }
    return last.result;
  };
}
