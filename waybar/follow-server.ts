// Follows pools or one endpoint through the server's watch. Comes back by itself after every loss, with full jitter,
// and resumes; what was known meanwhile stays on the bar and says how old it is.
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { ageNotice, targetAge } from "../domain/target/age.ts";
import { decodeEndpoint, type EndpointView } from "../rpc/codec/endpoint.ts";
import { decodeOperation, decodeOperationStep, type OperationView } from "../rpc/codec/operation.ts";
import { decodePool, type PoolView } from "../rpc/codec/pool.ts";
import type { Connection } from "../rpc/connection.ts";
import { fullJitter } from "../rpc/retry.ts";
import type { PoolSummary, PoolsState } from "./pools-line.ts";

/** What to follow: one endpoint, one pool, or all of them. */
export type ServerScope =
  | { readonly kind: "endpoint"; readonly endpoint: string }
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "fleet" };

/** What is known now. `whole` says that the first snapshot is complete. */
export interface ServerState {
  readonly endpoint: StatusSummary | undefined;
  readonly pools: PoolsState;
  readonly whole: boolean;
}

export interface ServerFollower {
  readonly connection: Connection;
  readonly scope: ServerScope;
  readonly show: (state: ServerState) => void;
  /** The server cannot be reached, or says no; called once per loss. */
  readonly lost: (error: unknown, sinceMs: number) => void;
  readonly signal: AbortSignal;
}

type Watched = ReturnType<Connection["watch"]["watch"]> extends AsyncIterable<infer Message> ? Message : never;

/** A bar is read by eyes: changes after the first are gathered for this long. */
const MIN_INTERVAL_NANOS = 250_000_000;

/** Runs until the signal aborts. */
export async function followServer(follower: ServerFollower): Promise<void> {
  const known = new Known(follower.scope);
  let attempt = 0;
  while (!follower.signal.aborted) {
    try {
      for await (const message of watch(follower)) {
        attempt = 0;
        if (known.take(message)) follower.show(known.state(undefined));
      }
    } catch (error) {
      if (follower.signal.aborted) return;
      known.lose(Date.now());
      follower.lost(error, known.offlineSinceMs ?? Date.now());
      if (known.whole) follower.show(known.state(known.offlineSinceMs));
    }
    await pause(fullJitter(attempt, Math.random), follower.signal);
    attempt += 1;
  }
}

function watch({ connection, scope, signal }: ServerFollower): AsyncIterable<Watched> {
  const request = {
    pools: scope.kind === "pool" ? [scope.pool] : [],
    summary: scope.kind !== "endpoint",
    endpoint: scope.kind === "endpoint" ? scope.endpoint : "",
    progress: scope.kind === "endpoint",
    minInterval: { seconds: 0n, nanos: MIN_INTERVAL_NANOS },
  };
  return connection.watch.watch(request, { signal });
}

/** The newest state of everything in the scope. */
class Known {
  readonly #scope: ServerScope;
  readonly #pools = new Map<string, PoolView>();
  #endpoint: EndpointView | undefined;
  #operation: Pick<OperationView, "percent" | "step" | "message"> | undefined;
  whole = false;
  offlineSinceMs: number | undefined;

  constructor(scope: ServerScope) {
    this.#scope = scope;
  }

  lose(nowMs: number): void {
    this.offlineSinceMs ??= nowMs;
  }

  /** Whether there is something new to show. */
  take(message: Watched): boolean {
    this.offlineSinceMs = undefined;
    const { event } = message;
    switch (event?.$case) {
      case "snapshotItem":
        this.#takeItem(event.value.item);
        return false;
      case "snapshotEnd":
        this.whole = true;
        return true;
      case "batch":
        for (const item of event.value.items) this.#takeItem(item);
        return true;
      case "progress":
        this.#operation = { ...event.value, step: decodeOperationStep(event.value.step) };
        return true;
      case "bookmark":
        return this.whole;
      default:
        return false;
    }
  }

  #takeItem(wire: { readonly item?: unknown } | undefined): void {
    const item = (wire as Extract<Watched["event"], { $case: "snapshotItem" }>["value"]["item"])?.item;
    switch (item?.$case) {
      case "pool":
        this.#pools.set(item.value.id, decodePool(item.value));
        break;
      case "removedPoolId":
        this.#pools.delete(item.value);
        break;
      case "endpoint":
        this.#endpoint = decodeEndpoint(item.value);
        if (this.#endpoint.operationId === "") this.#operation = undefined;
        break;
      case "operation":
        this.#operation = decodeOperation(item.value);
        break;
      default:
        break;
    }
  }

  state(offlineSinceMs: number | undefined): ServerState {
    return {
      whole: this.whole,
      pools: {
        pools: [...this.#pools.values()].map(summaryOf).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        offlineSinceMs,
      },
      endpoint: this.#scope.kind === "endpoint" ? this.#endpointSummary(offlineSinceMs) : undefined,
    };
  }

  #endpointSummary(offlineSinceMs: number | undefined): StatusSummary | undefined {
    const endpoint = this.#endpoint;
    if (endpoint === undefined) return undefined;
    const pool = this.#pools.get(endpoint.poolId);
    const target = pool?.target;
    const operation = endpoint.status === "syncing" ? this.#operation : undefined;
    const awaySinceMs = offlineSinceMs ?? (endpoint.isOnline ? undefined : endpoint.lastSeenMs);
    return {
      endpoint: endpoint.name,
      pool: endpoint.pool,
      status: endpoint.status,
      counts: endpoint.counts,
      targetRevision: target?.revision ?? 0,
      reasons: endpoint.reasons,
      rebootRequired: endpoint.isRebootRequired,
      // Live facts are as old as this moment while the endpoint is connected.
      reportedAtMs: awaySinceMs ?? Date.now(),
      ...(operation === undefined ? {} : { percent: operation.percent }),
      ...(operation?.step === undefined ? {} : { step: operation.step }),
      ...(awaySinceMs === undefined ? {} : { offlineSinceMs: awaySinceMs }),
      ...(target === undefined ? {} : { message: target.message }),
      ...ageOf(pool),
    };
  }
}

function summaryOf(pool: PoolView): PoolSummary {
  return {
    name: pool.name,
    counts: pool.counts,
    online: pool.online,
    endpoints: pool.endpoints,
    targetRevision: pool.target?.revision ?? 0,
    message: pool.target?.message ?? "",
    ...(ageOf(pool).targetIsOld === true ? { hint: "old target" } : {}),
  };
}

/** Nothing while the target is young and nothing newer is known. */
function ageOf(pool: PoolView | undefined): Pick<StatusSummary, "targetAge" | "targetIsOld"> {
  if (pool?.target === undefined) return {};
  const age = targetAge(pool.target, pool.upstream, pool.staleAfterDays, Date.now());
  const notice = ageNotice(age, pool.upstream);
  return notice === "" ? {} : { targetAge: notice, targetIsOld: age.isOld };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, delayMs);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
