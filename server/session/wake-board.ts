// Who has to look for work when a pool moves: only the streams of endpoints that something happened to, or all of the
// pool when its target is another. Ten thousand streams must not ask the database each because one of them reported.
import type { PoolMoves } from "../operations/read-moves.ts";

export interface WakeBoardOptions {
  readonly readMoves: (poolId: string, after: number) => Promise<PoolMoves | undefined>;
  readonly onError: (error: unknown) => void;
}

interface Sleeper {
  poolId: string;
  readonly wake: () => void;
}

interface PoolMark {
  revision: number;
  targetRevision: number;
  /** A look is under way; true when it rang again meanwhile. */
  running: boolean;
  again: boolean;
}

export class WakeBoard {
  readonly #options: WakeBoardOptions;
  readonly #sleepers = new Map<string, Set<Sleeper>>();
  readonly #marks = new Map<string, PoolMark>();

  constructor(options: WakeBoardOptions) {
    this.#options = options;
  }

  follow(endpointId: string, poolId: string, wake: () => void): Disposable {
    const sleeper: Sleeper = { poolId, wake };
    const ofEndpoint = this.#sleepers.get(endpointId) ?? new Set();
    this.#sleepers.set(endpointId, ofEndpoint.add(sleeper));
    return {
      [Symbol.dispose]: () => {
        ofEndpoint.delete(sleeper);
        if (ofEndpoint.size === 0 && this.#sleepers.get(endpointId) === ofEndpoint) {
          this.#sleepers.delete(endpointId);
        }
      },
    };
  }

  /** The newest that was heard of; undefined before the first ring. */
  revisionOf(poolId: string): number | undefined {
    return this.#marks.get(poolId)?.revision;
  }

  /** A pool moved. Rings while a look is under way are one more look. */
  ring(poolId: string): void {
    const mark = this.#marks.get(poolId);
    if (mark === undefined) {
      // The first ring of a pool: nobody knows since when, so everybody of it looks.
      this.#marks.set(poolId, { revision: -1, targetRevision: -1, running: false, again: false });
      this.ring(poolId);
    } else if (mark.running) {
      mark.again = true;
    } else {
      mark.running = true;
      void this.#look(poolId, mark);
    }
  }

  async #look(poolId: string, mark: PoolMark): Promise<void> {
    try {
      do {
        mark.again = false;
        await this.#wakeMoved(poolId, mark);
      } while (mark.again);
    } catch (error) {
      // The next ring or sweep looks again from the same mark.
      this.#options.onError(error);
    } finally {
      mark.running = false;
    }
  }

  async #wakeMoved(poolId: string, mark: PoolMark): Promise<void> {
    const isFirst = mark.revision < 0;
    const moves = await this.#options.readMoves(poolId, isFirst ? Number.MAX_SAFE_INTEGER : mark.revision);
    if (moves === undefined) {
      this.#marks.delete(poolId);
      return;
    }
    const isOtherTarget = isFirst || moves.targetRevision !== mark.targetRevision;
    mark.revision = moves.revision;
    mark.targetRevision = moves.targetRevision;
    for (const [endpointId, isHere] of moves.endpoints) {
      for (const sleeper of this.#sleepers.get(endpointId) ?? []) {
        sleeper.poolId = isHere ? poolId : sleeper.poolId;
        sleeper.wake();
      }
    }
    if (isOtherTarget) {
      this.#wakePool(poolId);
    }
  }

  #wakePool(poolId: string): void {
    for (const sleepers of this.#sleepers.values()) {
      for (const sleeper of sleepers) {
        if (sleeper.poolId === poolId) {
          sleeper.wake();
        }
      }
    }
  }
}
