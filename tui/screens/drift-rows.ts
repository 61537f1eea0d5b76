// One line per package that differs: what, from which version to which, in what way, and why.

import { DRIFT_FACES } from "../../domain/face/faces.ts";
import { HEADINGS } from "../../domain/face/headings.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import { row } from "../cells.ts";
import type { Line } from "../theme.ts";

/** Below this many columns the reason has no place in the row. */
const WHY_FROM_COLUMNS = 110;

export function driftRow(item: DriftLine, width: number): Line {
  const { glyph, word, role: tone } = DRIFT_FACES[item.kind];
  const cells = [
    { text: `${glyph} ${word}`, tone, width: 13 },
    { text: item.name, grow: 3 },
    { text: item.installed === "" ? "–" : item.installed, tone: "muted" as const, grow: 2 },
    { text: "→", tone: "muted" as const, width: 1 },
    { text: item.wanted === "" ? "–" : item.wanted, grow: 2 },
  ];
  const why = { text: item.why, tone: "muted" as const, grow: 4 };
  return row(width >= WHY_FROM_COLUMNS ? [...cells, why] : cells, width);
}

export function driftHeading(width: number): string {
  const cells = [
    { text: HEADINGS.how, width: 13 },
    { text: HEADINGS.package, grow: 3 },
    { text: HEADINGS.here, grow: 2 },
    { text: "", width: 1 },
    { text: HEADINGS.target, grow: 2 },
  ];
  return row(width >= WHY_FROM_COLUMNS ? [...cells, { text: HEADINGS.why, grow: 4 }] : cells, width)
    .map(({ text }) => text)
    .join("");
}
