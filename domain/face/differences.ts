// In what a machine differs from its target, in one line: with the words of drift, or with their glyphs where room is short.
import type { DriftCounts } from "../drift/drift.ts";
import { DRIFT_FACES } from "./faces.ts";

const SAID = ["older", "newer", "rebuilt", "missing", "extra", "reason", "replaced", "unavailable"] as const;
/** What makes the status; an unavailable package differs in another way too. */
const SIGNED = ["older", "newer", "rebuilt", "missing", "extra", "reason", "replaced"] as const;

/** For example "12 older, 1 newer"; empty for nothing. */
export function differences(counts: DriftCounts): string {
  return SAID.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${DRIFT_FACES[kind].word}`)
    .join(", ");
}

/** For example "12↓ 1↑". */
export function shortDifferences(counts: DriftCounts): string {
  return SIGNED.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]}${DRIFT_FACES[kind].glyph}`)
    .join(" ");
}
