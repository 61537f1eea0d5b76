// Targets as rows of a log, the newest first: which, when, by whom, from where, who is there, and what it was said to be.
import { HEADINGS } from "../../../domain/face/headings.ts";
import type { Target } from "../../../domain/target/target.ts";
import { row } from "../../cells.ts";
import type { Line } from "../../theme.ts";
import { moment } from "../../words.ts";

export interface TargetPlace {
  readonly isNewest: boolean;
  /** Endpoints whose last applied target it is. */
  readonly endpoints: number;
}

/** Authors and modes have their place from so many columns on. */
const WIDE_COLUMNS = 100;

export function targetRow(target: Target, place: TargetPlace, width: number): Line {
  const isWide = width >= WIDE_COLUMNS;
  return row(
    [
      { text: String(target.revision), tone: "strong", width: 6, align: "right" },
      markOf(target, place.isNewest),
      { text: moment(target.createdAtMs), tone: "muted", width: 16 },
      { text: target.sourceEndpoint, grow: 2 },
      ...(isWide ? [{ text: target.author, tone: "muted", grow: 2 } as const] : []),
      ...(isWide ? [{ text: target.mode, tone: "muted", width: 8 } as const] : []),
      { text: place.endpoints === 0 ? "–" : String(place.endpoints), tone: "muted", width: 4, align: "right" },
      { text: target.message === "" ? "–" : target.message, grow: 5 },
    ],
    width,
  );
}

function markOf(target: Target, isNewest: boolean) {
  if (target.bad) return { text: "✗ bad", tone: "alarm", width: 9 } as const;
  if (isNewest) return { text: "✓ newest", tone: "good", width: 9 } as const;
  if (target.restoresRevision > 0) return { text: `= ${target.restoresRevision}`, tone: "muted", width: 9 } as const;
  return { text: "", width: 9 } as const;
}

export function targetHeading(width: number): string {
  const isWide = width >= WIDE_COLUMNS;
  return row(
    [
      { text: HEADINGS.target, width: 6 },
      { text: "", width: 9 },
      { text: HEADINGS.when, width: 16 },
      { text: HEADINGS.from, grow: 2 },
      ...(isWide ? [{ text: HEADINGS.by, grow: 2 }] : []),
      ...(isWide ? [{ text: HEADINGS.mode, width: 8 }] : []),
      { text: "AT", width: 4, align: "right" as const },
      { text: HEADINGS.message, grow: 5 },
    ],
    width,
  )
    .map(({ text }) => text)
    .join("");
}

/** How many endpoints of a pool are at which target, as they told last. */
export function countAtTargets(
  endpoints: Iterable<{ readonly poolId: string; readonly appliedRevision: number }>,
  poolId: string,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const one of endpoints) {
    if (one.poolId !== poolId || one.appliedRevision === 0) continue;
    counts.set(one.appliedRevision, (counts.get(one.appliedRevision) ?? 0) + 1);
  }
  return counts;
}
