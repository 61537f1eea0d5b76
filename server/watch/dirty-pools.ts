// What rang since a watcher last looked: pool ids and the newest progress of each operation. Latest wins, so a slow
// watcher costs a set of ids and never a queue.
import type { Progress } from "../../proto/generated/pacpool/v1/watch.ts";
import type { WatchBell } from "./desk.ts";

/** Operations whose progress waits for a slow watcher; an older one is dropped for a new one. */
const MAX_PROGRESS = 1_000;

export class DirtyPools implements WatchBell {
  readonly #isWanted: (poolId: string) => boolean;
  readonly #pools = new Set<string>();
  readonly #progress = new Map<string, Progress>();
  readonly #wantsProgress: boolean;
  #isAnyDirty = false;
  #wake: (() => void) | undefined;

  constructor(options: { readonly isWanted: (poolId: string) => boolean; readonly wantsProgress: boolean }) {
    this.#isWanted = options.isWanted;
    this.#wantsProgress = options.wantsProgress;
  }

  readonly onMoved = (poolId: string | undefined): void => {
    if (poolId === undefined) {
      this.#isAnyDirty = true;
    } else if (this.#isWanted(poolId)) {
      this.#pools.add(poolId);
    } else {
      return;
    }
    this.#wake?.();
  };

  readonly onProgress = (poolId: string, progress: Progress): void => {
    if (!this.#wantsProgress || !this.#isWanted(poolId)) {
      return;
    }
    if (this.#progress.size >= MAX_PROGRESS && !this.#progress.has(progress.operationId)) {
      this.#progress.delete(this.#progress.keys().next().value ?? "");
    }
    this.#progress.set(progress.operationId, progress);
    this.#wake?.();
  };

  get isEmpty(): boolean {
    return this.#pools.size === 0 && this.#progress.size === 0 && !this.#isAnyDirty;
  }

  /** Takes everything. */
  take(): { readonly pools: readonly string[]; readonly isAnyDirty: boolean; readonly progress: readonly Progress[] } {
    const taken = { pools: [...this.#pools], isAnyDirty: this.#isAnyDirty, progress: [...this.#progress.values()] };
    this.#pools.clear();
    this.#progress.clear();
    this.#isAnyDirty = false;
    return taken;
  }

  /** Resolves when something rang, after `timeoutMs`, or when `signal` aborts. True when something rang. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.isEmpty || signal.aborted) {
      return !this.isEmpty;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    const abort = (): void => {
      resolve();
    };
    signal.addEventListener("abort", abort, { once: true });
    this.#wake = resolve;
    await promise;
    this.#wake = undefined;
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    return !this.isEmpty;
  }
}
