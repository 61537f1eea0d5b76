// Glyphs for terminals that lack ours: every character that the screens draw has another one of the same width, so that
// what is measured before stays true. What a server or a machine named itself may hold anything: a question mark per column.
import { ASCII_GLYPHS } from "../domain/face/faces.ts";
import { widthOf } from "./cells.ts";
import type { Glyphs } from "./terminal/capabilities.ts";

const LINES: readonly (readonly [string, string])[] = [
  ["─", "-"],
  ["━", "="],
  ["│", "|"],
  ["┄", "."],
  ["┆", ":"],
  ["┃", "|"],
  ["╭", "+"],
  ["╮", "+"],
  ["╰", "+"],
  ["╯", "+"],
  ["┌", "+"],
  ["┐", "+"],
  ["└", "+"],
  ["┘", "+"],
  ["├", "+"],
  ["┤", "+"],
  ["┬", "+"],
  ["┴", "+"],
  ["┼", "+"],
];

const MARKS: readonly (readonly [string, string])[] = [
  ["›", ">"],
  ["‹", "<"],
  ["»", ">"],
  ["«", "<"],
  ["…", "~"],
  ["–", "-"],
  ["—", "-"],
  ["−", "-"],
  ["“", '"'],
  ["”", '"'],
  ["‘", "'"],
  ["’", "'"],
  ["·", "."],
  ["•", "*"],
  ["▏", "|"],
  ["█", "#"],
  ["▌", "#"],
  ["░", "."],
  ["▒", ":"],
  ["→", ">"],
  ["←", "<"],
  ["↑", "^"],
  ["↓", "v"],
  ["↔", "-"],
  ["↵", "<"],
  ["⇄", "%"],
  ["×", "x"],
  ["✗", "x"],
  ["▲", "^"],
  ["▼", "v"],
  ["▸", ">"],
  ["▾", "v"],
  ["▴", "^"],
  ["▪", "#"],
  ["▮", "#"],
  ["◂", "<"],
  ["±", "+"],
  ["≤", "<"],
  ["≥", ">"],
  ["⋯", "~"],
  ["⏎", "<"],
  ["★", "*"],
  ["☐", "o"],
  ["☑", "*"],
  ["◉", "*"],
];

/** What the letters of facts are is decided in one place for all faces. */
const ASCII: ReadonlyMap<string, string> = new Map([...LINES, ...MARKS, ...ASCII_GLYPHS]);

/** The console's font has the lines of code page 437; round corners and heavy lines are not among them. */
const CONSOLE: ReadonlyMap<string, string> = new Map([
  ...ASCII,
  ["─", "─"],
  ["━", "═"],
  ["│", "│"],
  ["┃", "║"],
  ["╭", "┌"],
  ["╮", "┐"],
  ["╰", "└"],
  ["╯", "┘"],
  ...["┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "·", "»", "«", "█", "░", "▒"].map((one) => [one, one] as const),
]);

const BEYOND_ASCII = /[^\u0020-\u007e]/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text in characters that the terminal has, as many columns wide. */
export function inGlyphs(text: string, glyphs: Glyphs): string {
  if (glyphs === "unicode" || !BEYOND_ASCII.test(text)) return text;
  const table = glyphs === "console" ? CONSOLE : ASCII;
  let shown = "";
  for (const { segment } of graphemes.segment(text)) {
    shown += BEYOND_ASCII.test(segment) ? (table.get(segment) ?? "?".repeat(widthOf(segment))) : segment;
  }
  return shown;
}
