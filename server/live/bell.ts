// Rings after a commit: which pool moved. Carries no truth; who listens reads the rows. Losing a ring costs latency only,
// since the sweep finds the pool a moment later.

export interface PoolBell {
  /** Tells every listener of this process, and whoever is connected to other replicas. */
  ring(poolId: string): void;
  /** Calls back with the id of every pool that moved. */
  onRing(listener: (poolId: string) => void): Disposable;
}

export function makePoolBell(): PoolBell {
  const listeners = new Set<(poolId: string) => void>();
  return {
    ring(poolId) {
      for (const listener of listeners) listener(poolId);
    },
    onRing(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
