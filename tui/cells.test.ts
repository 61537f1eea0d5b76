import { describe, expect, it } from "vitest";
import { cut, fit, fitLine, lineWidth, row, widthOf, wrap, wrapAtMost } from "./cells.ts";
import { clean, cleanText } from "./clean.ts";
import { shareBar } from "./components/bars.ts";
import { createTheme, paint } from "./theme.ts";

describe("text in columns", () => {
  it("is measured as the terminal shows it", () => {
    expect([widthOf("abc"), widthOf("日本"), widthOf("👩‍💻"), widthOf("é")]).toEqual([3, 4, 2, 1]);
  });

  it("is cut with an ellipsis and never in the middle of a wide character", () => {
    expect(cut("borealis", 5)).toBe("bore…");
    expect(cut("日本語", 4)).toBe("日…");
    expect(widthOf(fit("日本語", 4))).toBe(4);
    expect(cut("x", 0)).toBe("");
  });

  it("fills a row exactly, whatever is in it", () => {
    for (const width of [20, 33, 80, 200]) {
      const cells = [{ text: "a-long-name-that-does-not-fit", grow: 2 }, { text: "日本", width: 6 }, { text: "x" }];
      expect(lineWidth(row(cells, width))).toBe(width);
      expect(lineWidth(fitLine([{ text: "日本語日本語日本語日本語" }], width))).toBe(width);
    }
  });

  it("wraps at words and says when lines were left out", () => {
    expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapAtMost("one two three four", 7, 2)).toEqual(["one two", "three…"]);
  });
});

describe("what comes from a server", () => {
  it("cannot move the cursor, clear the screen or turn the direction of text", () => {
    expect(cleanText("a\u001b[2Jb\r\nc\u202ed\u200be")).toBe("a [2Jb  c d e");
    expect(cleanText("\ud800x")).toBe("\ufffdx");
  });

  it("is cleaned wherever it is", () => {
    const value = { name: "a\u0007", list: ["b\u0000"], map: new Map([["k\n", "v\t"]]), count: 1n, none: undefined };
    expect(clean(value)).toEqual({
      name: "a ",
      list: ["b "],
      map: new Map([["k ", "v "]]),
      count: 1n,
      none: undefined,
    });
  });
});

describe("a status bar", () => {
  const shares = [
    { count: 997, glyph: "✓", tone: "good" },
    { count: 0, glyph: "↓", tone: "notice" },
    { count: 2, glyph: "!", tone: "alarm" },
    { count: 1, glyph: "■", tone: "danger" },
  ] as const;
  const text = (width: number, hasColour: boolean): string =>
    shareBar(shares, width, hasColour)
      .map((segment) => segment.text)
      .join("");

  it("keeps the one that is blocked among a thousand visible", () => {
    expect(text(10, false)).toBe("✓✓✓✓✓✓✓✓!■");
  });

  it("is one bar where colours tell, and glyphs where they do not", () => {
    expect(text(10, true)).toBe("━".repeat(10));
    expect(paint(shareBar(shares, 10, false), createTheme(false))).toContain("✓✓✓✓✓✓✓✓");
  });
});
