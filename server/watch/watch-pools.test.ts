import { describe, expect, it } from "vitest";
import type { WatchItem, WatchResponse } from "../../proto/generated/pacpool/v1/watch.ts";
import { eventually } from "../../test/support/eventually.ts";
import type { PoolChanges, WatchBell, WatchDesk } from "./desk.ts";
import { type WatchScope, watchPools } from "./watch-pools.ts";

/** A database of pools as lists of revisions; changes at a revision are endpoint ids. */
class FakePools implements WatchDesk {
  readonly incarnation = "one";
  readonly pools = new Map<string, { readonly items: string[]; compactedTo: number }>();
  readonly bells = new Set<WatchBell>();
  reads = 0;

  add(poolId: string, items: readonly string[] = []): void {
    this.pools.set(poolId, { items: [...items], compactedTo: 0 });
  }

  change(poolId: string, endpointId: string, rings = true): void {
    this.pools.get(poolId)?.items.push(endpointId);
    if (rings) {
      for (const bell of this.bells) {
        bell.onMoved(poolId);
      }
    }
  }

  poolIds = async (references: readonly string[]) => references;
  allPoolIds = async () => [...this.pools.keys()];
  endpointId = async (reference: string) => reference;

  snapshot = async (poolId: string) => {
    const pool = this.pools.get(poolId);
    return pool === undefined
      ? undefined
      : { revision: pool.items.length, items: [...new Set(pool.items)].map(removed) };
  };

  changes = async (poolId: string, after: number): Promise<PoolChanges> => {
    this.reads += 1;
    const pool = this.pools.get(poolId);
    if (pool === undefined) {
      return { kind: "gone" };
    }
    if (after < pool.compactedTo) {
      return { kind: "compacted", compactRevision: pool.compactedTo };
    }
    const revision = pool.items.length;
    const items = [...new Set(pool.items.slice(after))].map(removed);
    return items.length === 0
      ? { kind: "quiet", revision }
      : { kind: "batch", batch: { poolId, revision: BigInt(revision), items } };
  };

  subscribe = (bell: WatchBell): Disposable => {
    this.bells.add(bell);
    return { [Symbol.dispose]: () => void this.bells.delete(bell) };
  };
}

function removed(value: string): WatchItem {
  return { item: { $case: "removedEndpointId", value } };
}

function word(item: WatchItem | undefined): string {
  return typeof item?.item?.value === "string" ? item.item.value : "";
}

/** One event as a short word. */
function told(response: WatchResponse): string {
  const { event } = response;
  switch (event?.$case) {
    case "snapshotItem":
      return `item ${word(event.value.item)}`;
    case "snapshotEnd":
      return `${event.value.poolId}@${String(event.value.revision)}`;
    case "batch":
      return `${event.value.poolId}=${String(event.value.revision)}: ${event.value.items.map((item) => `${item.item?.$case ?? ""} ${word(item)}`).join(", ")}`;
    case "bookmark":
      return `bookmark ${event.value.poolId}@${String(event.value.revision)}`;
    case "resyncRequired":
      return `resync ${event.value.poolId}`;
    case "progress":
      return `progress ${event.value.operationId} ${String(event.value.percent)}`;
    default:
      return event?.$case ?? "nothing";
  }
}

const ALL: WatchScope = {
  poolIds: undefined,
  resume: new Map(),
  foreignTokens: new Set(),
  filter: { isSummary: false, endpointId: undefined },
  wantsProgress: false,
  minIntervalMs: 1,
};

function open(desk: FakePools, scope: Partial<WatchScope> = {}, bookmarkMs = 60_000) {
  const [gone, drain] = [new AbortController(), new AbortController()];
  const events = watchPools({ ...ALL, ...scope }, { desk, signal: gone.signal, draining: drain.signal, bookmarkMs });
  const next = async (): Promise<string> => {
    const { value } = await events.next();
    return value === undefined ? "end" : told(value);
  };
  return { next, gone, drain, events };
}

describe("a watch", () => {
  it("begins with a snapshot of every pool, then tells each change once and in order", async () => {
    const desk = new FakePools();
    desk.add("a", ["x"]);
    desk.add("b");
    const { next } = open(desk);
    expect([await next(), await next(), await next()]).toEqual(["item x", "a@1", "b@0"]);
    const batch = next();
    desk.change("a", "y");
    expect(await batch).toBe("a=2: removedEndpointId y");
    const other = next();
    desk.change("b", "z");
    expect(await other).toBe("b=1: removedEndpointId z");
  });

  it("gathers what happens while its reader is slow into one batch, and reads nothing meanwhile", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next } = open(desk);
    expect(await next()).toBe("a@0");
    const first = next();
    desk.change("a", "first");
    await first;
    const reads = desk.reads;
    for (let at = 0; at < 1_000; at += 1) {
      desk.change("a", "same");
    }
    expect(desk.reads).toBe(reads);
    expect(await next()).toBe("a=1001: removedEndpointId same");
  });

  it("tells a change at once that comes right after a bell for nothing", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next } = open(desk, { minIntervalMs: 60_000 });
    await next();
    const batch = next();
    const reads = desk.reads;
    for (const bell of desk.bells) bell.onMoved("a");
    await eventually("a look for nothing", () => desk.reads > reads || undefined);
    desk.change("a", "x");
    expect(await batch).toBe("a=1: removedEndpointId x");
  });

  it("misses nothing that happens between its snapshot and its first wait", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next } = open(desk);
    await next();
    desk.change("a", "early");
    expect(await next()).toBe("a=1: removedEndpointId early");
  });

  it("resumes after a revision, or says at once that nothing was missed", async () => {
    const desk = new FakePools();
    desk.add("a", ["x", "y", "z"]);
    expect(await open(desk, { poolIds: ["a"], resume: new Map([["a", 1]]) }).next()).toBe(
      "a=3: removedEndpointId y, removedEndpointId z",
    );
    expect(await open(desk, { poolIds: ["a"], resume: new Map([["a", 3]]) }).next()).toBe("bookmark a@3");
  });

  it("asks for a resync with a snapshot when the revision was compacted or is of another incarnation", async () => {
    const desk = new FakePools();
    desk.add("a", ["x", "y"]);
    const pool = desk.pools.get("a");
    if (pool !== undefined) {
      pool.compactedTo = 2;
    }
    const compacted = open(desk, { poolIds: ["a"], resume: new Map([["a", 1]]) });
    expect([await compacted.next(), await compacted.next(), await compacted.next(), await compacted.next()]).toEqual([
      "resync a",
      "item x",
      "item y",
      "a@2",
    ]);
    const foreign = open(desk, { poolIds: ["a"], foreignTokens: new Set(["a"]) });
    expect([await foreign.next(), await foreign.next()]).toEqual(["resync a", "item x"]);
  });

  it("gives a snapshot of a pool that is made later, and tells the end of one once", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next } = open(desk);
    await next();
    desk.add("b");
    const made = next();
    desk.change("b", "x");
    expect([await made, await next()]).toEqual(["item x", "b@1"]);
    const deleted = next();
    desk.pools.delete("a");
    desk.bells.forEach((bell) => {
      bell.onMoved("a");
    });
    expect(await deleted).toBe("a=1: removedPoolId a");
  });

  it("does not tell pools that nobody asked for", async () => {
    const desk = new FakePools();
    desk.add("a");
    desk.add("b");
    const { next } = open(desk, { poolIds: ["a"] }, 20);
    expect(await next()).toBe("a@0");
    desk.change("b", "x");
    expect(await next()).toBe("bookmark a@0");
  });

  it("sends the newest progress of an operation only, and only if asked", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next } = open(desk, { wantsProgress: true });
    await next();
    for (const percent of [1, 2, 3]) {
      desk.bells.forEach((bell) => {
        bell.onProgress("a", { operationId: "o", endpointId: "e", step: 1, percent, message: "" });
      });
    }
    expect(await next()).toBe("progress o 3");
  });

  it("bookmarks every pool and says goodbye when the server stops", async () => {
    const desk = new FakePools();
    desk.add("a", ["x"]);
    const { next, drain } = open(desk, { poolIds: ["a"], resume: new Map([["a", 1]]) });
    expect(await next()).toBe("bookmark a@1");
    const last = next();
    drain.abort(2_000);
    expect([await last, await next(), await next()]).toEqual(["bookmark a@1", "drain", "end"]);
    expect(desk.bells.size).toBe(0);
  });

  it("lets go of the bell when its caller is gone", async () => {
    const desk = new FakePools();
    desk.add("a");
    const { next, gone } = open(desk);
    await next();
    const end = next();
    gone.abort();
    expect(await end).toBe("end");
    expect(desk.bells.size).toBe(0);
  });
});
