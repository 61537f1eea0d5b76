// Where the screens begin when they were asked for one endpoint, its plan, or one pool. Names become ids only once the
// server has told them; a person who has gone somewhere meanwhile is not pulled away.
import type { Route, State } from "./state.ts";
import { TOAST_MS } from "./state.ts";
import type { Store } from "./store.ts";

export type StartPlace =
  /** With `plan` what there is to decide or to watch: the operation under way, else the plan. */
  | { readonly kind: "endpoint"; readonly endpoint: string; readonly plan: boolean }
  | { readonly kind: "pool"; readonly pool: string };

/** Opens the place as soon as it is known; ends by itself then, and with the signal. */
export function startAt(store: Store, place: StartPlace, signal: AbortSignal): void {
  const look = (): void => {
    const state = store.getState();
    const found = placeRoutes(state, place);
    const isElsewhere = state.routes.length > 0 || state.dialog !== undefined;
    if (!isElsewhere && found === undefined && !isWhole(state)) return;
    stop();
    if (isElsewhere) return;
    if (found === undefined) sayUnknown(store, place);
    else {
      store.together(() => {
        for (const route of found) store.dispatch({ kind: "opened", route });
      });
    }
  };
  const stop = store.subscribe(look);
  signal.addEventListener("abort", stop, { once: true });
  look();
}

/** Undefined while it is not known. */
export function placeRoutes({ fleet }: State, place: StartPlace): readonly Route[] | undefined {
  if (place.kind === "pool") {
    const pool = fleet.pools.values().find(({ id, name }) => id === place.pool || name === place.pool);
    return pool === undefined ? undefined : [{ kind: "pool", poolId: pool.id }];
  }
  const endpoint = fleet.endpoints.values().find(({ id, name }) => id === place.endpoint || name === place.endpoint);
  if (endpoint === undefined) return undefined;
  const { id: endpointId, operationId } = endpoint;
  const screen: Route = { kind: "endpoint", endpointId };
  if (!place.plan) return [screen];
  return [
    screen,
    operationId === "" ? { kind: "plan", endpointId, isRevert: false } : { kind: "operation", operationId },
  ];
}

/** Every pool was told to its end: what is not there now is not there. */
function isWhole({ fleet }: State): boolean {
  return fleet.pools.size > 0 && fleet.pools.keys().every((id) => fleet.whole.has(id));
}

function sayUnknown(store: Store, place: StartPlace): void {
  const what = place.kind === "pool" ? `pool ${place.pool}` : `endpoint ${place.endpoint}`;
  const text = `there is no ${what} that this key may see`;
  store.dispatch({ kind: "toasted", toast: { tone: "notice", text, untilMs: store.getState().nowMs + TOAST_MS } });
}
