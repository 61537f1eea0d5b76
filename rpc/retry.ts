// The only list of statuses that are worth calling again, and how long to wait before it.
import { status } from "@grpc/grpc-js";
import { Refusal } from "../domain/refusal.ts";
import { refusalRow } from "./errors.ts";
import { RpcFailure } from "./failure.ts";

/** First wait in ms; doubles with every attempt. */
const BASE_DELAY_MS = 1_000;
/** Longest wait in ms: a machine that was away for a night is back within a minute. */
const MAX_DELAY_MS = 60_000;

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.ABORTED, status.RESOURCE_EXHAUSTED]);

/** Full jitter: a random wait in ms between 0 and min(60 s, 1 s x 2^attempt), so that a fleet does not return in step. */
export function fullJitter(attempt: number, random: () => number): number {
  const ceiling = Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.floor(random() * ceiling);
}

/** Whether the same call may succeed later without anyone changing anything. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof Refusal) {
    return refusalRow(error.reason).retryable;
  }
  return error instanceof RpcFailure && RETRYABLE_STATUS.has(error.status);
}
