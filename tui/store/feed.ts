// Keeps the store up with the server: watches all pools, comes back by itself with jitter, resumes where it was, and
// hands changes over a few times a second however many there are.
import { setTimeout as sleep } from "node:timers/promises";
import type { WatchEvent } from "../../rpc/codec/watch.ts";
import { fullJitter } from "../../rpc/retry.ts";
import { isForPerson, sentenceOf } from "./sentence.ts";
import type { Server } from "./server.ts";
import type { Store } from "./store.ts";

export interface FeedOptions {
  readonly server: Server;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly random: () => number;
}

/** Changes reach the screen at most this often, ms; the first one after a pause at once. */
const FLUSH_MS = 250;
/** Lets the rest of a burst arrive with its beginning, ms. */
const BURST_MS = 4;
/** The server says something every 15 s; after three silences the line is taken for dead. */
const SILENCE_MS = 45_000;
/** fullJitter doubles from 1 s: at 2 a person waits four seconds at most. */
const MAX_ATTEMPT = 2;
/** Without access, asking again is only for the case that somebody repaired it. */
const REFUSED_RETRY_MS = 15_000;

/** Runs until the signal; never throws. */
export async function followServer(options: FeedOptions): Promise<void> {
  const { store, signal, now, random } = options;
  const tokens: Tokens = { revisions: new Map(), incarnation: "" };
  let attempt = 0;
  let lostAtMs = 0;
  while (!signal.aborted) {
    let because: unknown = new Error("the server ended the watch");
    let waitMs = 0;
    try {
      const drainMs = await watchOnce(options, tokens, () => {
        attempt = 0;
        lostAtMs = 0;
      });
      waitMs = Math.floor(random() * drainMs);
    } catch (error) {
      because = error;
    }
    if (signal.aborted) return;
    lostAtMs ||= now();
    const isRefused = isForPerson(because);
    waitMs = isRefused ? REFUSED_RETRY_MS : Math.max(200, waitMs, fullJitter(attempt, random));
    attempt = Math.min(MAX_ATTEMPT, attempt + 1);
    const nowMs = now();
    const sentence = sentenceOf(because);
    store.dispatch({
      kind: "link-changed",
      nowMs,
      link: isRefused
        ? { kind: "refused", because: sentence }
        : { kind: "lost", sinceMs: lostAtMs, retryAtMs: nowMs + waitMs, because: sentence },
    });
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Tokens {
  readonly revisions: Map<string, bigint>;
  incarnation: string;
}

/** One watch until it ends; answers with the window in ms in which the server wants us back. */
async function watchOnce(options: FeedOptions, tokens: Tokens, alive: () => void): Promise<number> {
  const { server, store, now } = options;
  using ending = endingWith(options.signal);
  const { signal } = ending;
  const pools = await server.listPools(signal);
  alive();
  store.together(() => {
    store.dispatch({ kind: "pools-listed", pools, nowMs: now() });
    store.dispatch({ kind: "link-changed", link: { kind: "live" }, nowMs: now() });
  });
  const known = new Set(pools.map(({ id }) => id));
  for (const id of tokens.revisions.keys()) if (!known.has(id)) tokens.revisions.delete(id);
  using gathering = gather(store, now);
  using silence = silenceAlarm(ending.abort);
  const scope = {
    wantsProgress: true,
    minIntervalMs: FLUSH_MS,
    tokens: tokens.revisions,
    incarnation: tokens.incarnation,
  };
  for await (const event of server.watch(scope, signal)) {
    silence.heard();
    remember(tokens, event);
    gathering.add(event);
    if (event.kind === "drain") return event.maxDelayMs;
  }
  return 0;
}

function remember(tokens: Tokens, event: WatchEvent): void {
  switch (event.kind) {
    case "snapshot-end":
      tokens.incarnation = event.incarnation;
      tokens.revisions.set(event.poolId, event.revision);
      return;
    case "batch":
    case "bookmark":
      // Before a snapshot's end a revision is no token: the snapshot's earlier part may be missing.
      if (tokens.revisions.has(event.poolId)) tokens.revisions.set(event.poolId, event.revision);
      return;
    case "resync-required":
      tokens.revisions.delete(event.poolId);
      return;
    case "snapshot-item":
    case "progress":
    case "drain":
      return;
  }
}

/** A signal that ends with another one or by itself, and leaves no listener behind. */
function endingWith(
  outer: AbortSignal,
): Disposable & { readonly signal: AbortSignal; readonly abort: (why: Error) => void } {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  outer.addEventListener("abort", follow, { once: true });
  if (outer.aborted) follow();
  return {
    signal: controller.signal,
    abort: (why) => controller.abort(why),
    [Symbol.dispose]: () => {
      outer.removeEventListener("abort", follow);
      controller.abort(new Error("the watch is over"));
    },
  };
}

function silenceAlarm(abort: (why: Error) => void): Disposable & { readonly heard: () => void } {
  const alarm = setTimeout(() => abort(new Error("the server has been silent for too long")), SILENCE_MS);
  return { heard: () => alarm.refresh(), [Symbol.dispose]: () => clearTimeout(alarm) };
}

/**
 * The first event is handed over at once, with all of the same moment; what follows within the pause goes together. A
 * snapshot is waited for as long as one pause, so that a list does not grow under the person's fingers.
 */
function gather(store: Store, now: () => number): Disposable & { readonly add: (event: WatchEvent) => void } {
  const begun = new Set<string>();
  let waiting: WatchEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let dueAtMs = Infinity;
  let flushedAtMs = -Infinity;
  const flush = (): void => {
    timer = undefined;
    dueAtMs = Infinity;
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    flushedAtMs = now();
    store.dispatch({ kind: "watched", events, nowMs: now() });
  };
  return {
    add: (event) => {
      waiting.push(event);
      if (event.kind === "snapshot-item") begun.add(event.poolId);
      if (event.kind === "snapshot-end") begun.delete(event.poolId);
      const wantedAtMs = Math.max(now() + (begun.size > 0 ? FLUSH_MS : BURST_MS), flushedAtMs + FLUSH_MS);
      if (wantedAtMs >= dueAtMs) return;
      clearTimeout(timer);
      dueAtMs = wantedAtMs;
      timer = setTimeout(flush, wantedAtMs - now());
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      flush();
    },
  };
}
