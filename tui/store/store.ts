// Holds the state and tells when it changed. Several events of one moment are told once.
import { reduce, type StoreEvent } from "./reduce.ts";
import type { State } from "./state.ts";

export interface Store {
  readonly getState: () => State;
  readonly dispatch: (event: StoreEvent) => void;
  /** Listeners hear of everything dispatched within `work` once, at its end. */
  readonly together: (work: () => void) => void;
  /** Returns what ends the subscription. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  let depth = 0;
  let isStale = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    if (depth > 0 || !isStale) return;
    isStale = false;
    for (const listener of listeners) listener();
  };
  return {
    getState: () => state,
    dispatch: (event) => {
      const next = reduce(state, event);
      isStale ||= next !== state;
      state = next;
      tell();
    },
    together: (work) => {
      depth += 1;
      try {
        work();
      } finally {
        depth -= 1;
        tell();
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
