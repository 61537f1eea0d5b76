// Text in terminal columns: measured by what the terminal shows, cut with an ellipsis, padded, laid out as cells of a row.
import stringWidth from "string-width";
import type { Line, Segment, Tone } from "./theme.ts";

// What nearly every text here consists of: ASCII, and the glyphs of our own screens, each one column and one code unit.
const PLAIN = /^[\u0020-\u007e\u2500-\u257f–“”…‹›←↑→↓↕⇄−■●○✓✗»·▏↻‖⏻◆≠◔⌁]*$/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Columns that the text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** At most `width` columns; an ellipsis says that something was cut. */
export function cut(text: string, width: number): string {
  if (width <= 0) return "";
  if (widthOf(text) <= width) return text;
  if (PLAIN.test(text)) return `${text.slice(0, width - 1)}…`;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Exactly `width` columns. */
export function fit(text: string, width: number, align: "left" | "right" = "left"): string {
  const shown = cut(text, width);
  const padding = " ".repeat(Math.max(0, width - widthOf(shown)));
  return align === "left" ? shown + padding : padding + shown;
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + widthOf(text), 0);
}

/** Exactly `width` columns: the line is cut in its last segments, or padded. */
export function fitLine(line: Line, width: number): Line {
  const kept: Segment[] = [];
  let left = width;
  for (const segment of line) {
    if (left <= 0) break;
    const wide = widthOf(segment.text);
    kept.push(wide <= left ? segment : { ...segment, text: cut(segment.text, left) });
    left -= Math.min(wide, left);
  }
  // A wide character that did not fit leaves a column.
  left = width - lineWidth(kept);
  return left > 0 ? [...kept, { text: " ".repeat(left) }] : kept;
}

/** One cell of a row. Without a width it shares what the others leave, in proportion to `grow`. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  readonly width?: number;
  readonly grow?: number;
  readonly align?: "left" | "right";
}

const GAP = "  ";

/** Cells side by side, two columns between them, `width` columns together. */
export function row(cells: readonly Cell[], width: number): Line {
  const fixed = cells.reduce((sum, cell) => sum + (cell.width ?? 0), 0) + GAP.length * Math.max(0, cells.length - 1);
  const shares = cells.reduce((sum, cell) => sum + (cell.width === undefined ? (cell.grow ?? 1) : 0), 0);
  const spare = Math.max(0, width - fixed);
  const line: Segment[] = [];
  let given = 0;
  let taken = 0;
  for (const [index, cell] of cells.entries()) {
    let wide = cell.width;
    if (wide === undefined) {
      taken += cell.grow ?? 1;
      wide = Math.floor((spare * taken) / shares) - given;
      given += wide;
    }
    if (index > 0) line.push({ text: GAP });
    line.push({ text: fit(cell.text, wide, cell.align), tone: cell.tone ?? "plain" });
  }
  return fitLine(line, width);
}

/** Words over lines of at most `width` columns; longer words are cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
    } else {
      if (line !== "") lines.push(line);
      line = cut(word, width);
    }
  }
  return line === "" && lines.length > 0 ? lines : [...lines, line];
}

/** Wrapped lines, cut to `maximum` of them; the last one then says so by an ellipsis. */
export function wrapAtMost(text: string, width: number, maximum: number): readonly string[] {
  const lines = wrap(text, width);
  if (lines.length <= maximum) return lines;
  const last = lines[maximum - 1] ?? "";
  return [...lines.slice(0, maximum - 1), `${cut(last, width - 1).replace(/…$/u, "")}…`];
}
