// The rows that are shown as the text of a file: columns for reading, CSV or JSON, by the ending of its name. Pure.
import { effect, type Outcome, tell } from "./outcome.ts";
import type { Situation } from "./situation.ts";
import type { Table } from "./table.ts";

/** Marked rows only, when there are any. */
export function exportOf(situation: Situation, file: string): Outcome {
  const whole = situation.table();
  if (whole === undefined || whole.rows.length === 0) return tell(situation, "there are no rows to write");
  const { marked } = situation;
  const rows = marked.size === 0 ? whole.rows : whole.rows.filter(({ id }) => marked.has(id));
  const table = { ...whole, rows };
  return effect({ kind: "export", file, text: formatted(table, file.toLowerCase()), rows: rows.length });
}

export function formatted(table: Table, file: string): string {
  if (file.endsWith(".json")) return jsonOf(table);
  return file.endsWith(".csv") ? csvOf(table) : textOf(table);
}

/** RFC 4180, with a first line of names. */
function csvOf({ columns, rows }: Table): string {
  const cell = (text: string): string => (/[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [columns, ...rows.map(({ cells }) => cells)].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** An array of objects, every value as the screen says it. */
function jsonOf({ columns, rows }: Table): string {
  const objects = rows.map(({ cells }) => Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ""])));
  return `${JSON.stringify(objects, undefined, 2)}\n`;
}

function textOf({ columns, rows }: Table): string {
  const lines = [columns.map((name) => name.toUpperCase()), ...rows.map(({ cells }) => cells)];
  // Reduced, not spread: ten thousand rows are more arguments than a call takes.
  const widths = columns.map((_, index) => lines.reduce((most, cells) => Math.max(most, cells[index]?.length ?? 0), 0));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((text, index) => text.padEnd(widths[index] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
