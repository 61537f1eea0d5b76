// What one watch has told so far, and the bar's summary of it. Must not know how the watch is kept alive.
import type { BarSummary, PoolSummary } from "../domain/status-line/bar-summary.ts";
import {
  type LastDeed,
  MAX_NAMED_DRIFT,
  type NamedDrift,
  type StatusSummary,
} from "../domain/status-line/status-summary.ts";
import { ageNotice, targetAge } from "../domain/target/age.ts";
import type { DriftLine } from "../rpc/codec/drift.ts";
import type { EndpointView } from "../rpc/codec/endpoint.ts";
import type { OperationView } from "../rpc/codec/operation.ts";
import type { PoolView } from "../rpc/codec/pool.ts";
import { decodeWatchResponse, type WatchedItem } from "../rpc/codec/watch.ts";
import type { ServerScope } from "./follow-server.ts";

type Watched = Parameters<typeof decodeWatchResponse>[0];
type Running = Pick<OperationView, "percent" | "step" | "message">;

export class WatchedState {
  readonly #scope: ServerScope;
  readonly #pools = new Map<string, PoolView>();
  #endpoint: EndpointView | undefined;
  #operation: Running | undefined;
  #finished: OperationView | undefined;
  #named: { readonly key: string; readonly names: readonly NamedDrift[] } | undefined;
  #isWhole = false;
  #toldAtMs = 0;

  constructor(scope: ServerScope) {
    this.#scope = scope;
  }

  /** Every pool of the scope has told its first snapshot: before that counts would be too small, and too green. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Whether there is something new to show. */
  take(message: Watched): boolean {
    this.#toldAtMs = Date.now();
    const event = decodeWatchResponse(message);
    switch (event?.kind) {
      case "snapshot-item":
        this.#takeItem(event.item);
        return false;
      case "snapshot-end":
        this.#isWhole ||= (event.snapshotsLeft ?? 0) === 0;
        return true;
      case "batch":
        for (const item of event.items) this.#takeItem(item);
        return true;
      case "progress":
        this.#operation = event.progress;
        return true;
      case "bookmark":
        // A fleet without pools has no snapshot that could end.
        this.#isWhole = true;
        return false;
      case "resync-required":
      case "drain":
      case undefined:
        return false;
    }
  }

  #takeItem(item: WatchedItem): void {
    switch (item.kind) {
      case "pool":
        this.#pools.set(item.pool.id, item.pool);
        return;
      case "pool-removed":
        this.#pools.delete(item.id);
        return;
      case "endpoint":
        this.#endpoint = item.endpoint;
        if (item.endpoint.operationId === "") this.#operation = undefined;
        return;
      case "operation":
        if (item.operation.finishedAtMs > 0) this.#finished = item.operation;
        else this.#operation = item.operation;
        return;
      case "endpoint-removed":
        return;
    }
  }

  /** What the endpoint's packages that differ have to be asked for; undefined when they are known, or none differs. */
  unnamedDrift(): { readonly endpointId: string; readonly key: string } | undefined {
    const endpoint = this.#endpoint;
    if (endpoint === undefined) return undefined;
    const key = this.#driftKey(endpoint);
    return key === "" || key === this.#named?.key ? undefined : { endpointId: endpoint.id, key };
  }

  nameDrift(key: string, items: readonly DriftLine[]): void {
    const counted = items.filter(({ kind }) => kind !== "held" && kind !== "foreign" && kind !== "unavailable");
    const names = counted
      .slice(0, MAX_NAMED_DRIFT)
      .map(({ name, kind, installed, wanted }) => ({ name, kind, installed, wanted }));
    this.#named = { key, names };
  }

  /** Another whenever other packages may differ; empty when none does. */
  #driftKey({ counts, digest, poolId }: EndpointView): string {
    const { older, newer, rebuilt, missing, extra, reason, replaced } = counts;
    if (older + newer + rebuilt + missing + extra + reason + replaced === 0) return "";
    const revision = this.#pools.get(poolId)?.target?.revision ?? 0;
    return JSON.stringify([digest, poolId, revision, counts]);
  }

  /** With what is known now, or was when the server was last there. */
  summary(offlineSinceMs: number | undefined): BarSummary {
    if (this.#scope.kind !== "endpoint") {
      const pools = [...this.#pools.values()].map(poolSummary).toSorted((a, b) => (a.name < b.name ? -1 : 1));
      return { kind: "pools", pools: { pools, offlineSinceMs, reportedAtMs: this.#toldAtMs } };
    }
    const endpoint = this.#endpoint;
    if (endpoint === undefined) {
      const sentence = `there is no endpoint ${this.#scope.endpoint}; see pacpool endpoint list`;
      return { kind: "problem", problem: "endpoint", sentence };
    }
    return { kind: "endpoint", endpoint: this.#endpointSummary(endpoint, offlineSinceMs) };
  }

  #endpointSummary(endpoint: EndpointView, offlineSinceMs: number | undefined): StatusSummary {
    const pool = this.#pools.get(endpoint.poolId);
    const target = pool?.target;
    const operation = endpoint.status === "syncing" ? this.#operation : undefined;
    return {
      endpoint: endpoint.name,
      pool: endpoint.pool,
      status: endpoint.status,
      counts: endpoint.counts,
      targetRevision: target?.revision ?? 0,
      reasons: endpoint.reasons,
      rebootRequired: endpoint.isRebootRequired,
      // What is watched is as old as the watch's last word.
      reportedAtMs: this.#toldAtMs,
      inbox: endpoint.inbox,
      ...(this.#named?.key === this.#driftKey(endpoint) ? { drift: this.#named.names } : {}),
      ...(operation === undefined ? {} : { percent: operation.percent }),
      ...(operation?.step === undefined ? {} : { step: operation.step }),
      ...(offlineSinceMs === undefined ? {} : { offlineSinceMs }),
      ...(endpoint.isOnline ? {} : { asleepSinceMs: endpoint.lastSeenMs }),
      ...(target === undefined ? {} : { message: target.message }),
      ...(pool === undefined ? {} : { fleet: fleetOf(pool), ...ageOf(pool) }),
      ...newestDeed(pool, this.#finished),
    };
  }
}

function fleetOf({ endpoints, online, counts }: PoolView): NonNullable<StatusSummary["fleet"]> {
  return { endpoints, online, counts };
}

function poolSummary(pool: PoolView): PoolSummary {
  return {
    name: pool.name,
    counts: pool.counts,
    online: pool.online,
    endpoints: pool.endpoints,
    targetRevision: pool.target?.revision ?? 0,
    message: pool.target?.message ?? "",
    ...newestDeed(pool, undefined),
    ...(ageOf(pool).targetIsOld === true ? { hint: "old target" } : {}),
  };
}

/** The newest of what the watch shows: the pool's target, or an operation that it saw end. */
function newestDeed(pool: PoolView | undefined, finished: OperationView | undefined): { readonly lastDeed?: LastDeed } {
  const target = pool?.target;
  const deeds: LastDeed[] = [];
  if (target !== undefined) {
    const what = `set-latest from ${target.sourceEndpoint}, target ${String(target.revision)}`;
    deeds.push({ what, who: target.author, atMs: target.createdAtMs });
  }
  if (finished !== undefined) {
    const what = `${finished.isRevert ? "revert" : "sync"} to target ${String(finished.targetRevision)}, ${finished.state}`;
    deeds.push({ what, who: finished.author, atMs: finished.finishedAtMs });
  }
  const newest = deeds.toSorted((a, b) => b.atMs - a.atMs)[0];
  return newest === undefined ? {} : { lastDeed: newest };
}

/** Nothing while the target is young and nothing newer is known. */
function ageOf(pool: PoolView): Pick<StatusSummary, "targetAge" | "targetIsOld"> {
  if (pool.target === undefined) return {};
  const age = targetAge(pool.target, pool.upstream, pool.staleAfterDays, Date.now());
  const notice = ageNotice(age, pool.upstream);
  return notice === "" ? {} : { targetAge: notice, targetIsOld: age.isOld };
}
