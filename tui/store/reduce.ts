// The only way in which the state changes: an event, taken by a pure function.
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { listPools, watchFleet } from "./fleet.ts";
import { logProgress } from "./operation-log.ts";
import type { Sort } from "./sort.ts";
import {
  type Dialog,
  type Link,
  type Load,
  type LoadedValue,
  type Marks,
  type Position,
  type Route,
  routeKey,
  type State,
  type Toast,
} from "./state.ts";

export type StoreEvent =
  | { readonly kind: "link-changed"; readonly link: Link; readonly nowMs: number }
  | { readonly kind: "pools-listed"; readonly pools: readonly PoolView[]; readonly nowMs: number }
  | { readonly kind: "watched"; readonly events: readonly WatchEvent[]; readonly nowMs: number }
  | { readonly kind: "ticked"; readonly nowMs: number }
  | { readonly kind: "resized"; readonly columns: number; readonly rows: number }
  | { readonly kind: "opened"; readonly route: Route }
  | { readonly kind: "replaced"; readonly route: Route }
  | { readonly kind: "closed" }
  /** To where the person was before; what is left can be returned to in turn when it is a swap. */
  | { readonly kind: "returned"; readonly isSwap: boolean }
  | { readonly kind: "positioned"; readonly key: string; readonly position: Position }
  | { readonly kind: "filtering"; readonly isFiltering: boolean }
  | { readonly kind: "filtered"; readonly key: string; readonly text: string; readonly cursor?: number }
  | { readonly kind: "sorted"; readonly screen: Route["kind"]; readonly sort: Sort | undefined }
  | { readonly kind: "marked"; readonly key: string; readonly marks: Marks | undefined }
  | { readonly kind: "dialog-changed"; readonly dialog: Dialog | undefined }
  | { readonly kind: "toasted"; readonly toast: Toast | undefined }
  | { readonly kind: "doing-changed"; readonly doing: string | undefined }
  | { readonly kind: "load-started"; readonly name: string; readonly key: string }
  | { readonly kind: "loaded"; readonly name: string; readonly key: string; readonly value: LoadedValue }
  | {
      readonly kind: "load-failed";
      readonly name: string;
      readonly key: string;
      readonly problem: string;
      readonly isForbidden: boolean;
    }
  /** Nobody waits for the answer any more; the question may be asked again. */
  | { readonly kind: "load-dropped"; readonly name: string; readonly key: string }
  | { readonly kind: "plan-asked" };

/** Loads that are kept, so that going back shows what was there. */
const MAX_LOADS = 64;
/** Screens that can lie upon each other; the way round (operation, endpoint, operation, ...) must not grow without end. */
const MAX_ROUTES = 16;

export function reduce(state: State, event: StoreEvent): State {
  switch (event.kind) {
    case "link-changed":
      return { ...state, nowMs: event.nowMs, link: event.link, loads: retryLoads(state, event.link) };
    case "pools-listed":
      return { ...state, nowMs: event.nowMs, fleet: listPools(state.fleet, event.pools, event.nowMs) };
    case "watched": {
      const { events, nowMs } = event;
      const logs = logProgress(state.logs, state.routes, events, nowMs);
      return { ...state, nowMs, logs, fleet: watchFleet(state.fleet, events, nowMs) };
    }
    case "ticked": {
      const isOver = state.toast !== undefined && state.toast.untilMs <= event.nowMs;
      return { ...state, nowMs: event.nowMs, toast: isOver ? undefined : state.toast };
    }
    case "resized":
      return { ...state, size: { columns: event.columns, rows: event.rows } };
    case "opened":
    case "replaced":
    case "closed":
      return { ...state, isFiltering: false, ...withTrail(state), routes: nextRoutes(state.routes, event) };
    case "returned": {
      const before = state.trail.at(-1);
      if (before === undefined) return state;
      const left = event.isSwap ? [state.routes] : [];
      return { ...state, isFiltering: false, routes: before, trail: [...state.trail.slice(0, -1), ...left] };
    }
    case "positioned":
      return { ...state, positions: { ...state.positions, [event.key]: event.position } };
    case "filtering":
      return { ...state, isFiltering: event.isFiltering };
    case "filtered":
      return {
        ...state,
        filters: { ...state.filters, [event.key]: event.text },
        filterCursor: event.cursor ?? Array.from(event.text).length,
      };
    case "sorted":
      return { ...state, sorts: { ...state.sorts, [event.screen]: event.sort } };
    case "marked":
      return { ...state, marks: nextMarks(state.marks, event.key, event.marks) };
    case "dialog-changed":
      return { ...state, dialog: event.dialog };
    case "toasted":
      return { ...state, toast: event.toast };
    case "doing-changed":
      return { ...state, doing: event.doing };
    case "plan-asked":
      return { ...state, planRound: state.planRound + 1 };
    case "load-started":
    case "loaded":
    case "load-failed":
    case "load-dropped":
      return { ...state, loads: nextLoads(state.loads, event) };
  }
}

/** Ways that can be returned to. */
const MAX_TRAIL = 32;

function withTrail({ routes, trail }: State): Pick<State, "trail"> {
  return { trail: [...trail.slice(-(MAX_TRAIL - 1)), routes] };
}

/** Without an entry when nothing is marked. */
function nextMarks(marks: State["marks"], key: string, next: Marks | undefined): State["marks"] {
  const { [key]: _, ...others } = marks;
  return next === undefined ? others : { ...others, [key]: next };
}

type RouteEvent = Extract<StoreEvent, { readonly kind: "opened" | "replaced" | "closed" }>;

function nextRoutes(routes: readonly Route[], event: RouteEvent): readonly Route[] {
  if (event.kind === "closed") return routes.slice(0, -1);
  const below = event.kind === "replaced" ? routes.slice(0, -1) : routes;
  // A screen that is already there is returned to, not put there twice.
  const at = below.findIndex((route) => routeKey(route) === routeKey(event.route));
  return at >= 0 ? below.slice(0, at + 1) : [...below.slice(-(MAX_ROUTES - 1)), event.route];
}

type LoadEvent = Extract<StoreEvent, { readonly kind: `load${string}` }>;

function nextLoads(loads: ReadonlyMap<string, Load>, event: LoadEvent): ReadonlyMap<string, Load> {
  const before = loads.get(event.name);
  // An answer to a question that is not asked any more.
  if (event.kind !== "load-started" && before?.key !== event.key) return loads;
  const next = new Map(loads);
  next.delete(event.name);
  next.set(event.name, loadAfter(before, event));
  for (const name of next.keys()) {
    if (next.size <= MAX_LOADS) break;
    next.delete(name);
  }
  return next;
}

function loadAfter(before: Load | undefined, event: LoadEvent): Load {
  const { key } = event;
  switch (event.kind) {
    case "load-started":
      return { key, isLoading: true, value: before?.value, problem: undefined };
    case "loaded":
      return { key, isLoading: false, value: event.value, problem: undefined };
    case "load-failed":
      return {
        key,
        isLoading: false,
        value: before?.value,
        problem: event.problem,
        isForbidden: event.isForbidden,
      };
    case "load-dropped":
      return { key: "", isLoading: false, value: before?.value, problem: undefined };
  }
}

/** With the server back, what failed is asked again. */
function retryLoads(state: State, link: Link): ReadonlyMap<string, Load> {
  if (link.kind !== "live" || state.link.kind === "live") return state.loads;
  return new Map([...state.loads].filter(([, load]) => load.problem === undefined && !load.isLoading));
}
