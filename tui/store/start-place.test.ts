import { expect, it } from "vitest";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { anEndpoint, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { type StartPlace, startAt } from "./start-place.ts";
import { initialState } from "./state.ts";
import { createStore, type Store } from "./store.ts";

const pool = aPool("studio");
const { signal } = new AbortController();
const plan: StartPlace = { kind: "endpoint", endpoint: "borealis", plan: true };

function startWith(place: StartPlace): Store {
  const store = createStore(initialState({ address: "here:7117", nowMs: NOW_MS }));
  startAt(store, place, signal);
  return store;
}

/** What a server says first: its pools, then everything in them. */
function tell(store: Store, more: Parameters<typeof anEndpoint>[1] = {}): void {
  const endpoint = anEndpoint("borealis", { poolId: pool.id, ...more });
  const events: readonly WatchEvent[] = [
    { kind: "snapshot-item", poolId: pool.id, item: { kind: "pool", pool } },
    { kind: "snapshot-item", poolId: pool.id, item: { kind: "endpoint", endpoint } },
    { kind: "snapshot-end", poolId: pool.id, revision: 1n, incarnation: "one" },
  ];
  store.dispatch({ kind: "pools-listed", pools: [pool], nowMs: NOW_MS });
  store.dispatch({ kind: "watched", events, nowMs: NOW_MS });
}

const kinds = (store: Store) => store.getState().routes.map(({ kind }) => kind);

it("opens a plan once the server has told the endpoint, with the endpoint below to go back to", () => {
  const store = startWith(plan);
  expect(kinds(store)).toEqual([]);
  tell(store);
  expect(kinds(store)).toEqual(["endpoint", "plan"]);
});

it("opens the operation that is under way instead of a plan", () => {
  const store = startWith(plan);
  tell(store, { operationId: "o-1", status: "pending-approval" });
  expect(store.getState().routes.at(-1)).toEqual({ kind: "operation", operationId: "o-1" });
});

it("opens a pool by its name", () => {
  const store = startWith({ kind: "pool", pool: "studio" });
  tell(store);
  expect(store.getState().routes).toEqual([{ kind: "pool", poolId: pool.id }]);
});

it("leaves a person alone who has gone elsewhere, and opens nothing a second time", () => {
  const store = startWith(plan);
  store.dispatch({ kind: "opened", route: { kind: "history", poolId: pool.id } });
  tell(store);
  expect(kinds(store)).toEqual(["history"]);
  const other = startWith(plan);
  tell(other);
  other.dispatch({ kind: "closed" });
  tell(other);
  expect(kinds(other)).toEqual(["endpoint"]);
});

it("says so when there is no such endpoint", () => {
  const store = startWith({ kind: "endpoint", endpoint: "nobody", plan: true });
  tell(store);
  expect(kinds(store)).toEqual([]);
  expect(store.getState().toast?.text).toContain("no endpoint nobody");
});
