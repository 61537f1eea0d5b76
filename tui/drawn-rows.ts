// Ink measures every row of every frame, takes it apart into cells and puts it together again, changed or not. Here rows
// are given to Ink as plain stand-ins of the same width, and what comes of a row is remembered by what was written on it, so
// that a frame costs what is new in it. The drawing itself stays Ink's: a row that is not known yet is drawn by Ink alone,
// and what this file does not understand is left to it whole.
import { stripVTControlCharacters } from "node:util";
import Output from "../node_modules/ink/build/output.js";
import { widthOf } from "./cells.ts";
import type { StandIn, StandInFor } from "./components/stand-in.ts";

/** What Ink was told to draw; of its own shape, checked before it is believed. */
interface Write {
  readonly type: "write";
  readonly x: number;
  readonly y: number;
  text: string;
  readonly transformers: readonly ((text: string, line: number) => string)[];
}

interface Canvas {
  readonly operations: readonly Write[];
  readonly width: number;
  readonly height: number;
}

type Drawn = ReturnType<Output["get"]>;

/** Rows of a few hundred characters: some MiB at most, and enough for going up and down a long list. */
const MAX_ROWS = 8_000;

/** Shorter rows are measured as quickly as looked up, and a stand-in must have room for its name. */
const MIN_STAND_IN = 24;

/**
 * Where a row changes, Ink measures how far it is as before, to write the rest only: in a list that scrolls that is a third
 * of its work, and spares the first few columns. A row with a control character is written whole, and at the beginning of a
 * line a carriage return does nothing.
 */
const WRITTEN_WHOLE = "\r";

export interface DrawnRows extends Disposable {
  readonly standInFor: StandInFor;
}

/** To be disposed of, which gives Ink its own way back. */
export function rememberDrawnRows(): DrawnRows {
  const draw = Output.prototype.get;
  const known = new Map<string, string>();
  const rows = new Map<string, string>();
  let named = 0;
  Output.prototype.get = function remembering(this: Output): Drawn {
    for (const one of writesOf(this)) one.text = rowFor(one.text, rows);
    const canvas = canvasOf(this);
    return canvas === undefined ? draw.call(this) : drawRows(canvas, known, draw);
  };
  return {
    standInFor: (row): StandIn => {
      const width = widthOf(stripVTControlCharacters(row));
      if (width < MIN_STAND_IN || row.includes("\n")) return { text: row, release: () => undefined };
      named += 1;
      const name = `~row${named}~`;
      rows.set(name, row);
      return { text: name.padEnd(width), release: () => rows.delete(name) };
    },
    [Symbol.dispose]: () => {
      Output.prototype.get = draw;
    },
  };
}

/** The row that a text stands in for; of one that Ink has shortened, as many columns, the last of them its ellipsis. */
function rowFor(text: string, rows: ReadonlyMap<string, string>): string {
  if (!text.startsWith("~row")) return text;
  const row = rows.get(text.slice(0, text.indexOf("~", 1) + 1));
  if (row === undefined) return text;
  if (!text.endsWith("…")) return row;
  const width = widthOf(text);
  return `${new Output({ width, height: 1 }).sliceLineToColumns(row, 0, width - 1)}…`;
}

function writesOf(output: object): readonly Write[] {
  const { operations } = output as Partial<Canvas>;
  return Array.isArray(operations) ? operations.filter(({ type }: Partial<Write>) => type === "write") : [];
}

/** Undefined when some row depends on more than what is written on it: clipping, styles, text over several rows. */
function canvasOf(output: object): Canvas | undefined {
  const { operations, width, height } = output as Partial<Canvas>;
  if (!Array.isArray(operations) || typeof width !== "number" || typeof height !== "number") return undefined;
  return operations.every(isSimple) ? { operations, width, height } : undefined;
}

function isSimple({ type, text, x, y, transformers = [] }: Partial<Write>): boolean {
  if (type !== "write" || text === undefined || text.includes("\n")) return false;
  // A text without styles of its own has a transformer too, which changes nothing.
  return Number.isInteger(x) && Number.isInteger(y) && transformers.every((change) => change(text, 0) === text);
}

function drawRows({ operations, width, height }: Canvas, known: Map<string, string>, draw: Output["get"]): Drawn {
  const writes: Write[][] = Array.from({ length: height }, () => []);
  for (const one of operations) writes[one.y]?.push(one);
  const rows = writes.map((onRow) => {
    if (onRow.length === 0) return "";
    let key = String(width);
    for (const { x, text } of onRow) key += `\n${x}\n${text}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MAX_ROWS) known.clear();
    const alone = new Output({ width, height: 1 });
    for (const { x, text } of onRow) alone.write(x, 0, text, { transformers: [] });
    const { output } = draw.call(alone);
    const row = `${WRITTEN_WHOLE}${output}`;
    known.set(key, row);
    return row;
  });
  return { output: rows.join("\n"), height };
}
