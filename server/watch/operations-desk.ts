// The desk of watches over the operations' reads and the two bells.
import type { Progress, WatchItem } from "../../proto/generated/pacpool/v1/watch.ts";
import { encodeOperationStep } from "../../rpc/codec/operation.ts";
import type { PoolBell } from "../live/bell.ts";
import type { OperationProgress, ProgressBell } from "../live/progress-bell.ts";
import type { WatchedThing, WatchReads } from "../operations/watch-reads.ts";
import { encodeEndpoint, encodeOperation, encodePool } from "../services/encode.ts";
import type { PoolChanges, WatchDesk, WatchFilter } from "./desk.ts";
import { shareReads } from "./share-reads.ts";

export interface WatchDeskParts {
  readonly reads: WatchReads;
  readonly bell: PoolBell;
  readonly progressBell: ProgressBell;
}

export function operationsWatchDesk({ reads, bell, progressBell }: WatchDeskParts): WatchDesk {
  const shared = shareReads<PoolChanges>();
  return {
    incarnation: reads.incarnation,
    poolIds: reads.poolIds,
    allPoolIds: reads.allPoolIds,
    endpointId: reads.endpointId,
    snapshot: async (poolId, filter) => {
      const snapshot = await reads.snapshot(poolId, filter);
      return snapshot === undefined
        ? undefined
        : { revision: snapshot.revision, items: snapshot.things.map(encodeThing) };
    },
    changes: (poolId, after, filter) =>
      shared(`${poolId} ${String(after)} ${String(filter.isSummary)} ${filter.endpointId ?? ""}`, () =>
        readBatch(reads, poolId, after, filter),
      ),
    subscribe: (listener) => {
      const moved = bell.onRing(listener.onMoved);
      const progressed = progressBell.onRing((progress) => {
        listener.onProgress(progress.poolId, encodeProgress(progress));
      });
      return {
        [Symbol.dispose]: () => {
          moved[Symbol.dispose]();
          progressed[Symbol.dispose]();
        },
      };
    },
  };
}

async function readBatch(reads: WatchReads, poolId: string, after: number, filter: WatchFilter): Promise<PoolChanges> {
  const changes = await reads.changes(poolId, after, filter);
  if (changes.kind !== "changed") {
    return changes;
  }
  const { revision, things } = changes;
  return { kind: "batch", batch: { poolId, revision: BigInt(revision), items: things.map(encodeThing) } };
}

function encodeThing(thing: WatchedThing): WatchItem {
  switch (thing.kind) {
    case "pool":
      return { item: { $case: "pool", value: encodePool(thing.pool) } };
    case "endpoint":
      return { item: { $case: "endpoint", value: encodeEndpoint(thing.endpoint) } };
    case "operation":
      return { item: { $case: "operation", value: encodeOperation(thing.operation) } };
    case "removed-endpoint":
      return { item: { $case: "removedEndpointId", value: thing.id } };
  }
}

function encodeProgress({ operationId, endpointId, step, percent, message }: OperationProgress): Progress {
  return { operationId, endpointId, step: encodeOperationStep(step), percent, message };
}
