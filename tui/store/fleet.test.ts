import { describe, expect, it } from "vitest";
import type { WatchEvent, WatchedItem } from "../../rpc/codec/watch.ts";
import { anEndpoint, anOperation, aPool, NOW_MS } from "../../test/support/tui-data.ts";
import { listPools, watchFleet } from "./fleet.ts";
import { type Fleet, initialState } from "./state.ts";

const EMPTY = initialState({ nowMs: NOW_MS }).fleet;
const POOL = "p-studio";

const told = (item: WatchedItem): WatchEvent => ({ kind: "snapshot-item", poolId: POOL, item });
const end: WatchEvent = { kind: "snapshot-end", poolId: POOL, revision: 1n, incarnation: "one" };
const batch = (...items: readonly WatchedItem[]): WatchEvent => ({ kind: "batch", poolId: POOL, revision: 2n, items });

function snapshot(...items: readonly WatchedItem[]): Fleet {
  return watchFleet(EMPTY, [...items.map(told), end], NOW_MS);
}

const atlas: WatchedItem = { kind: "endpoint", endpoint: anEndpoint("atlas") };
const borealis: WatchedItem = { kind: "endpoint", endpoint: anEndpoint("borealis") };

describe("a watched fleet", () => {
  it("has what the snapshot told", () => {
    const fleet = snapshot({ kind: "pool", pool: aPool() }, atlas, borealis);
    expect([...fleet.endpoints.keys()]).toEqual(["e-atlas", "e-borealis"]);
    expect(fleet.whole.has(POOL)).toBe(true);
  });

  it("loses what a later snapshot does not tell, of that pool only", () => {
    const other = anEndpoint("kiosk", { poolId: "p-kiosks" });
    const before = watchFleet(snapshot(atlas, borealis), [batch({ kind: "endpoint", endpoint: other })], NOW_MS);
    const fleet = watchFleet(before, [{ kind: "resync-required", poolId: POOL }, told(atlas), end], NOW_MS);
    expect([...fleet.endpoints.keys()]).toEqual(["e-atlas", "e-kiosk"]);
  });

  it("forgets the part of a snapshot that a broken line left", () => {
    const half = watchFleet(snapshot(atlas, borealis), [told(atlas)], NOW_MS);
    const again = listPools(half, [aPool()], NOW_MS);
    expect(watchFleet(again, [told(borealis), end], NOW_MS).endpoints.has("e-atlas")).toBe(false);
  });

  it("keeps an endpoint that came to another pool before its old pool told that it left", () => {
    const moved: WatchedItem = { kind: "endpoint", endpoint: anEndpoint("atlas", { poolId: "p-kiosks" }) };
    const fleet = watchFleet(
      snapshot(atlas),
      [
        { kind: "batch", poolId: "p-kiosks", revision: 7n, items: [moved] },
        batch({ kind: "endpoint-removed", id: "e-atlas" }),
      ],
      NOW_MS,
    );
    expect(fleet.endpoints.get("e-atlas")?.poolId).toBe("p-kiosks");
  });

  it("drops a pool that was deleted, with everything in it", () => {
    const fleet = watchFleet(snapshot(atlas), [batch({ kind: "pool-removed", id: POOL })], NOW_MS);
    expect([fleet.pools.size, fleet.endpoints.size]).toEqual([0, 0]);
  });

  it("drops pools that were deleted while nobody listened", () => {
    expect(listPools(snapshot({ kind: "pool", pool: aPool() }, atlas), [], NOW_MS).endpoints.size).toBe(0);
  });

  it("shows progress of what runs, and not of what has finished", () => {
    const running: WatchedItem = { kind: "operation", operation: anOperation("op", { state: "delivered" }) };
    const done: WatchedItem = {
      kind: "operation",
      operation: anOperation("done", { state: "succeeded", percent: 100 }),
    };
    const progress = (operationId: string): WatchEvent => ({
      kind: "progress",
      progress: { operationId, endpointId: "e-borealis", step: "proof", percent: 80, message: "" },
    });
    const { operations } = watchFleet(
      snapshot(running, done),
      [progress("op"), progress("done"), progress("?")],
      NOW_MS,
    );
    expect(operations.get("op")).toMatchObject({ state: "running", step: "proof", percent: 80 });
    expect(operations.get("op")?.message).toBe("upgrading firefox (3/7)");
    expect(operations.get("done")).toMatchObject({ state: "succeeded", percent: 100 });
    expect(operations.size).toBe(2);
  });

  it("leaves everything as it was for signs of life, so that nothing is computed again", () => {
    const before = snapshot(atlas);
    const after = watchFleet(before, [{ kind: "bookmark", poolId: POOL, revision: 3n }], NOW_MS + 1);
    expect(after.endpoints).toBe(before.endpoints);
    expect(after.heardAtMs).toBe(NOW_MS + 1);
  });
});
