// Sees to it that every file which members of a pool need for its newest target is kept here: looks when a pool moved,
// fetches what is missing, and tries again later what nobody gave. All of it follows from rows: a kill loses nothing.
import { performance } from "node:perf_hooks";
import type { Target } from "../../domain/target/target.ts";
import { type FetchParts, fetchMissing } from "../operations/files/fetch-missing.ts";
import { distinctFiles, needsFingerprint, readNeeds } from "../operations/files/read-needs.ts";
import { addTargetFiles } from "../operations/files/target-files.ts";
import { readNewestTarget } from "../operations/target-rows.ts";
import { runEvery } from "./run-every.ts";

export interface KeepFilesOptions extends Omit<FetchParts, "signal"> {
  readonly onError: (error: unknown) => void;
  /** Between two looks at the pools that moved. */
  readonly everyMs?: number;
}

export interface FileKeeper extends AsyncDisposable {
  /** Whether sources of this target have yet to be tried. */
  readonly isFetching: (poolId: string, revision: number) => boolean;
}

/** A pool that moves all the time is looked at this often; each look is one query as long as nothing new is needed. */
const LOOK_MS = 500;
/** Pools fetched for at once: one slow endpoint must not hold up the others. */
const CONCURRENT_POOLS = 4;
/** Waits before what nobody gave is tried again: 1, 2, 4 ... minutes, an hour at most. */
const RETRY_MS = 60_000;
const MAX_RETRY_MS = 60 * RETRY_MS;

/** After a look a pool rests for so many times what it took, unless it has a new target: at most 5 % of a core. */
const REST_FACTOR = 20;
const MAX_REST_MS = 60_000;
/** Before newcomers, who may have what is missing, are a reason to ask again: after a restart all come one by one. */
const NEWCOMERS_MS = 20_000;

interface PoolState {
  /** What was looked at last: revision and needs. */
  readonly revision: number;
  readonly fingerprint: string;
  readonly missing: number;
  readonly attempts: number;
  readonly lookedAtMs: number;
  /** Not before that, whatever moved; a new target excepted. */
  readonly restsUntilMs: number;
  readonly retryAtMs: number;
  /** Members that were connected when files were asked for last. */
  readonly asked: ReadonlySet<string>;
}

/** Runs until disposed. */
export function keepFiles(options: KeepFilesOptions): FileKeeper {
  const stopping = new AbortController();
  const pools = new PoolFiles({ ...options, signal: stopping.signal });
  const listening = options.store.bell.onRing((poolId) => {
    pools.moved(poolId);
  });
  const rounds = runEvery({ everyMs: options.everyMs ?? LOOK_MS, onError: options.onError }, () => pools.look());
  return {
    isFetching: (poolId, revision) => pools.isFetching(poolId, revision),
    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      stopping.abort();
      await rounds[Symbol.asyncDispose]();
      await pools.idle();
    },
  };
}

interface Run {
  readonly ended: Promise<void>;
  /** A newer target makes what it does pointless. */
  readonly stop: AbortController;
}

class PoolFiles {
  readonly #parts: FetchParts & Pick<KeepFilesOptions, "onError">;
  readonly #moved = new Set<string>();
  /** Pools to look at next, in this order. */
  readonly #queue = new Set<string>();
  readonly #states = new Map<string, PoolState>();
  readonly #running = new Map<string, Run>();
  #isFirst = true;

  constructor(parts: FetchParts & Pick<KeepFilesOptions, "onError">) {
    this.#parts = parts;
  }

  moved(poolId: string): void {
    this.#moved.add(poolId);
  }

  isFetching(poolId: string, revision: number): boolean {
    const state = this.#states.get(poolId);
    return state?.revision !== revision || (this.#running.has(poolId) && state.missing > 0);
  }

  async idle(): Promise<void> {
    this.#queue.clear();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Queues pools that moved or whose time has come; those with a new target at once, the others when they have rested. */
  async look(): Promise<void> {
    const { database } = this.#parts.store;
    if (this.#isFirst) {
      const text = "select id from pool where target_revision > 0";
      for (const { id } of await database.query<{ id: string }>(text)) this.#moved.add(id);
      this.#isFirst = false;
    }
    const nowMs = performance.now();
    for (const [poolId, { retryAtMs }] of this.#states) if (nowMs >= retryAtMs) this.#moved.add(poolId);
    if (this.#moved.size === 0) return;
    const text = "select id, target_revision as revision from pool where id = any($1::uuid[])";
    const rows = await database.query<{ id: string; revision: number }>(text, [[...this.#moved]]);
    const revisions = new Map(rows.map(({ id, revision }) => [id, revision]));
    for (const poolId of this.#moved) this.#consider(poolId, revisions.get(poolId) ?? 0, nowMs);
    this.#startQueued();
  }

  #consider(poolId: string, revision: number, nowMs: number): void {
    const known = this.#states.get(poolId);
    const isNew = known?.revision !== revision;
    const run = this.#running.get(poolId);
    if (run !== undefined) {
      if (isNew && revision > 0) run.stop.abort(new Error("there is a newer target"));
      return;
    }
    if (!isNew && nowMs < known.restsUntilMs) return;
    this.#moved.delete(poolId);
    if (revision === 0) this.#states.delete(poolId);
    else this.#queue.add(poolId);
  }

  #startQueued(): void {
    for (const poolId of this.#queue) {
      if (this.#running.size >= CONCURRENT_POOLS || this.#parts.signal.aborted) return;
      this.#queue.delete(poolId);
      const stop = new AbortController();
      const signal = AbortSignal.any([this.#parts.signal, stop.signal]);
      const ended = this.#run(poolId, { ...this.#parts, signal }).finally(() => {
        this.#running.delete(poolId);
        this.#startQueued();
      });
      this.#running.set(poolId, { ended, stop });
    }
  }

  async #run(poolId: string, parts: FetchParts): Promise<void> {
    try {
      await this.#keep(poolId, parts);
    } catch (error) {
      if (parts.signal.aborted) return;
      this.#parts.onError(error);
      this.#states.delete(poolId);
      setTimeout(() => this.#moved.add(poolId), RETRY_MS).unref();
    }
  }

  async #keep(poolId: string, parts: FetchParts): Promise<void> {
    const { database } = parts.store;
    const lookedAtMs = performance.now();
    const target = await readNewestTarget(database, poolId);
    if (target === undefined) return;
    const known = this.#states.get(poolId);
    const fingerprint = await needsFingerprint(database, poolId);
    const asked = await connectedMembers(parts, poolId);
    const look = { lookedAtMs, fingerprint, asked };
    if (known?.revision !== target.revision || known.fingerprint !== fingerprint) {
      await this.#fetch(poolId, target, { ...look, attempts: 0 }, parts);
      return;
    }
    const retryAtMs = nextTryMs(known, asked);
    if (performance.now() >= retryAtMs) {
      await this.#fetch(poolId, target, { ...look, attempts: known.attempts + 1 }, parts);
    } else {
      this.#states.set(poolId, { ...known, retryAtMs, restsUntilMs: restAfter(lookedAtMs) });
    }
  }

  async #fetch(
    poolId: string,
    target: Target,
    look: Pick<PoolState, "fingerprint" | "asked" | "attempts" | "lookedAtMs">,
    parts: FetchParts,
  ): Promise<void> {
    const { store } = parts;
    const { revision } = target;
    const never = { restsUntilMs: Number.POSITIVE_INFINITY, retryAtMs: Number.POSITIVE_INFINITY };
    this.#states.set(poolId, { revision, missing: Number.POSITIVE_INFINITY, ...never, ...look });
    const files = distinctFiles(await readNeeds(store, store.database, poolId, target));
    await addTargetFiles(store, poolId, revision, files);
    const restsUntilMs = restAfter(look.lookedAtMs);
    const missing = await fetchMissing(parts, poolId, revision);
    const waitMs = Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** look.attempts);
    const retryAtMs = missing === 0 ? Number.POSITIVE_INFINITY : performance.now() + waitMs;
    this.#states.set(poolId, { revision, missing, restsUntilMs, retryAtMs, ...look });
  }
}

/** What was done since then, not what sources took for their part. */
function restAfter(startedAtMs: number): number {
  const nowMs = performance.now();
  return nowMs + Math.min(MAX_REST_MS, REST_FACTOR * (nowMs - startedAtMs));
}

function nextTryMs(known: PoolState, connected: ReadonlySet<string>): number {
  if (known.missing === 0) return Number.POSITIVE_INFINITY;
  const hasNewcomer = [...connected].some((id) => !known.asked.has(id));
  const backoffMs = known.lookedAtMs + Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** known.attempts);
  return hasNewcomer ? Math.min(backoffMs, known.lookedAtMs + NEWCOMERS_MS) : backoffMs;
}

async function connectedMembers({ store, endpoints }: FetchParts, poolId: string): Promise<ReadonlySet<string>> {
  const text = "select id from endpoint where pool_id = $1 and id = any($2::uuid[])";
  const rows = await store.database.query<{ id: string }>(text, [poolId, endpoints.connected()]);
  return new Set(rows.map(({ id }) => id));
}
