import { afterEach, describe, expect, it } from "vitest";
import { Refusal } from "../../domain/refusal.ts";
import type { WatchEvent, WatchScope } from "../../rpc/codec/watch.ts";
import { eventually } from "../../test/support/eventually.ts";
import { anEndpoint, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { recordedServer } from "../../test/support/tui-server.ts";
import { followServer } from "./feed.ts";
import type { Server } from "./server.ts";
import { initialState, type State } from "./state.ts";
import { createStore } from "./store.ts";

const pool = aPool();
const snapshot: readonly WatchEvent[] = [
  { kind: "snapshot-item", poolId: pool.id, item: { kind: "pool", pool } },
  { kind: "snapshot-end", poolId: pool.id, revision: 7n, incarnation: "one" },
];

const ending: AbortController[] = [];
afterEach(() => {
  for (const one of ending.splice(0)) one.abort(new Error("the test is over"));
});

function follow(server: Server) {
  const store = createStore(initialState({ address: "server:7117", nowMs: NOW_MS }));
  const end = new AbortController();
  ending.push(end);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  void followServer({ server, store, signal: end.signal, now: () => performance.now(), random: () => 0 });
  const becomes = (what: string, holds: (state: State) => boolean): Promise<State> =>
    eventually(what, () => (holds(store.getState()) ? store.getState() : undefined));
  return { store, becomes, told: () => told };
}

describe("the feed", () => {
  it("resumes after the revision that it had when the line broke", async () => {
    const server = recordedServer({ pools: [pool], events: snapshot });
    const scopes: WatchScope[] = [];
    const watch: Server["watch"] = (scope, signal) => {
      scopes.push({ ...scope, tokens: new Map(scope.tokens) });
      return server.watch(scope, signal);
    };
    const { becomes } = follow({ ...server, watch });
    await becomes("whole", ({ fleet }) => fleet.whole.has(pool.id));
    server.tell({ kind: "batch", poolId: pool.id, revision: 9n, items: [] });
    server.cut(new Error("broken"));
    await becomes("lost", ({ link }) => link.kind === "lost");
    await becomes("live", ({ link }) => link.kind === "live");
    expect(scopes.map(({ tokens, incarnation }) => [...(tokens ?? [])].concat([[String(incarnation), 0n]]))).toEqual([
      [["", 0n]],
      [
        [pool.id, 9n],
        ["one", 0n],
      ],
    ]);
  });

  it("hands a burst over in one piece, and what follows a few times a second", async () => {
    const server = recordedServer({ pools: [pool], events: snapshot });
    const { becomes, told } = follow(server);
    await becomes("whole", ({ fleet }) => fleet.whole.has(pool.id));
    const before = told();
    for (let index = 0; index < 500; index += 1) {
      const endpoint = anEndpoint(`host-${index}`);
      server.tell({ kind: "batch", poolId: pool.id, revision: 8n, items: [{ kind: "endpoint", endpoint }] });
    }
    await becomes("all there", ({ fleet }) => fleet.endpoints.size === 500);
    expect(told() - before).toBeLessThanOrEqual(2);
  });

  it("waits for the end of a snapshot, so that a list does not grow under the fingers", async () => {
    const server = recordedServer({ pools: [pool], events: [] });
    const { becomes, store } = follow(server);
    const sizes = new Set<number>();
    store.subscribe(() => sizes.add(store.getState().fleet.endpoints.size));
    await becomes("live", ({ link }) => link.kind === "live");
    for (const name of ["atlas", "borealis"]) {
      const item = { kind: "endpoint", endpoint: anEndpoint(name) } as const;
      server.tell({ kind: "snapshot-item", poolId: pool.id, item });
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const event of snapshot) server.tell(event);
    await becomes("whole", ({ fleet }) => fleet.whole.has(pool.id));
    expect(sizes).toEqual(new Set([0, 2]));
  });

  it("says that it is not let in, instead of trying for ever in silence", async () => {
    const server = recordedServer({ pools: [], events: [] });
    const listPools = () => Promise.reject(new Refusal("WRONG_KEY"));
    const { becomes } = follow({ ...server, listPools });
    const { link } = await becomes("refused", (state) => state.link.kind === "refused");
    expect(link).toMatchObject({ because: "the key is not one of this server's, or it was revoked" });
  });

  it("comes back after a drain, within the window that the server gave", async () => {
    const server = recordedServer({ pools: [pool], events: snapshot });
    const { becomes } = follow(server);
    await becomes("live", ({ link }) => link.kind === "live");
    server.tell({ kind: "drain", maxDelayMs: 500 });
    await becomes("lost", ({ link }) => link.kind === "lost");
    await becomes("live again", ({ link }) => link.kind === "live");
  });
});
