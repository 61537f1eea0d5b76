// Fetches what the screen in front needs, as soon as it rests there for a moment: whoever scrolls through a thousand
// endpoints asks for the drift of one.
import { type Need, needOf } from "./needs.ts";
import type { Select } from "./select.ts";
import { sentenceOf } from "./sentence.ts";
import type { Server } from "./server.ts";
import type { LoadedValue } from "./state.ts";
import type { Store } from "./store.ts";

/** How long a selection must rest, ms. */
const REST_MS = 80;

/** Returns what ends it. A question that is not asked any more is cancelled. */
export function loadNeeds(store: Store, select: Select, server: Server, outer: AbortSignal): Disposable {
  let resting: { readonly need: Need; readonly timer: NodeJS.Timeout } | undefined;
  let asking = new AbortController();
  const check = (): void => {
    const need = outer.aborted ? undefined : needOf(store.getState(), select);
    if (resting !== undefined && resting.need.name === need?.name && resting.need.key === need.key) return;
    clearTimeout(resting?.timer);
    resting = undefined;
    if (need === undefined) return;
    resting = {
      need,
      timer: setTimeout(() => {
        resting = undefined;
        asking.abort(new Error("another question is asked"));
        asking = new AbortController();
        void answer(store, server, need, AbortSignal.any([outer, asking.signal]));
      }, REST_MS),
    };
  };
  const unsubscribe = store.subscribe(check);
  check();
  return {
    [Symbol.dispose]: () => {
      unsubscribe();
      clearTimeout(resting?.timer);
      asking.abort(new Error("the screen is closed"));
    },
  };
}

async function answer(store: Store, server: Server, need: Need, signal: AbortSignal): Promise<void> {
  const { name, key } = need;
  store.dispatch({ kind: "load-started", name, key });
  try {
    store.dispatch({ kind: "loaded", name, key, value: await ask(server, need, signal) });
  } catch (error) {
    if (signal.aborted) store.dispatch({ kind: "load-dropped", name, key });
    else store.dispatch({ kind: "load-failed", name, key, problem: sentenceOf(error) });
  }
}

function ask(server: Server, need: Need, signal: AbortSignal): Promise<LoadedValue> {
  switch (need.kind) {
    case "drift":
      return server.drift(need.endpointId, signal);
    case "plan":
      return server.plan(need.endpointId, need.isRevert, signal);
    case "history":
      return server.history(need.poolId, signal);
    case "operation":
      return server.operation(need.operationId, signal);
  }
}
