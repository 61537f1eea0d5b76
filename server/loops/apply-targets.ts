// Starts syncs where pool and owner want no person in between: soon after a pool changed, and now and then for what was
// missed. Each server sees to the endpoints that are connected to it, so no two try the same.
import { setTimeout as sleep } from "node:timers/promises";
import { listWilling, type WillingEndpoint } from "../operations/apply/list-willing.ts";
import type { Database } from "../store/database.ts";
import { type Rounds, runEvery } from "./run-every.ts";

export interface ApplyTargetsOptions extends Rounds {
  readonly database: Database;
  readonly connected: () => readonly string[];
  /** Plans and starts. Rejects when the endpoint refused or went away. */
  readonly start: (endpoint: WillingEndpoint, signal: AbortSignal) => Promise<void>;
}

/** Plans under way at once: each costs its endpoint a simulation and this server a comparison. Stuck agents hold some. */
const AT_ONCE = 32;
/** A simulation takes seconds; an agent that needs longer is stuck. */
const START_TIMEOUT_MS = 120_000;
/** Between two looks at pools that change all the time. */
const PAUSE_MS = 250;

export interface ApplyingTargets extends AsyncDisposable {
  /** Something happened in this pool. */
  readonly ring: (poolId: string) => void;
}

export function applyTargets(options: ApplyTargetsOptions): ApplyingTargets {
  const starts = new Starts(options);
  const rung = new Set<string>();
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    while (rung.size > 0 && !starts.isClosed) {
      const pools = [...rung];
      rung.clear();
      await starts.look(pools).catch(options.onError);
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  };
  const rounds = runEvery(options, () => starts.look(undefined));
  return {
    ring: (poolId) => {
      rung.add(poolId);
      looking ??= look().finally(() => {
        looking = undefined;
      });
    },
    async [Symbol.asyncDispose]() {
      starts.close();
      await rounds[Symbol.asyncDispose]();
      await looking;
      await starts.settled();
    },
  };
}

/** What is being started. An agent that does not answer keeps nobody else waiting. */
class Starts {
  readonly #options: ApplyTargetsOptions;
  readonly #closing = new AbortController();
  /** The last attempt by endpoint, so that what was refused once is not asked for every round. */
  readonly #tried = new Map<string, string>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ApplyTargetsOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  close(): void {
    this.#closing.abort();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Begins what is willing, as far as there is room; the rest has its turn in a later round. */
  async look(pools: readonly string[] | undefined): Promise<void> {
    const { database, connected } = this.#options;
    const here = connected();
    const isHere = new Set(here);
    for (const id of this.#tried.keys()) if (!isHere.has(id)) this.#tried.delete(id);
    if (here.length === 0) return;
    for (const endpoint of await listWilling(database, here, pools)) {
      if (this.#running.size >= AT_ONCE || this.isClosed) return;
      if (this.#tried.get(endpoint.id) === endpoint.attempt) continue;
      this.#tried.set(endpoint.id, endpoint.attempt);
      this.#begin(endpoint);
    }
  }

  #begin(endpoint: WillingEndpoint): void {
    const { start, onError } = this.#options;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(START_TIMEOUT_MS)]);
    const running = start(endpoint, signal)
      .catch((error: unknown) => {
        if (!this.isClosed) onError(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }
}
