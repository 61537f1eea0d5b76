// The whole app on a server that answers from memory: for tests that press keys and read what is drawn.
import { stripVTControlCharacters } from "node:util";
import { render } from "ink-testing-library";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { App } from "../../tui/app.tsx";
import { followServer } from "../../tui/store/feed.ts";
import { loadNeeds } from "../../tui/store/load-needs.ts";
import type { Effect } from "../../tui/store/outcome.ts";
import { findOperation, performDeed } from "../../tui/store/perform-deed.ts";
import { planPool, startMany } from "../../tui/store/pool-sync.ts";
import { createSelect } from "../../tui/store/select.ts";
import { initialState } from "../../tui/store/state.ts";
import { createStore } from "../../tui/store/store.ts";
import { createTheme } from "../../tui/theme.ts";
import { eventually } from "./eventually.ts";
import { anEndpoint, anOperation, aPlan, aPool, aTarget, counts, driftLine, NOW_MS } from "./tui-data.ts";
import type { RecordedServer } from "./tui-server.ts";

export const ENTER = "\r";
export const ESCAPE = "\u001b";

export const STUDIO_ENDPOINTS = [
  anEndpoint("borealis", { status: "behind", counts: counts({ older: 2 }), reasons: ["2 packages are older"] }),
  anEndpoint("atlas"),
  anEndpoint("cassini", { status: "behind", isOnline: false, counts: counts({ older: 9 }) }),
];
const DRIFT = {
  kind: "drift",
  targetRevision: 4,
  items: [
    driftLine("firefox", { installed: "125.0-1", wanted: "126.0-1", why: "the view has 126.0-1" }),
    driftLine("vim"),
  ],
} as const;

/** One snapshot of these pools, all endpoints in the first. */
export function snapshotOf(
  pools: readonly PoolView[],
  endpoints: readonly EndpointView[] = STUDIO_ENDPOINTS,
): readonly WatchEvent[] {
  const item = (item: Extract<WatchEvent, { kind: "snapshot-item" }>["item"]): WatchEvent => ({
    kind: "snapshot-item",
    poolId: "p-studio",
    item,
  });
  return [
    ...pools.map((pool) => item({ kind: "pool", pool })),
    ...endpoints.map((endpoint) => item({ kind: "endpoint", endpoint })),
    { kind: "snapshot-end", poolId: "p-studio", revision: 1n, incarnation: "one" },
  ];
}

/** A pool of three: one in sync, one behind, one behind and asleep. */
export const STUDIO = {
  pools: [aPool()],
  events: snapshotOf([aPool()]),
  answers: {
    "drift e-atlas": { kind: "drift", targetRevision: 4, items: [] },
    "drift e-borealis": DRIFT,
    "drift e-cassini": DRIFT,
    "plan e-borealis": { kind: "plan", plan: aPlan() },
    "history p-studio": {
      kind: "history",
      targets: [aTarget(), aTarget({ revision: 3, bad: true, message: "broken mesa" }), aTarget({ revision: 2 })],
    },
  },
  started: anOperation("op-1"),
} as const;

/** Below the time of a test, so that a failure shows the screen. */
const SHOWN_TIMEOUT_MS = 5_000;

export function openApp(server: RecordedServer, size = { columns: 80, rows: 24 }, hasColour = true) {
  const store = createStore(initialState({ address: "server:7117", endpointName: "atlas", nowMs: NOW_MS, ...size }));
  const select = createSelect();
  const ending = new AbortController();
  const { signal } = ending;
  const tools = { server, store, signal, now: () => NOW_MS, random: () => 0, newKey: () => "key" };
  const effects: Effect[] = [];
  const perform = (effect: Effect): void => {
    effects.push(effect);
    if (effect.kind === "plan-pool") void planPool(effect, tools);
    if (effect.kind === "deed" && effect.deed.kind === "start-many") void startMany(effect.deed, tools);
    else if (effect.kind === "deed") void performDeed(effect.deed, tools);
    if (effect.kind === "find-operation") void findOperation(effect.endpointId, tools);
  };
  const { stdin, lastFrame, unmount } = render(
    <App store={store} select={select} theme={createTheme(hasColour)} perform={perform} />,
  );
  const loads = loadNeeds(store, select, server, signal);
  void followServer(tools);
  const dispose = (): void => {
    ending.abort();
    loads[Symbol.dispose]();
    unmount();
  };
  const plain = (): string => stripVTControlCharacters(lastFrame() ?? "");
  const shows = (text: string | RegExp): Promise<string> =>
    eventually(
      `the screen shows ${String(text)}`,
      () => {
        const frame = plain();
        return (typeof text === "string" ? frame.includes(text) : text.test(frame)) ? frame : undefined;
      },
      SHOWN_TIMEOUT_MS,
    ).catch((cause: unknown) => {
      throw new Error(`the screen does not show ${String(text)}; it shows:\n${plain()}`, { cause });
    });
  return { store, stdin, shows, plain, effects, raw: () => lastFrame() ?? "", [Symbol.dispose]: dispose };
}
