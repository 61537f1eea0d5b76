// The wire's durations and counters as the numbers that timers take.
import type { Duration } from "../../proto/generated/google/protobuf/duration.ts";

/** Milliseconds, or the fallback when the field is absent or absurd. */
export function durationMs(duration: Duration | undefined, fallbackMs: number): number {
  if (duration === undefined) {
    return fallbackMs;
  }
  const ms = Number(duration.seconds) * 1_000 + Math.round(duration.nanos / 1_000_000);
  return Number.isFinite(ms) && ms >= 0 && ms <= 24 * 3_600_000 ? ms : fallbackMs;
}
