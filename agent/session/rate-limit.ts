// A token bucket: bytes are let through at a steady rate, whatever the number of files. Must not know what they are.
import { setTimeout as delay } from "node:timers/promises";

export interface RateLimit {
  /** Resolves when so many bytes may go. Rejects when the signal is aborted. */
  readonly pass: (bytes: number, signal: AbortSignal) => Promise<void>;
  readonly bytesPerSecond: number;
}

/** What an idle time saves up: a second's worth, so that a new transfer is no burst. */
const BURST_MS = 1_000;
/** One upload at a time owes no more than its last chunk: 64 KiB at the lowest rate. */
const MAX_DEBT_MS = 60_000;

export function makeRateLimit(bytesPerSecond: number, now: () => number): RateLimit {
  // When the bytes let through so far are paid for, in the clock's milliseconds.
  let paidMs = 0;
  return {
    bytesPerSecond,
    pass: async (bytes, signal) => {
      const present = now();
      const costMs = (bytes * 1_000) / bytesPerSecond;
      // A clock that was set back must not stop uploads for hours.
      const debtMs = Math.min(paidMs - present, MAX_DEBT_MS);
      paidMs = present + Math.max(debtMs, -BURST_MS) + costMs;
      if (paidMs > present) await delay(paidMs - present, undefined, { signal });
    },
  };
}
