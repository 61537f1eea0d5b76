// google.protobuf.Duration <-> milliseconds.
import type { Duration } from "../../proto/generated/google/protobuf/duration.ts";

export function seconds(ms: number): Duration {
  return { seconds: BigInt(Math.floor(ms / 1_000)), nanos: Math.round(ms % 1_000) * 1_000_000 };
}

/** Undefined when absent. */
export function durationMs(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000;
}
