// Small aligned columns for people. Bounded to the width of the terminal; unbounded where the output is a file.
import stringWidth from "string-width";
import { clean } from "./clean.ts";

/** A cell: plain text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** Gives way first when the terminal is too narrow; the last column does when none says so. */
  readonly flexible?: boolean;
}

export interface TableLook {
  /** Columns of the terminal; Infinity for a file. */
  readonly width: number;
  readonly paintTitle: (text: string) => string;
}

const GAP = "  ";
/** Below this a column says nothing any more. */
const MIN_FLEXIBLE_WIDTH = 8;
/** Of the other columns, where even that is not enough: a name's beginning. */
const MIN_WIDTH = 6;

/** The lines of a table, without trailing blanks. An empty table has no lines. */
export function formatColumns(
  columns: readonly Column[],
  rows: readonly (readonly (Cell | string)[])[],
  look: TableLook,
): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === "string" ? { text: clean(cell) } : { ...cell, text: clean(cell.text) })),
  );
  const widths = boundedWidths(columns, cells, look.width);
  const head = columns.map(({ title }): Cell => ({ text: title, paint: look.paintTitle }));
  const isTitled = columns.some(({ title }) => title !== "");
  return [...(isTitled ? [head] : []), ...cells].map((row) => formatRow(columns, row, widths));
}

function boundedWidths(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  available: number,
): readonly number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...rows.map((row) => stringWidth(row[index]?.text ?? ""))),
  );
  const marked = columns.findIndex(({ flexible }) => flexible === true);
  const flexible = marked === -1 ? columns.length - 1 : marked;
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1) - available;
  const narrow = (index: number, least: number): void => {
    const given = Math.min(Math.max(0, over), Math.max(0, (widths[index] ?? 0) - least));
    widths[index] = (widths[index] ?? 0) - given;
    over -= given;
  };
  narrow(flexible, MIN_FLEXIBLE_WIDTH);
  // Then the widest of the others, down to what still says something: a line that wraps is no row any more.
  const others = widths.map((width, index) => ({ width, index })).toSorted((one, two) => two.width - one.width);
  for (const { index } of others) narrow(index, MIN_WIDTH);
  for (const { index } of others) narrow(index, 1);
  return widths;
}

function formatRow(columns: readonly Column[], row: readonly Cell[], widths: readonly number[]): string {
  const parts = columns.map((column, index) => {
    const cell = row[index] ?? { text: "" };
    const width = widths[index] ?? 0;
    const text = truncate(cell.text, width);
    const padding = " ".repeat(Math.max(0, width - stringWidth(text)));
    const painted = cell.paint === undefined || text === "" ? text : cell.paint(text);
    if (column.align === "right") return padding + painted;
    return index === columns.length - 1 ? painted : painted + padding;
  });
  return parts.join(GAP).trimEnd();
}

/** At most that many terminal columns, with an ellipsis where something is cut; never half a character. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    const wide = stringWidth(segment);
    if (used + wide > width - 1) break;
    kept += segment;
    used += wide;
  }
  return `${kept}…`;
}
