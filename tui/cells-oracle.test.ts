// Widths against a terminal emulator: where its cursor stands after a text is how wide that text is.
import xterm from "@xterm/headless";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, fit, lineWidth, row, widthOf } from "./cells.ts";
import { cleanText } from "./clean.ts";
import { inGlyphs } from "./glyphs.ts";

const COLUMNS = 400;

/** Columns in which the emulator draws the text. */
async function drawnWidth(text: string): Promise<number> {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: 2, allowProposedApi: true });
  await new Promise<void>((resolve) => {
    terminal.write(text, resolve);
  });
  const { cursorX, cursorY } = terminal.buffer.active;
  terminal.dispose();
  return cursorY * COLUMNS + cursorX;
}

const between = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((code) => String.fromCodePoint(code));

// What names and messages of people hold: scripts whose widths terminals agree upon since Unicode 6.
const scripts = fc.oneof(
  between(0x20, 0x7e),
  between(0xa1, 0xac),
  between(0xae, 0x17f),
  between(0x391, 0x3a1),
  between(0x410, 0x44f),
  between(0x4e00, 0x9fa5),
  between(0x3041, 0x3096),
  between(0x30a1, 0x30fa),
  between(0xac00, 0xd7a3),
  between(0xff01, 0xff5e),
  between(0xff66, 0xff9d),
  between(0x20000, 0x2a6d6),
  fc.constantFrom("e\u0301", "a\u0308", "か\u3099", "n\u0303", "‹", "│", "✓", "…", "●", "─"),
);
const text = fc.array(scripts, { maxLength: 30 }).map((parts) => parts.join(""));

describe("text in a terminal", () => {
  it("is as wide as it was measured", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (one) => {
        expect(await drawnWidth(one)).toBe(widthOf(one));
      }),
      { numRuns: 150 },
    );
  });

  it("fills its place and not more, however it is cut, padded and laid out", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, fc.integer({ min: 1, max: 60 }), async (one, other, width) => {
        expect(await drawnWidth(cut(one, width))).toBeLessThanOrEqual(width);
        expect(await drawnWidth(fit(one, width))).toBe(width);
        const line = row(
          [
            { text: one, grow: 2 },
            { text: other, grow: 1 },
          ],
          width,
        );
        expect(lineWidth(line)).toBe(width);
        expect(await drawnWidth(line.map((segment) => segment.text).join(""))).toBe(width);
      }),
      { numRuns: 100 },
    );
  });

  it("is as wide in the glyphs of a bare console and of ASCII", async () => {
    await fc.assert(
      fc.asyncProperty(text, async (one) => {
        for (const glyphs of ["console", "ascii"] as const) {
          expect(await drawnWidth(inGlyphs(one, glyphs))).toBe(widthOf(one));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("takes no columns for what cannot be seen, once it is cleaned", async () => {
    for (const one of ["a\u200bb", "a\u2060b", "\ufeffab", "a\u200fb", "a\u0301\u0302b"]) {
      const shown = cleanText(one);
      expect(await drawnWidth(shown)).toBe(widthOf(shown));
    }
  });
});
