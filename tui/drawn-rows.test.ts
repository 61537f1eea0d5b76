import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import Output from "../node_modules/ink/build/output.js";
import { widthOf } from "./cells.ts";
import { rememberDrawnRows } from "./drawn-rows.ts";

const WIDTH = 24;
const HEIGHT = 4;

const styled = fc
  .tuple(
    fc.constantFrom("", "\u001b[1m", "\u001b[1;97;44m", "\u001b[38;5;30m"),
    fc.string({ unit: "grapheme", maxLength: 30 }),
  )
  .map(([style, text]) => (style === "" ? text : `${style}${text}\u001b[0m`));
const piece = fc.oneof(
  styled,
  fc.constantFrom("│ plain │", "日本語", "ａ\u0301", "two\nrows", "   ", "👩‍💻 x", "─".repeat(WIDTH)),
);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      x: fc.integer({ min: -2, max: WIDTH }),
      y: fc.integer({ min: -1, max: HEIGHT }),
      text: piece,
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom("clip" as const, "unclip" as const) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function draw(steps: readonly Step[], change: (text: string) => string): unknown {
  const output = new Output({ width: WIDTH, height: HEIGHT });
  for (const one of steps) {
    if (one === "clip") output.clip({ x1: 1, x2: WIDTH - 3, y1: 0, y2: HEIGHT - 1 });
    else if (one === "unclip") output.unclip();
    else output.write(one.x, one.y, one.text, { transformers: [change] });
  }
  const { output: drawn, height } = output.get();
  return { drawn: drawn.replaceAll("\r", ""), height };
}

describe("rows that are remembered", () => {
  it("are what Ink draws, whatever is written where, the first time and the second", () => {
    const same = (text: string): string => text;
    const louder = (text: string): string => `\u001b[7m${text}\u001b[27m`;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), fc.boolean(), (steps, isLouder) => {
        const change = isLouder ? louder : same;
        const wanted = draw(steps, change);
        using _remembering = rememberDrawnRows();
        expect(draw(steps, change)).toEqual(wanted);
        expect(draw(steps, change)).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  it("are drawn by Ink once only", () => {
    using _remembering = rememberDrawnRows();
    const write = (text: string): Output => {
      const output = new Output({ width: 200, height: 50 });
      for (let y = 0; y < 50; y += 1)
        output.write(0, y, `${text}${"x".repeat(150)} ${String(y)}`, { transformers: [] });
      return output;
    };
    const first = write("\u001b[32mrow\u001b[0m").get();
    let taken = 0;
    const again = write("\u001b[32mrow\u001b[0m");
    Object.defineProperty(again, "caches", {
      get: () => {
        taken += 1;
        return undefined;
      },
    });
    expect(again.get().output.replaceAll("\r", "")).toBe(first.output.replaceAll("\r", ""));
    expect(taken).toBe(0);
  });

  it("are forgotten when Ink gets its own way back", () => {
    const before = Output.prototype.get;
    {
      using _remembering = rememberDrawnRows();
      expect(Output.prototype.get).not.toBe(before);
    }
    expect(Output.prototype.get).toBe(before);
  });
});

describe("stand-ins", () => {
  const row = `\u001b[90m│\u001b[0m \u001b[32m${"in-sync, 日本 ".repeat(3)}\u001b[0m\u001b[90m│\u001b[0m`;

  it("are plain, as wide as their rows, and become them in the frame", () => {
    using remembering = rememberDrawnRows();
    const standIn = remembering.standInFor(row);
    expect(standIn.text).toMatch(/^[ -~]+$/u);
    expect(standIn.text).toHaveLength(widthOf(stripVTControlCharacters(row)));
    const drawn = (text: string): string => {
      const output = new Output({ width: 60, height: 1 });
      output.write(2, 0, text, { transformers: [(line) => line] });
      return output.get().output;
    };
    expect(drawn(standIn.text)).toBe(drawn(row));
  });

  it("are cut as their rows would be where there is no room, and under what Ink draws by its own way", () => {
    using remembering = rememberDrawnRows();
    const { text } = remembering.standInFor(row);
    const output = new Output({ width: 60, height: 2 });
    output.write(0, 0, `${text.slice(0, 19)}…`, { transformers: [] });
    output.write(0, 1, "two\nrows", { transformers: [] });
    expect(stripVTControlCharacters(output.get().output)).toBe("│ in-sync, 日本 in-…\ntwo");
  });

  it("are not made for short rows, and are forgotten when they are released", () => {
    using remembering = rememberDrawnRows();
    expect(remembering.standInFor("short").text).toBe("short");
    const { text, release } = remembering.standInFor(row);
    release();
    const output = new Output({ width: 60, height: 1 });
    output.write(0, 0, text, { transformers: [] });
    expect(output.get().output.trim()).toBe(text.trimEnd());
  });
});
