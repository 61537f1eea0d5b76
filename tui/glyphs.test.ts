import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { widthOf } from "./cells.ts";
import { inGlyphs } from "./glyphs.ts";

/** Characters beyond ASCII in the texts of the screens and of what they share with other faces: not in comments. */
function drawnCharacters(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const files = globSync("{tui,domain/face}/**/*.{ts,tsx}", {
    cwd: new URL("..", import.meta.url).pathname,
  });
  for (const file of files.filter((one) => !one.includes(".test.") && !one.endsWith("tui/glyphs.ts"))) {
    const source = readFileSync(new URL(`../${file}`, import.meta.url), "utf8")
      .replaceAll(/\/\*[\s\S]*?\*\//gu, "")
      .replaceAll(/(^|\s)\/\/.*$/gmu, "");
    for (const character of source.match(/[\u0080-\u{10ffff}]/gu) ?? []) found.set(character, file);
  }
  return found;
}

describe("glyphs for terminals that lack ours", () => {
  it("are there for every character that the screens draw, one column each", () => {
    const drawn = drawnCharacters();
    expect(drawn.size).toBeGreaterThan(20);
    const without = [...drawn].filter(([character]) => inGlyphs(character, "ascii") === "?");
    expect(without).toEqual([]);
    for (const character of drawn.keys()) {
      expect(inGlyphs(character, "ascii")).toMatch(/^[\u0020-\u007e]$/u);
      expect(widthOf(inGlyphs(character, "console"))).toBe(widthOf(character));
    }
  });

  it("are ASCII or lines of the console's own font on a bare console", () => {
    for (const character of drawnCharacters().keys()) {
      expect(inGlyphs(character, "console")).toMatch(/^[\u0020-\u007e─═│║┌┐└┘├┤┬┴┼·»«█░▒]$/u);
    }
    expect(inGlyphs("╭─ pools ─╮", "console")).toBe("┌─ pools ─┐");
  });

  it("keep the width of what people named themselves", () => {
    for (const name of ["日本", "é", "👩‍💻", "naïve…", "a\u0301"]) {
      expect(inGlyphs(name, "ascii")).toMatch(/^[\u0020-\u007e]*$/u);
      expect(inGlyphs(name, "ascii")).toHaveLength(widthOf(name));
    }
  });

  it("change nothing where everything can be drawn", () => {
    expect(inGlyphs("✓ 日本", "unicode")).toBe("✓ 日本");
  });
});
