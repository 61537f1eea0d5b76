// Follows one operation to its end, through restarts of the server.
import { setTimeout as delay } from "node:timers/promises";
import { isFinished } from "../../domain/operation/lifecycle.ts";
import { decodeOperation, type OperationView } from "../../rpc/codec/operation.ts";
import type { Connection } from "../../rpc/connection.ts";
import { fullJitter, isRetryable } from "../../rpc/retry.ts";

/** A server that is away for longer is not just restarting; in ms. */
const MAX_ABSENCE_MS = 10 * 60_000;

export interface FollowOptions {
  readonly onState: (operation: OperationView) => void;
  /** The server cannot be reached; tried again. */
  readonly onAbsence: () => void;
  readonly signal: AbortSignal;
}

/** The last state: finished, or one that only a person moves on (interrupted also the agent's next start). */
export async function followOperation(
  connection: Connection,
  id: string,
  options: FollowOptions,
): Promise<OperationView> {
  const { onState, onAbsence, signal } = options;
  let heardAtMs = Date.now();
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const { operation } of connection.operations.watchOperation({ id }, { signal })) {
        if (operation === undefined) continue;
        heardAtMs = Date.now();
        attempt = 0;
        const state = decodeOperation(operation);
        onState(state);
        if (isOver(state)) return state;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!isRetryable(error) || Date.now() - heardAtMs > MAX_ABSENCE_MS) throw error;
      if (attempt > 0) onAbsence();
    }
    await delay(fullJitter(Math.min(attempt, 4), Math.random), undefined, { signal });
  }
}

export function isOver(operation: OperationView): boolean {
  return isFinished(operation.state) || operation.state === "interrupted" || operation.state === "pending-approval";
}
