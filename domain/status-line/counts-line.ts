// Drift in numbers, as one phrase.
import { DRIFT_KINDS, type DriftCounts } from "../drift/drift.ts";
import { wholeCount } from "./line-content.ts";

/** For example "3 older, 1 newer, 4 held"; empty when all are zero. Own packages are no news. */
export function countsLine(counts: DriftCounts): string {
  return DRIFT_KINDS.filter((one) => wholeCount(counts[one]) > 0)
    .map((one) => `${String(wholeCount(counts[one]))} ${one}`)
    .join(", ");
}
