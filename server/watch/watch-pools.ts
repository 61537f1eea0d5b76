// One watch as an async generator: snapshots, then whole revisions in order, each once. It holds a revision per pool and
// what rang; everything it sends is read when the stream can take it. docs/spec/watch.md.
import { setTimeout as sleep } from "node:timers/promises";
import type { WatchResponse } from "../../proto/generated/pacpool/v1/watch.ts";
import type { WatchDesk, WatchFilter } from "./desk.ts";
import { DirtyPools } from "./dirty-pools.ts";

export interface WatchScope {
  /** Ids; undefined means all pools, later ones too. */
  readonly poolIds: readonly string[] | undefined;
  /** Revisions to resume after, by pool id, of the server's present incarnation. */
  readonly resume: ReadonlyMap<string, number>;
  /** Pool ids whose token is of another incarnation. */
  readonly foreignTokens: ReadonlySet<string>;
  readonly filter: WatchFilter;
  readonly wantsProgress: boolean;
  readonly minIntervalMs: number;
}

export interface WatchOptions {
  readonly desk: WatchDesk;
  readonly signal: AbortSignal;
  /** Aborts when the server is about to stop; its reason is the comeback window in ms. */
  readonly draining: AbortSignal;
  readonly bookmarkMs: number;
}

type Event = NonNullable<WatchResponse["event"]>;

/** Above this a batch may not fit a message, and a fresh snapshot is cheaper for both sides. */
const MAX_BATCH_ITEMS = 2_000;

export async function* watchPools(
  scope: WatchScope,
  options: WatchOptions,
): AsyncGenerator<WatchResponse, void, undefined> {
  const watch = new PoolWatch(scope, options);
  for await (const event of watch.events()) {
    yield { event };
  }
}

class PoolWatch {
  readonly #scope: WatchScope;
  readonly #options: WatchOptions;
  /** Revision that the watcher has, by pool id. */
  readonly #revisions = new Map<string, number>();
  readonly #wanted: ReadonlySet<string> | undefined;
  /** Pools that have not had their first word yet. */
  /** The last round found a revision that this watch had not seen, whether there was something to tell of it or not. */
  #hasNews = false;
  #snapshotsLeft = 0;

  constructor(scope: WatchScope, options: WatchOptions) {
    this.#scope = scope;
    this.#options = options;
    this.#wanted = scope.poolIds === undefined ? undefined : new Set(scope.poolIds);
  }

  async *events(): AsyncGenerator<Event, void, undefined> {
    const { desk, signal, draining } = this.#options;
    const wanted = this.#wanted;
    const dirty = new DirtyPools({
      isWanted: (id) => wanted === undefined || wanted.has(id),
      wantsProgress: this.#scope.wantsProgress,
    });
    // Subscribed before the first read: what happens in between rings.
    using _bell = desk.subscribe(dirty);
    const first = this.#scope.poolIds ?? new Set([...(await desk.allPoolIds()), ...this.#scope.resume.keys()]);
    this.#snapshotsLeft = [...first].length;
    for (const poolId of first) {
      this.#snapshotsLeft -= 1;
      yield* this.#begin(poolId);
    }
    const stopped = AbortSignal.any([signal, draining]);
    while (!stopped.aborted) {
      if (await dirty.wait(this.#options.bookmarkMs, stopped)) {
        yield* this.#round(dirty);
        // A sweep rings again for what was told already; a change right after that must not wait for it.
        if (this.#hasNews) await this.#gather(stopped);
      } else if (!stopped.aborted) {
        yield* this.#bookmarks();
      }
    }
    if (draining.aborted && !signal.aborted) {
      yield* this.#bookmarks();
      const maxDelayMs = Number(draining.reason);
      yield { $case: "drain", value: { maxDelay: { seconds: BigInt(Math.ceil(maxDelayMs / 1_000)), nanos: 0 } } };
    }
  }

  /** The first change is sent at once; those that follow are gathered. */
  async #gather(stopped: AbortSignal): Promise<void> {
    await sleep(this.#scope.minIntervalMs, undefined, { signal: stopped, ref: false }).catch(() => undefined);
  }

  async *#begin(poolId: string): AsyncGenerator<Event, void, undefined> {
    const resumed = this.#scope.resume.get(poolId);
    if (this.#scope.foreignTokens.has(poolId)) {
      yield { $case: "resyncRequired", value: { poolId, compactRevision: 0n } };
    } else if (resumed !== undefined) {
      this.#revisions.set(poolId, resumed);
      yield* this.#catchUp(poolId, resumed, true);
      return;
    }
    yield* this.#snapshot(poolId);
  }

  async *#round(dirty: DirtyPools): AsyncGenerator<Event, void, undefined> {
    const { pools, isAnyDirty, progress } = dirty.take();
    this.#hasNews = progress.length > 0;
    for (const poolId of isAnyDirty ? await this.#allWanted() : pools) {
      const revision = this.#revisions.get(poolId);
      if (revision === undefined) {
        this.#hasNews = true;
        yield* this.#snapshot(poolId);
      } else {
        yield* this.#catchUp(poolId, revision, false);
      }
    }
    for (const value of progress) {
      if (this.#scope.filter.endpointId === undefined || value.endpointId === this.#scope.filter.endpointId) {
        yield { $case: "progress", value };
      }
    }
  }

  async #allWanted(): Promise<Iterable<string>> {
    const known = [...this.#revisions.keys()];
    return new Set(this.#scope.poolIds ?? [...known, ...(await this.#options.desk.allPoolIds())]);
  }

  async *#snapshot(poolId: string): AsyncGenerator<Event, void, undefined> {
    const { desk } = this.#options;
    const snapshot = await desk.snapshot(poolId, this.#scope.filter);
    if (snapshot === undefined) {
      yield* this.#gone(poolId, 0);
      return;
    }
    for (const item of snapshot.items) {
      yield { $case: "snapshotItem", value: { poolId, item } };
    }
    this.#revisions.set(poolId, snapshot.revision);
    yield {
      $case: "snapshotEnd",
      value: {
        poolId,
        revision: BigInt(snapshot.revision),
        incarnation: desk.incarnation,
        snapshotsLeft: this.#snapshotsLeft,
      },
    };
  }

  async *#catchUp(poolId: string, after: number, isResume: boolean): AsyncGenerator<Event, void, undefined> {
    const changes = await this.#options.desk.changes(poolId, after, this.#scope.filter);
    this.#hasNews ||= changes.kind !== "quiet" || changes.revision !== after;
    switch (changes.kind) {
      case "quiet":
        this.#revisions.set(poolId, changes.revision);
        // A resumed watcher learns that it missed nothing; otherwise the periodic bookmark is soon enough.
        if (isResume) {
          yield { $case: "bookmark", value: { poolId, revision: BigInt(changes.revision) } };
        }
        return;
      case "batch":
        if (changes.batch.items.length > MAX_BATCH_ITEMS) {
          yield { $case: "resyncRequired", value: { poolId, compactRevision: 0n } };
          yield* this.#snapshot(poolId);
          return;
        }
        this.#revisions.set(poolId, Number(changes.batch.revision));
        yield { $case: "batch", value: changes.batch };
        return;
      case "compacted":
        yield { $case: "resyncRequired", value: { poolId, compactRevision: BigInt(changes.compactRevision) } };
        yield* this.#snapshot(poolId);
        return;
      case "gone":
        yield* this.#gone(poolId, after + 1);
    }
  }

  /** A deleted pool counts as one revision more, so that its end is in order and told once. */
  async *#gone(poolId: string, revision: number): AsyncGenerator<Event, void, undefined> {
    const isNews = this.#revisions.delete(poolId) || this.#scope.resume.has(poolId);
    if (isNews) {
      yield {
        $case: "batch",
        value: { poolId, revision: BigInt(revision), items: [{ item: { $case: "removedPoolId", value: poolId } }] },
      };
    }
  }

  *#bookmarks(): Generator<Event, void, undefined> {
    for (const [poolId, revision] of this.#revisions) {
      yield { $case: "bookmark", value: { poolId, revision: BigInt(revision) } };
    }
  }
}
