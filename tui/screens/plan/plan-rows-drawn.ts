// The rows of a plan as lines: a step names its versions and where the file comes from, a note says why.
import { PLAN_FACES, PLAN_NOTE_FACES } from "../../../domain/face/faces.ts";
import { type Cell, fit, row } from "../../cells.ts";
import type { PlanRow } from "../../store/plan-rows.ts";
import type { Line } from "../../theme.ts";
import { size } from "../../words.ts";

/** On a narrow screen versions need the room more than where a file comes from. */
const ORIGIN_FROM_COLUMNS = 96;

export function drawPlanRow(one: PlanRow, width: number): Line {
  switch (one.kind) {
    case "heading":
      return [{ text: fit(one.text, width), tone: "strong" }];
    case "step": {
      const { action, name, fromVersion, toVersion, repository, downloadBytes } = one.step;
      const { glyph, role: tone } = PLAN_FACES[action];
      const cells: readonly Cell[] = [
        { text: glyph, tone, width: 1 },
        { text: name, tone: action === "remove" ? tone : "plain", grow: 4 },
        { text: fromVersion === "" ? "–" : fromVersion, tone: "muted", grow: 3 },
        { text: "→", tone: "muted", width: 1 },
        { text: toVersion === "" ? "gone" : toVersion, grow: 3 },
      ];
      const origin: readonly Cell[] = [
        { text: repository, tone: "muted", width: 12 },
        { text: downloadBytes === 0 ? "" : size(downloadBytes), tone: "muted", width: 9, align: "right" },
      ];
      return row(width >= ORIGIN_FROM_COLUMNS ? [...cells, ...origin] : cells, width);
    }
    case "note": {
      const { glyph, role } = PLAN_NOTE_FACES[one.tone];
      // A refusal is read as a text: only where a sentence begins is a mark.
      const tone = one.part === undefined ? role : "plain";
      if (one.part !== undefined) {
        return [{ text: one.part === "first" ? `${glyph} ` : "  ", tone: role }, { text: fit(one.why, width - 2) }];
      }
      const text = one.name === "" ? one.why : `${one.name}: ${one.why}`;
      return row(
        [
          { text: glyph, tone, width: 1 },
          { text, tone, grow: 1 },
        ],
        width,
      );
    }
  }
}

/** The sentence of the selected row, where it has one. */
export function whyOf(one: PlanRow | undefined): string {
  switch (one?.kind) {
    case "step":
      return one.step.why;
    case "note":
      return one.part === undefined ? one.why : "";
    case "heading":
    case undefined:
      return "";
  }
}
