// Follows pools or one endpoint through the server's watch. Comes back by itself after every loss, with full jitter;
// what was known meanwhile stays on the bar and says how old it is. Runs in one copy only (shared-source.ts).
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { decodeDriftItem } from "../rpc/codec/drift.ts";
import { fullJitter } from "../rpc/retry.ts";
import type { WatchConnection } from "../rpc/watch-connection.ts";
import { pause } from "./pause.ts";
import type { Pulse } from "./pulse.ts";
import { WatchedState } from "./watched-state.ts";

/** What to follow: one endpoint, one pool, or all of them. Names or ids. */
export type ServerScope =
  | { readonly kind: "endpoint"; readonly endpoint: string }
  | { readonly kind: "pool"; readonly pool: string }
  | { readonly kind: "fleet" };

export interface ServerFollower {
  readonly connection: Pick<WatchConnection, "endpoints" | "watch">;
  readonly scope: ServerScope;
  readonly show: (summary: BarSummary) => void;
  /** The server cannot be reached, or says no; called at every failed attempt with what was known before. */
  readonly lost: (error: unknown, known: BarSummary | undefined) => void;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

/** A bar is read by eyes: changes after the first are gathered for this long. */
const MIN_INTERVAL_NANOS = 250_000_000;
/** A quiet server's signs of life, every 15 s, are handed on this seldom: each wakes every copy. */
const SIGN_OF_LIFE_MS = 45_000;

/** Changes wait for the names of the one before no longer than this. */
const NAMES_TIMEOUT_MS = 2_000;

/** Runs until the signal aborts. */
export async function followServer(follower: ServerFollower): Promise<void> {
  let known: WatchedState | undefined;
  let offlineSinceMs: number | undefined;
  let attempt = 0;
  while (!follower.signal.aborted) {
    // What left while nobody looked is not in the new snapshot: each attempt starts from nothing.
    const fresh = new WatchedState(follower.scope);
    try {
      await watchOnce(follower, fresh, () => {
        attempt = 0;
        known = fresh;
        offlineSinceMs = undefined;
      });
    } catch (error) {
      if (follower.signal.aborted) return;
      offlineSinceMs ??= Date.now();
      follower.lost(error, known?.summary(offlineSinceMs));
    }
    await pause(fullJitter(attempt, Math.random), follower.signal);
    attempt += 1;
  }
}

/** One stream, until it ends or the machine was asleep: a connection from before that only looks alive. */
async function watchOnce(
  { connection, scope, show, pulse, signal }: ServerFollower,
  state: WatchedState,
  whole: () => void,
) {
  const asleep = new AbortController();
  const over = AbortSignal.any([signal, asleep.signal]);
  pulse.follow(({ hasJumped }) => {
    if (hasJumped) asleep.abort();
  }, over);
  let shownAtMs = Number.NEGATIVE_INFINITY;
  try {
    for await (const message of connection.watch.watch(requestFor(scope), { signal: over })) {
      const isNews = state.take(message);
      if (!state.isWhole) continue;
      whole();
      if (!isNews && performance.now() - shownAtMs < SIGN_OF_LIFE_MS) continue;
      // The first is shown with everything, a later one at once and with its names as soon as they are there.
      const isFirst = shownAtMs === Number.NEGATIVE_INFINITY;
      shownAtMs = performance.now();
      if (!isFirst) show(state.summary(undefined));
      if ((await nameDrift(connection, state, over)) || isFirst) show(state.summary(undefined));
    }
  } catch (error) {
    if (!asleep.signal.aborted || signal.aborted) throw error;
  } finally {
    asleep.abort();
  }
}

/** True when there are other names to show than before. Without an answer the counts have to do. */
async function nameDrift(
  { endpoints }: ServerFollower["connection"],
  state: WatchedState,
  signal: AbortSignal,
): Promise<boolean> {
  const unnamed = state.unnamedDrift();
  if (unnamed === undefined) return false;
  try {
    const { items } = await endpoints.getDrift(
      { endpoint: unnamed.endpointId },
      { signal, timeoutMs: NAMES_TIMEOUT_MS },
    );
    state.nameDrift(unnamed.key, items.map(decodeDriftItem));
    return true;
  } catch {
    state.nameDrift(unnamed.key, []);
    return false;
  }
}

function requestFor(scope: ServerScope) {
  return {
    pools: scope.kind === "pool" ? [scope.pool] : [],
    summary: scope.kind !== "endpoint",
    endpoint: scope.kind === "endpoint" ? scope.endpoint : "",
    progress: scope.kind === "endpoint",
    minInterval: { seconds: 0n, nanos: MIN_INTERVAL_NANOS },
  };
}
