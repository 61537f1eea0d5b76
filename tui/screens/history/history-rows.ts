// Targets as rows, the newest first: which, when, by whom, from where, what it was said to be, and whether it is bad.
import type { Target } from "../../../domain/target/target.ts";
import { row } from "../../cells.ts";
import type { Line } from "../../theme.ts";
import { moment } from "../../words.ts";

export function targetRow(target: Target, isNewest: boolean, width: number): Line {
  return row(
    [
      { text: String(target.revision), tone: "strong", width: 6, align: "right" },
      markOf(target, isNewest),
      { text: moment(target.createdAtMs), tone: "muted", width: 16 },
      { text: target.sourceEndpoint, grow: 2 },
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
  return row(
    [
      { text: "TARGET", width: 6 },
      { text: "", width: 9 },
      { text: "WHEN", width: 16 },
      { text: "FROM", grow: 2 },
      { text: "MESSAGE", grow: 5 },
    ],
    width,
  )
    .map(({ text }) => text)
    .join("");
}
