// How many rows each part of a screen has, so that drawing and paging agree. Lists take what they need, details the rest.
import { inhabitedPools, type Select } from "./select.ts";
import type { Route, State } from "./state.ts";

export const MIN_COLUMNS = 60;
export const MIN_ROWS = 16;

/** Header and footer. */
const CHROME_ROWS = 2;
/** Border above and below. */
const BORDER_ROWS = 2;
/** Below this a panel shows nothing worth its border. */
const MIN_DETAIL_ROWS = 6;

export interface Layout {
  /** Rows of the whole panel that holds the list. */
  readonly list: number;
  /** Rows of the panel below or above it; 0 for none. */
  readonly detail: number;
  /** Rows of the list itself that are visible. */
  readonly visible: number;
}

export function isTooSmall(state: State): boolean {
  return state.size.columns < MIN_COLUMNS || state.size.rows < MIN_ROWS;
}

export function layoutOf(state: State, route: Route, select: Select): Layout {
  const body = state.size.rows - CHROME_ROWS;
  switch (route.kind) {
    case "dashboard":
    case "pools":
      // A line of headings.
      return share(body, Math.max(1, inhabitedPools(state.fleet.pools).length), 1);
    case "pool":
      // The target's line and the headings.
      return share(body, Math.max(1, select.endpoints(state, route.poolId).length), 2);
    case "endpoints":
      return share(body, Math.max(1, select.endpoints(state, "").length), 2);
    case "history":
      return share(body, Math.max(1, select.targets(state, route.poolId).length), 1);
    case "endpoint":
      // The headings, and two lines of why.
      return below(body, 7, 3);
    case "plan":
      return below(body, 6, 2);
    default:
      // Two lines of why.
      return below(body, 5, 2);
  }
}

/** The list above takes what it needs, as long as a useful detail is left. `extra` are its lines that are no rows. */
function share(body: number, count: number, extra: number): Layout {
  const wanted = count + extra + BORDER_ROWS;
  const most = Math.max(Math.ceil(body / 2), body - MIN_DETAIL_ROWS - 4);
  const list = Math.min(wanted, most);
  const detail = body - list;
  if (detail < MIN_DETAIL_ROWS) return { list: body, detail: 0, visible: body - extra - BORDER_ROWS };
  return { list, detail, visible: list - extra - BORDER_ROWS };
}

/** Facts of a fixed height above, the list has the rest. */
function below(body: number, detail: number, extra: number): Layout {
  return { list: body - detail, detail, visible: Math.max(1, body - detail - extra - BORDER_ROWS) };
}
