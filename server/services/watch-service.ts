// pacpool.v1.WatchService: decodes what to follow, then hands over to server/watch.
import { invalidField } from "../../domain/refusal.ts";
import { type WatchRequest, type WatchResponse, WatchServiceService } from "../../proto/generated/pacpool/v1/watch.ts";
import { type Edge, type Implementation, implement } from "../../rpc/handlers.ts";
import type { Metrics } from "../ops/metrics.ts";
import { durationMs } from "../session/durations.ts";
import type { WatchDesk } from "../watch/desk.ts";
import { type WatchScope, watchPools } from "../watch/watch-pools.ts";
import { atMost, line, reference, revision } from "./fields.ts";

export interface WatchServiceParts {
  readonly desk: WatchDesk;
  /** Aborts, with the comeback window in ms as its reason, when the server is about to stop. */
  readonly draining: AbortSignal;
  readonly metrics: Pick<Metrics, "watches" | "watchItems">;
  readonly bookmarkMs: number;
}

const USUAL_INTERVAL_MS = 100;
const MAX_INTERVAL_MS = 60_000;
const MAX_POOLS = 10_000;

export function watchService(parts: WatchServiceParts, edge: Edge): Implementation {
  return implement(WatchServiceService, { watch: (request, { signal }) => watch(parts, request, signal) }, edge);
}

async function* watch(
  parts: WatchServiceParts,
  request: WatchRequest,
  signal: AbortSignal,
): AsyncGenerator<WatchResponse> {
  const { desk, draining, bookmarkMs, metrics } = parts;
  const scope = await readScope(desk, request);
  metrics.watches.inc();
  try {
    for await (const response of watchPools(scope, { desk, draining, signal, bookmarkMs })) {
      metrics.watchItems.inc({ kind: response.event?.$case ?? "none" });
      yield response;
    }
  } finally {
    metrics.watches.dec();
  }
}

async function readScope(desk: WatchDesk, request: WatchRequest): Promise<WatchScope> {
  atMost("pools", request.pools.length, MAX_POOLS, "pools");
  atMost("tokens", request.tokens.length, MAX_POOLS, "tokens");
  const references = request.pools.map((pool) => reference("pools", pool));
  const tokens = request.tokens.map(
    (token) => [reference("tokens.pool_id", token.poolId), revision("tokens.revision", token.revision)] as const,
  );
  const isOurs = tokens.length === 0 || line("incarnation", request.incarnation, 100) === desk.incarnation;
  const endpoint = request.endpoint === "" ? undefined : reference("endpoint", request.endpoint);
  return {
    poolIds: references.length === 0 ? undefined : await desk.poolIds(references),
    resume: new Map(isOurs ? tokens : []),
    foreignTokens: new Set(isOurs ? [] : tokens.map(([poolId]) => poolId)),
    filter: {
      isSummary: request.summary,
      endpointId: endpoint === undefined ? undefined : await desk.endpointId(endpoint),
    },
    wantsProgress: request.progress,
    minIntervalMs: interval(request),
  };
}

function interval(request: WatchRequest): number {
  const ms = durationMs(request.minInterval) ?? USUAL_INTERVAL_MS;
  if (!(ms >= 0) || ms > MAX_INTERVAL_MS) {
    throw invalidField("min_interval", `${String(ms)} ms`, `0 to ${String(MAX_INTERVAL_MS / 1_000)} seconds`);
  }
  return ms;
}
