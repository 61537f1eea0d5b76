import { describe, expect, it } from "vitest";
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import { encodeStatusCounts } from "../rpc/codec/pool.ts";
import type { decodeWatchResponse } from "../rpc/codec/watch.ts";
import { WatchedState } from "./watched-state.ts";

type Message = Parameters<typeof decodeWatchResponse>[0];
type Item = Extract<NonNullable<Message["event"]>, { $case: "snapshotItem" }>["value"]["item"];

const none = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;

function poolItem(id: string, counts: Partial<Record<SyncStatus, number>>): Item {
  const all = { ...none, ...counts };
  const endpoints = Object.values(all).reduce((sum, one) => sum + one, 0);
  const value = { id, name: id, endpoints, online: endpoints, counts: encodeStatusCounts(all) };
  return { item: { $case: "pool", value } } as unknown as Item;
}

function endpointItem(more: Readonly<Record<string, unknown>>): Item {
  const value = {
    id: "e",
    name: "alpha",
    poolId: "main",
    pool: "main",
    status: 9,
    reasons: [],
    online: true,
    inbox: 0,
  };
  return { item: { $case: "endpoint", value: { ...value, ...more } } } as unknown as Item;
}

const snapshot = (poolId: string, item: Item): Message => ({
  event: { $case: "snapshotItem", value: { poolId, item } },
});

const snapshotEnd = (poolId: string, snapshotsLeft: number): Message => ({
  event: { $case: "snapshotEnd", value: { poolId, revision: 1n, incarnation: "i", snapshotsLeft } },
});

const batch = (poolId: string, ...items: NonNullable<Item>[]): Message => ({
  event: { $case: "batch", value: { poolId, revision: 2n, items } },
});

describe("what a fleet's bar knows", () => {
  it("is not shown before every pool has told: half a fleet looks too green", () => {
    const state = new WatchedState({ kind: "fleet" });
    state.take(snapshot("main", poolItem("main", { "in-sync": 3 })));
    state.take(snapshotEnd("main", 1));
    expect(state.isWhole).toBe(false);
    state.take(snapshot("lab", poolItem("lab", { degraded: 1 })));
    state.take(snapshotEnd("lab", 0));
    expect(state.isWhole).toBe(true);
    const summary = state.summary(undefined);
    expect(summary.kind === "pools" && summary.pools.pools.map(({ name }) => name)).toEqual(["lab", "main"]);
  });

  it("follows what comes and goes, and a sign of life is no news", () => {
    const state = new WatchedState({ kind: "fleet" });
    state.take(snapshot("main", poolItem("main", { "in-sync": 3 })));
    state.take(snapshotEnd("main", 0));
    const lab = poolItem("lab", { behind: 1 });
    expect(lab !== undefined && state.take(batch("lab", lab))).toBe(true);
    expect(state.take(batch("main", { item: { $case: "removedPoolId", value: "main" } }))).toBe(true);
    expect(state.take({ event: { $case: "bookmark", value: { poolId: "lab", revision: 3n } } })).toBe(false);
    const summary = state.summary(7);
    expect(summary.kind === "pools" && summary.pools).toMatchObject({ offlineSinceMs: 7, pools: [{ name: "lab" }] });
  });

  it("is whole at the first sign of life of a server without pools", () => {
    const state = new WatchedState({ kind: "fleet" });
    state.take({ event: { $case: "bookmark", value: { poolId: "", revision: 0n } } });
    expect(state.isWhole).toBe(true);
  });
});

describe("what an endpoint's bar knows", () => {
  const open = (more: Readonly<Record<string, unknown>>) => {
    const state = new WatchedState({ kind: "endpoint", endpoint: "alpha" });
    state.take(snapshot("main", poolItem("main", { "in-sync": 3 })));
    state.take(snapshot("main", endpointItem(more)));
    state.take(snapshotEnd("main", 0));
    const summary = state.summary(undefined);
    return summary.kind === "endpoint" ? summary.endpoint : undefined;
  };

  it("has its pool as the fleet, what waits there, and since when it sleeps", () => {
    expect(open({ inbox: 2 })).toMatchObject({ inbox: 2, fleet: { endpoints: 3, counts: { "in-sync": 3 } } });
    expect(open({})).not.toHaveProperty("asleepSinceMs");
    expect(open({ online: false, lastSeen: new Date(5) })).toMatchObject({ asleepSinceMs: 5 });
  });

  it("has the packages by name once they were asked for, and asks again when others may differ", () => {
    const state = new WatchedState({ kind: "endpoint", endpoint: "alpha" });
    const names = () => {
      const summary = state.summary(undefined);
      return summary.kind === "endpoint" ? summary.endpoint.drift?.map(({ name }) => name) : undefined;
    };
    state.take(snapshot("main", poolItem("main", { behind: 1 })));
    state.take(snapshot("main", endpointItem({ counts: { older: 2, held: 1 }, digest: "one" })));
    const unnamed = state.unnamedDrift();
    expect(unnamed?.endpointId).toBe("e");
    expect(names()).toBeUndefined();
    const line = { name: "linux", kind: "older", installed: "1", wanted: "2", why: "" } as const;
    state.nameDrift(unnamed?.key ?? "", [line, { ...line, name: "kept", kind: "held" }]);
    expect(names()).toEqual(["linux"]);
    expect(state.unnamedDrift()).toBeUndefined();
    state.take(snapshot("main", endpointItem({ counts: { older: 2, held: 1 }, digest: "two" })));
    expect(names()).toBeUndefined();
    expect(state.unnamedDrift()?.key).not.toBe(unnamed?.key);
    state.take(snapshot("main", endpointItem({ counts: { held: 1 }, digest: "three" })));
    expect(state.unnamedDrift()).toBeUndefined();
  });

  it("says so when there is none by that name", () => {
    const state = new WatchedState({ kind: "endpoint", endpoint: "omega" });
    expect(state.summary(undefined)).toMatchObject({ kind: "problem", problem: "endpoint" });
  });
});
