// Ink takes every row of every frame apart into cells and puts it together again, changed or not. Here the result is
// remembered by what was written on the row, so that a frame costs what is new in it. The drawing itself stays Ink's: a row
// that is not known yet is drawn by Ink alone, and what this file does not understand is left to it whole.
import Output from "../node_modules/ink/build/output.js";

/** What Ink was told to draw; of its own shape, checked before it is believed. */
interface Write {
  readonly type: "write";
  readonly x: number;
  readonly y: number;
  readonly text: string;
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

/** Returns what gives Ink its own way back. */
export function rememberDrawnRows(): Disposable {
  const draw = Output.prototype.get;
  const known = new Map<string, string>();
  Output.prototype.get = function remembering(this: Output): Drawn {
    const canvas = canvasOf(this);
    return canvas === undefined ? draw.call(this) : drawRows(canvas, known, draw);
  };
  return {
    [Symbol.dispose]: () => {
      Output.prototype.get = draw;
    },
  };
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
  const rows = writes.map((row) => {
    if (row.length === 0) return "";
    let key = String(width);
    for (const { x, text } of row) key += `\n${x}\n${text}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MAX_ROWS) known.clear();
    const alone = new Output({ width, height: 1 });
    for (const { x, text } of row) alone.write(x, 0, text, { transformers: [] });
    const { output } = draw.call(alone);
    known.set(key, output);
    return output;
  });
  return { output: rows.join("\n"), height };
}
