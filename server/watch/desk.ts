// What a watch asks of the rest of the server. Items are in wire form already, so that several watchers of one pool share
// the work of reading and encoding them.
import type { Batch, Progress, WatchItem } from "../../proto/generated/pacpool/v1/watch.ts";

/** Which of a pool's things a watcher wants. */
export interface WatchFilter {
  /** Pools only. */
  readonly isSummary: boolean;
  /** Besides pools only this endpoint and its operations. */
  readonly endpointId: string | undefined;
}

export interface PoolSnapshot {
  readonly revision: number;
  readonly items: readonly WatchItem[];
}

/** What happened in a pool after a revision. */
export type PoolChanges =
  | { readonly kind: "batch"; readonly batch: Batch }
  | { readonly kind: "quiet"; readonly revision: number }
  | { readonly kind: "compacted"; readonly compactRevision: number }
  | { readonly kind: "gone" };

/** What rings a watcher. Pools by id; undefined means that any may have moved. */
export interface WatchBell {
  readonly onMoved: (poolId: string | undefined) => void;
  readonly onProgress: (poolId: string, progress: Progress) => void;
}

export interface WatchDesk {
  /** Changes when the database was restored from a backup: tokens from before mean nothing then. */
  readonly incarnation: string;
  /** Ids for ids or names. Throws Refusal POOL_NOT_FOUND. */
  readonly poolIds: (references: readonly string[]) => Promise<readonly string[]>;
  readonly allPoolIds: () => Promise<readonly string[]>;
  /** Throws Refusal ENDPOINT_NOT_FOUND. */
  readonly endpointId: (reference: string) => Promise<string>;
  /** Undefined when the pool is gone. */
  readonly snapshot: (poolId: string, filter: WatchFilter) => Promise<PoolSnapshot | undefined>;
  readonly changes: (poolId: string, afterRevision: number, filter: WatchFilter) => Promise<PoolChanges>;
  readonly subscribe: (bell: WatchBell) => Disposable;
}
