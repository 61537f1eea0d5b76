// Ten thousand endpoints at the TUI's own seam, and the changes that keep coming: what every program of this benchmark draws.
import { setTimeout as sleep } from "node:timers/promises";
import { SYNC_STATUSES, type SyncStatus } from "../../domain/drift/sync-status.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { anEndpoint, aPool, counts } from "../../test/support/tui-data.ts";
import type { Server } from "../../tui/store/server.ts";

export const ENDPOINTS = 10_000;

/** A tenth of a percent of the fleet changes each second, one endpoint at a time. */
export const UPDATES_PER_SECOND = 100;

export const nameOf = (index: number): string => `host-${String(index).padStart(5, "0")}`;

/** The same endpoint in another state: what one update of the fleet brings. */
export function endpointAt(index: number, round: number): EndpointView {
  const status: SyncStatus = SYNC_STATUSES[(index * 7 + round) % SYNC_STATUSES.length] ?? "in-sync";
  return anEndpoint(nameOf(index), {
    poolId: "p-fleet",
    pool: "fleet",
    status,
    counts: counts({ older: (index + round) % 60, newer: round % 3 }),
    isOnline: (index + round) % 11 !== 0,
    lastSeenMs: Date.now() - (index % 90) * 60_000,
    reasons: [`${String((index + round) % 60)} packages are older`],
    labels: { site: `site-${String(index % 20)}`, role: index % 3 === 0 ? "kiosk" : "desk" },
  });
}

/** Which endpoints the nth update of this run touches: spread over the fleet, some of them on the screen. */
export function touchedBy(update: number): number {
  return update % 4 === 0 ? (update >> 2) % 200 : (update * 7_919) % ENDPOINTS;
}

/** Calls `change` with the number of the update, as often as the load says, until the signal. */
export async function keepChanging(
  perSecond: number,
  signal: AbortSignal,
  change: (update: number) => void,
): Promise<void> {
  const startedAtMs = performance.now();
  let update = 0;
  while (!signal.aborted && perSecond > 0) {
    await sleep(10, undefined, { signal }).catch(() => undefined);
    const due = Math.floor(((performance.now() - startedAtMs) / 1_000) * perSecond);
    for (; update < due; update += 1) change(update);
  }
}

/** A server in this process: a snapshot of all, then a batch for each change. Nothing else is answered. */
export function fleetServer(perSecond: number): Server {
  const pool = aPool("fleet", { endpoints: ENDPOINTS, online: ENDPOINTS });
  const never = async (): Promise<never> => {
    throw new Error("this server knows endpoints only");
  };
  return {
    listPools: async () => [pool],
    watch: async function* (_scope, signal): AsyncIterable<WatchEvent> {
      yield { kind: "snapshot-item", poolId: pool.id, item: { kind: "pool", pool } };
      for (let index = 0; index < ENDPOINTS; index += 1) {
        yield {
          kind: "snapshot-item",
          poolId: pool.id,
          item: { kind: "endpoint", endpoint: endpointAt(index, 0) },
        };
      }
      yield { kind: "snapshot-end", poolId: pool.id, revision: 1n, incarnation: "bench" };
      const waiting: WatchEvent[] = [];
      let wake = (): void => undefined;
      signal.addEventListener("abort", () => wake(), { once: true });
      void keepChanging(perSecond, signal, (update) => {
        const endpoint = endpointAt(touchedBy(update), update);
        waiting.push({
          kind: "batch",
          poolId: pool.id,
          revision: BigInt(update + 2),
          items: [{ kind: "endpoint", endpoint }],
        });
        wake();
      });
      const signs = setInterval(() => {
        waiting.push({ kind: "bookmark", poolId: pool.id, revision: 1n });
        wake();
      }, 15_000);
      signal.addEventListener("abort", () => clearInterval(signs), { once: true });
      while (!signal.aborted) {
        yield* waiting.splice(0);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    drift: async () => ({ kind: "drift", targetRevision: 4, items: [] }),
    plan: never,
    history: never,
    operation: never,
    overview: async () => ({ kind: "overview", entries: [], operations: [] }),
    list: never,
    lastOperation: async () => undefined,
    perform: never,
  };
}
