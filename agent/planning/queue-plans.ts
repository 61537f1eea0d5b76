// Plans on request: one at a time, each in bounded time, every request answered exactly once. Must not know how a plan
// is made.
import { Refusal } from "../../domain/refusal.ts";
import { refusalSentence } from "../../rpc/errors.ts";
import type { PlanAnswer } from "../machine.ts";

/** A little less than the 120 s that the server's caller waits at most. */
const PLAN_TIMEOUT_MS = 110_000;
/** Each waits for the one before; more would be answered after their callers have gone. */
const MAX_WAITING = 4;

export interface PlanQueue {
  /** Resolves with a plan or a refusal, never rejects. */
  readonly ask: (compute: (signal: AbortSignal) => Promise<PlanAnswer>, signal: AbortSignal) => Promise<PlanAnswer>;
}

export function makePlanQueue(baseDigest: () => string): PlanQueue {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  const refuse = (reason: "THROTTLED" | "PLAN_REFUSED", message: string): PlanAnswer => ({
    kind: "refusal",
    baseDigest: baseDigest(),
    refusal: { reason, message, details: [] },
  });
  return {
    ask: (compute, signal) => {
      if (waiting >= MAX_WAITING) {
        return Promise.resolve(refuse("THROTTLED", "this machine computes other plans already; ask again in a minute"));
      }
      waiting++;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(PLAN_TIMEOUT_MS)]);
      const mine = last
        .then(() => withinLimit(compute, limit))
        .catch((error: unknown): PlanAnswer => {
          if (error instanceof Refusal) {
            const refusal = { reason: error.reason, message: refusalSentence(error), details: [] };
            return { kind: "refusal", baseDigest: baseDigest(), refusal };
          }
          const why = error instanceof Error ? error.message : String(error);
          return refuse("PLAN_REFUSED", `computing the plan failed: ${why}`);
        });
      last = mine.then(() => waiting--);
      return mine;
    },
  };
}

/** Ends with the limit even when `compute` does not look at its signal. */
async function withinLimit(
  compute: (signal: AbortSignal) => Promise<PlanAnswer>,
  limit: AbortSignal,
): Promise<PlanAnswer> {
  limit.throwIfAborted();
  const late = Promise.withResolvers<never>();
  const abort = (): void => {
    late.reject(new Error(`it took longer than ${String(PLAN_TIMEOUT_MS / 1000)} s or its asker left`));
  };
  limit.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([compute(limit), late.promise]);
  } finally {
    limit.removeEventListener("abort", abort);
  }
}
