// A watch as clients see it: wire messages become one union of plain events with domain's words. Who keeps what it was
// told, and how tokens are sent back, is the watcher's affair. docs/spec/watch.md.
import type { OperationStep } from "../../domain/operation/lifecycle.ts";
import type {
  WatchItem as WireItem,
  WatchRequest as WireRequest,
  WatchResponse as WireResponse,
} from "../../proto/generated/pacpool/v1/watch.ts";
import { decodeEndpoint, type EndpointView } from "./endpoint.ts";
import { decodeOperation, decodeOperationStep, type OperationView } from "./operation.ts";
import { decodePool, type PoolView } from "./pool.ts";

/** The newest state of one thing, or that it is gone from its pool. */
export type WatchedItem =
  | { readonly kind: "pool"; readonly pool: PoolView }
  | { readonly kind: "endpoint"; readonly endpoint: EndpointView }
  | { readonly kind: "operation"; readonly operation: OperationView }
  | { readonly kind: "endpoint-removed"; readonly id: string }
  | { readonly kind: "pool-removed"; readonly id: string };

export interface WatchedProgress {
  readonly operationId: string;
  readonly endpointId: string;
  /** Undefined for a step of a newer server. */
  readonly step: OperationStep | undefined;
  readonly percent: number;
  readonly message: string;
}

/** One message of a watch. Revisions are tokens: compare, keep, send back. */
export type WatchEvent =
  | { readonly kind: "snapshot-item"; readonly poolId: string; readonly item: WatchedItem }
  | {
      readonly kind: "snapshot-end";
      readonly poolId: string;
      readonly revision: bigint;
      readonly incarnation: string;
      /** Pools whose first word is still to come; absent means none. */
      readonly snapshotsLeft?: number;
    }
  | {
      readonly kind: "batch";
      readonly poolId: string;
      readonly revision: bigint;
      readonly items: readonly WatchedItem[];
    }
  | { readonly kind: "bookmark"; readonly poolId: string; readonly revision: bigint }
  | { readonly kind: "resync-required"; readonly poolId: string }
  | { readonly kind: "progress"; readonly progress: WatchedProgress }
  | { readonly kind: "drain"; readonly maxDelayMs: number };

/** What to follow. Pools are ids or names; none means all. `minIntervalMs` is how long changes are gathered. */
export interface WatchScope {
  readonly pools?: readonly string[];
  readonly endpoint?: string;
  readonly isSummary?: boolean;
  readonly wantsProgress?: boolean;
  readonly minIntervalMs?: number;
  /** Revisions to resume after, by pool id, and the incarnation that they are of. */
  readonly tokens?: ReadonlyMap<string, bigint>;
  readonly incarnation?: string;
}

export function encodeWatchScope(scope: WatchScope): Partial<WireRequest> {
  const { minIntervalMs } = scope;
  return {
    pools: [...(scope.pools ?? [])],
    endpoint: scope.endpoint ?? "",
    summary: scope.isSummary ?? false,
    progress: scope.wantsProgress ?? false,
    tokens: [...(scope.tokens ?? [])].map(([poolId, revision]) => ({ poolId, revision })),
    incarnation: scope.incarnation ?? "",
    ...(minIntervalMs === undefined
      ? {}
      : {
          minInterval: {
            seconds: BigInt(Math.floor(minIntervalMs / 1_000)),
            nanos: (minIntervalMs % 1_000) * 1_000_000,
          },
        }),
  };
}

/** Undefined for events and items that only a newer server knows. */
export function decodeWatchResponse(wire: WireResponse): WatchEvent | undefined {
  const { event } = wire;
  switch (event?.$case) {
    case "snapshotItem": {
      const item = decodeWatchedItem(event.value.item);
      return item === undefined ? undefined : { kind: "snapshot-item", poolId: event.value.poolId, item };
    }
    case "snapshotEnd":
      return {
        kind: "snapshot-end",
        poolId: event.value.poolId,
        revision: event.value.revision,
        incarnation: event.value.incarnation,
        snapshotsLeft: event.value.snapshotsLeft,
      };
    case "batch": {
      const items = event.value.items.map(decodeWatchedItem).filter((item) => item !== undefined);
      return { kind: "batch", poolId: event.value.poolId, revision: event.value.revision, items };
    }
    case "bookmark":
      return { kind: "bookmark", poolId: event.value.poolId, revision: event.value.revision };
    case "resyncRequired":
      return { kind: "resync-required", poolId: event.value.poolId };
    case "progress": {
      const { operationId, endpointId, step, percent, message } = event.value;
      const progress = { operationId, endpointId, step: decodeOperationStep(step), percent, message };
      return { kind: "progress", progress };
    }
    case "drain": {
      const { maxDelay } = event.value;
      const maxDelayMs = Number(maxDelay?.seconds ?? 0n) * 1_000 + (maxDelay?.nanos ?? 0) / 1_000_000;
      return { kind: "drain", maxDelayMs };
    }
    case undefined:
      return undefined;
  }
}

function decodeWatchedItem(wire: WireItem | undefined): WatchedItem | undefined {
  const item = wire?.item;
  switch (item?.$case) {
    case "pool":
      return { kind: "pool", pool: decodePool(item.value) };
    case "endpoint":
      return { kind: "endpoint", endpoint: decodeEndpoint(item.value) };
    case "operation":
      return { kind: "operation", operation: decodeOperation(item.value) };
    case "removedEndpointId":
      return { kind: "endpoint-removed", id: item.value };
    case "removedPoolId":
      return { kind: "pool-removed", id: item.value };
    case undefined:
      return undefined;
  }
}
