// Fetches what the screen in front needs, as soon as it rests there for a moment: whoever scrolls through a thousand
// endpoints asks for the drift of one.
import { type Need, needOf } from "./needs.ts";
import type { StoreEvent } from "./reduce.ts";
import type { Select } from "./select.ts";
import { isForPerson, sentenceOf } from "./sentence.ts";
import type { Server } from "./server.ts";
import type { LoadedValue } from "./state.ts";
import type { Store } from "./store.ts";

/** How long a selection must rest, ms. */
const REST_MS = 80;

/** A quicker answer is drawn at once, without a frame before it that says that it is awaited; ms. */
const PATIENCE_MS = 120;

/** Returns what ends it. A question that is not asked any more is cancelled. */
export function loadNeeds(store: Store, select: Select, server: Server, outer: AbortSignal): Disposable {
  let resting: { readonly need: Need; readonly timer: NodeJS.Timeout } | undefined;
  let asked: { readonly need: Need; readonly ending: AbortController } | undefined;
  const start = (need: Need): void => {
    resting = undefined;
    asked?.ending.abort(new Error("another question is asked"));
    const mine = { need, ending: new AbortController() };
    asked = mine;
    void answer(store, server, need, AbortSignal.any([outer, mine.ending.signal])).finally(() => {
      if (asked === mine) asked = undefined;
      check();
    });
  };
  const check = (): void => {
    const need = outer.aborted ? undefined : needOf(store.getState(), select);
    if (isSame(resting?.need, need)) return;
    clearTimeout(resting?.timer);
    resting = undefined;
    if (need === undefined || isSame(asked?.need, need)) return;
    resting = { need, timer: setTimeout(start, REST_MS, need) };
  };
  const unsubscribe = store.subscribe(check);
  check();
  return {
    [Symbol.dispose]: () => {
      unsubscribe();
      clearTimeout(resting?.timer);
      asked?.ending.abort(new Error("the screen is closed"));
    },
  };
}

function isSame(one: Need | undefined, other: Need | undefined): boolean {
  return one?.name === other?.name && one?.key === other?.key;
}

async function answer(store: Store, server: Server, need: Need, signal: AbortSignal): Promise<void> {
  const { name, key } = need;
  const started = { kind: "load-started", name, key } as const;
  const patience = setTimeout(() => store.dispatch(started), PATIENCE_MS);
  const end = (event: StoreEvent): void => {
    clearTimeout(patience);
    // Nobody draws the answer to a question that is not asked any more, but it may be asked again.
    store.together(() => {
      if (!signal.aborted) store.dispatch(started);
      store.dispatch(event);
    });
  };
  try {
    end({ kind: "loaded", name, key, value: await ask(server, need, signal) });
  } catch (error) {
    if (signal.aborted) end({ kind: "load-dropped", name, key });
    else end({ kind: "load-failed", name, key, problem: sentenceOf(error), isForbidden: isForPerson(error) });
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
    case "overview":
      return server.overview(signal);
    case "list":
      return server.list(need.route, signal);
  }
}
