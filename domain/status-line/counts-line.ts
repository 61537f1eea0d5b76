// Drift in numbers, as one phrase.
import type { DriftCounts } from "../drift/drift.ts";
import { wholeCount } from "./line-content.ts";

/** For example "3 older, 1 newer, 4 held"; empty when all are zero. Own packages are no news. */
export function countsLine(counts: DriftCounts): string {
  const shown = [
    "older",
    "newer",
    "rebuilt",
    "missing",
    "extra",
    "reason",
    "replaced",
    "held",
    "foreign",
    "unavailable",
  ] as const;
  return shown
    .filter((one) => wholeCount(counts[one]) > 0)
    .map((one) => `${String(wholeCount(counts[one]))} ${one}`)
    .join(", ");
}
