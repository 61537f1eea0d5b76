// Texts of this machine (pacman's words, error messages) cut to what the contract takes. One line too long would end every
// stream that repeats it.
import { MAX_DETAILS } from "../../domain/limits.ts";

/** As docs/spec/agent-session.md has it. */
const MAX_LINE_LENGTH = 2_000;

/** One line that any peer takes. */
export function clipLine(text: string): string {
  const clean = text.toWellFormed().replaceAll("\u0000", "");
  return clean.length <= MAX_LINE_LENGTH ? clean : `${clean.slice(0, MAX_LINE_LENGTH - 3).toWellFormed()}...`;
}

/** The first lines, and how many were left out. */
export function clipLines(lines: readonly string[]): string[] {
  if (lines.length <= MAX_DETAILS) {
    return lines.map(clipLine);
  }
  const shown = lines.slice(0, MAX_DETAILS - 1).map(clipLine);
  return [...shown, `and ${String(lines.length - shown.length)} more`];
}
