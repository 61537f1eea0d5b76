// What was watched, kept up with what the watch tells: snapshots replace, batches add, progress passes. Pure; every
// message is taken whole, so a screen never shows half of a revision.
import { isFinished } from "../../domain/operation/lifecycle.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { WatchEvent, WatchedItem, WatchedProgress } from "../../rpc/codec/watch.ts";
import { Roll, rollOf } from "./roll.ts";
import type { Fleet } from "./state.ts";

/** Finished operations that are kept to be looked at; the server has them all. */
const MAX_FINISHED_OPERATIONS = 200;

/** What a burst of events changes: one copy per burst, not per event; of the endpoints, the changed ones only. */
interface Draft {
  readonly pools: Map<string, PoolView>;
  readonly roll: Roll;
  /** Undefined for who is gone. */
  readonly endpoints: Map<string, EndpointView | undefined>;
  /** Ids of the endpoints that this burst told, by the pool that they were told in. */
  readonly told: Map<string, Set<string>>;
  readonly operations: Map<string, OperationView>;
  readonly snapshots: Map<string, Set<string>>;
  readonly whole: Set<string>;
}

export function watchFleet(fleet: Fleet, events: readonly WatchEvent[], nowMs: number): Fleet {
  const draft: Draft = {
    pools: new Map(fleet.pools),
    roll: fleet.endpoints instanceof Roll ? fleet.endpoints : rollOf(fleet.endpoints.values()),
    endpoints: new Map(),
    told: new Map(),
    operations: new Map(fleet.operations),
    snapshots: new Map([...fleet.snapshots].map(([poolId, ids]) => [poolId, new Set(ids)])),
    whole: new Set(fleet.whole),
  };
  for (const event of events) take(draft, event);
  forgetOldOperations(draft);
  return { ...settled(fleet, draft, events), heardAtMs: nowMs };
}

/** The pools that there are, as listed when a connection begins: others left while nobody listened. */
export function listPools(fleet: Fleet, pools: readonly PoolView[], nowMs: number): Fleet {
  const listed = new Map(pools.map((pool) => [pool.id, pool]));
  const stays = (poolId: string): boolean => listed.has(poolId);
  return {
    pools: listed,
    endpoints: rollOf(fleet.endpoints.values().filter(({ poolId }) => stays(poolId))),
    operations: new Map([...fleet.operations].filter(([, operation]) => stays(operation.poolId))),
    // What was told of a snapshot before the line broke is told again.
    snapshots: new Map(),
    whole: new Set([...fleet.whole].filter(stays)),
    heardAtMs: nowMs,
  };
}

function take(draft: Draft, event: WatchEvent): void {
  switch (event.kind) {
    case "snapshot-item": {
      const told = draft.snapshots.get(event.poolId) ?? new Set();
      draft.snapshots.set(event.poolId, told);
      told.add(takeItem(draft, event.item));
      return;
    }
    case "snapshot-end":
      dropUntold(draft, event.poolId, draft.snapshots.get(event.poolId) ?? new Set());
      draft.snapshots.delete(event.poolId);
      draft.whole.add(event.poolId);
      return;
    case "batch":
      for (const item of event.items) takeItem(draft, item, event.poolId);
      return;
    case "progress":
      takeProgress(draft, event.progress);
      return;
    case "resync-required":
      draft.snapshots.delete(event.poolId);
      return;
    case "bookmark":
    case "drain":
      return;
  }
}

/** The id of what was taken. */
function takeItem(draft: Draft, item: WatchedItem, poolId?: string): string {
  switch (item.kind) {
    case "pool":
      draft.pools.set(item.pool.id, item.pool);
      return item.pool.id;
    case "endpoint":
      draft.endpoints.set(item.endpoint.id, item.endpoint);
      draft.told.set(
        item.endpoint.poolId,
        (draft.told.get(item.endpoint.poolId) ?? new Set<string>()).add(item.endpoint.id),
      );
      return item.endpoint.id;
    case "operation":
      draft.operations.set(item.operation.id, item.operation);
      return item.operation.id;
    case "endpoint-removed":
      // It may have come to another pool already, told by that pool's batch.
      if (endpointOf(draft, item.id)?.poolId === poolId) draft.endpoints.set(item.id, undefined);
      return item.id;
    case "pool-removed":
      draft.pools.delete(item.id);
      draft.whole.delete(item.id);
      dropUntold(draft, item.id, new Set());
      return item.id;
  }
}

function endpointOf({ roll, endpoints }: Draft, id: string): EndpointView | undefined {
  return endpoints.has(id) ? endpoints.get(id) : roll.get(id);
}

function takeProgress(draft: Draft, progress: WatchedProgress): void {
  const operation = draft.operations.get(progress.operationId);
  if (operation === undefined || isFinished(operation.state)) return;
  draft.operations.set(operation.id, {
    ...operation,
    state: operation.state === "interrupted" ? operation.state : "running",
    step: progress.step ?? operation.step,
    percent: progress.percent,
    message: progress.message === "" ? operation.message : progress.message,
  });
}

/** What a pool had and its snapshot did not tell is gone. Finished operations are not part of snapshots. */
function dropUntold(draft: Draft, poolId: string, told: ReadonlySet<string>): void {
  const known = draft.told.get(poolId) ?? new Set();
  for (const id of [...draft.roll.sortedIds(poolId), ...known]) {
    if (!told.has(id) && endpointOf(draft, id)?.poolId === poolId) draft.endpoints.set(id, undefined);
  }
  for (const [id, operation] of draft.operations) {
    if (operation.poolId === poolId && !told.has(id) && !isFinished(operation.state)) draft.operations.delete(id);
  }
}

function forgetOldOperations(draft: Draft): void {
  const finished = [...draft.operations.values()].filter(({ state }) => isFinished(state));
  if (finished.length <= MAX_FINISHED_OPERATIONS) return;
  finished.sort((one, other) => one.finishedAtMs - other.finishedAtMs);
  for (const { id } of finished.slice(0, finished.length - MAX_FINISHED_OPERATIONS)) draft.operations.delete(id);
}

/** Maps that no event touched stay the same objects, so that what is derived from them is not derived again. */
function settled(fleet: Fleet, draft: Draft, events: readonly WatchEvent[]): Omit<Fleet, "heardAtMs"> {
  const changes = events.some(({ kind }) => kind !== "bookmark" && kind !== "drain" && kind !== "progress");
  if (changes) {
    const { pools, roll, endpoints, operations, snapshots, whole } = draft;
    return { pools, endpoints: roll.with(endpoints), operations, snapshots, whole };
  }
  const progressed = events.some(({ kind }) => kind === "progress");
  return progressed ? { ...fleet, operations: draft.operations } : fleet;
}
