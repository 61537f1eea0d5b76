// What lists of all screens have in common: the visible window, the mark of the selected row, the note of the place.
import { wrapAtMost } from "../cells.ts";
import type { PanelLine } from "../components/panel.tsx";
import type { Situation } from "../store/situation.ts";
import type { Line } from "../theme.ts";

/** The lines of the rows that are visible; `draw` gives a row's line without the mark. */
export function visibleRows<Row>(
  rows: readonly Row[],
  { position, visible, ids, marked }: Pick<Situation, "position" | "visible" | "ids" | "marked">,
  draw: (row: Row, isSelected: boolean) => Line,
): readonly PanelLine[] {
  return rows.slice(position.top, position.top + visible).map((row, offset) => {
    const isSelected = position.top + offset === position.index;
    const isMarked = marked.has(ids[position.top + offset] ?? "");
    const sign = `${isSelected ? "›" : " "}${isMarked ? "*" : " "}`;
    const line: Line = [{ text: sign, tone: "accent" }, ...draw(row, isSelected)];
    return { line, over: isSelected ? "selected" : undefined, row: position.top + offset };
  });
}

/** For example "3 of 12"; with a filter "3 of 12 that match", with marks "3 of 12, 2 marked". */
export function placeNote(
  { position, ids, marked }: Pick<Situation, "position" | "ids" | "marked">,
  filter: string,
): string {
  const marks = marked.size === 0 ? "" : `${marked.size} marked`;
  if (ids.length === 0) return [filter === "" ? "" : "nothing matches", marks].filter((one) => one !== "").join(", ");
  const place = `${position.index + 1} of ${ids.length}${filter === "" ? "" : " that match"}`;
  return marks === "" ? place : `${place}, ${marks}`;
}

export function heading(text: string): PanelLine {
  return { line: [{ text, tone: "muted" }] };
}

export function sentence(text: string): PanelLine {
  return { line: [{ text, tone: "muted" }] };
}

export const BLANK: PanelLine = { line: [] };

/** The sentence of the selected row below its list, always `height` lines. */
export function whyLines(why: string, width: number, height: number): readonly PanelLine[] {
  const label = "why  ";
  const said = why === "" ? [] : wrapAtMost(why, width - label.length, height);
  return Array.from(
    { length: height },
    (_, index): PanelLine => ({
      line: [{ text: index === 0 && why !== "" ? label : "     ", tone: "muted" }, { text: said[index] ?? "" }],
    }),
  );
}

/** The filter as it stands in a panel's title. */
export function filterTitle(filter: string, isFiltering: boolean): Line {
  if (filter === "" && !isFiltering) return [];
  return [
    { text: " /", tone: "accent" },
    { text: filter, tone: "strong" },
    ...(isFiltering ? [{ text: "▏", tone: "accent" } as const] : []),
  ];
}
