// The newest progress of operations, from the agents' streams of this process to its watchers. Kept nowhere: the row has
// the last word, at most a second old.
import type { OperationStep } from "../../domain/operation/lifecycle.ts";

export interface OperationProgress {
  readonly operationId: string;
  readonly endpointId: string;
  readonly poolId: string;
  readonly step: OperationStep;
  /** 0 to 100 of the whole operation. */
  readonly percent: number;
  readonly message: string;
}

export interface ProgressBell {
  ring(progress: OperationProgress): void;
  onRing(listener: (progress: OperationProgress) => void): Disposable;
}

export function makeProgressBell(): ProgressBell {
  const listeners = new Set<(progress: OperationProgress) => void>();
  return {
    ring(progress) {
      for (const listener of listeners) listener(progress);
    },
    onRing(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
