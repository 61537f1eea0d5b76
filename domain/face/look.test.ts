import { describe, expect, it } from "vitest";
import { DEFAULT_LOOK, readLook } from "./look.ts";
import { parseStyle, sgrOf } from "./style.ts";

function problemOf(table: unknown): string {
  const read = readLook(table);
  return read.kind === "problem" ? read.problem : "none";
}

describe("the look in a configuration", () => {
  it("is the usual one when nothing is said", () => {
    expect(readLook(undefined)).toEqual({ kind: "look", look: DEFAULT_LOOK });
  });

  it("has a theme, glyphs, a mouse or none, and colours of one's own", () => {
    const table = {
      theme: "light",
      glyphs: "ascii",
      mouse: false,
      colors: { danger: "bold #cc241d", selected: "reverse" },
    };
    expect(readLook(table)).toEqual({ kind: "look", look: table });
  });

  it("takes a theme of one's own, its colours below those that stand beside it", () => {
    const themes = { dusk: { base: "dark", good: "green", accent: "bold 214" } };
    expect(readLook({ theme: "dusk", themes, colors: { good: "#98971a" } })).toMatchObject({
      look: { theme: "dark", colors: { good: "#98971a", accent: "bold 214" } },
    });
  });

  it("lets the environment name another theme", () => {
    expect(readLook({ theme: "light" }, { theme: "mono" })).toMatchObject({ look: { theme: "mono" } });
  });

  it.each([
    [{ colour: "x" }, "tui: unknown key colour; known are theme"],
    [{ theme: "neon" }, "tui.theme must be one of auto, dark, light, terminal, console, mono"],
    [{ mouse: "yes" }, "tui.mouse must be true or false"],
    [{ glyphs: "emoji" }, "tui.glyphs must be one of auto, unicode"],
    [{ colors: { warning: "red" } }, "tui.colors: unknown role warning; known are plain"],
    [{ colors: { danger: "rouge" } }, "tui.colors.danger is no style; write words of bold"],
    [{ colors: "red" }, "tui.colors must be a table, [tui.colors]"],
    [{ themes: { dark: {} } }, "tui.themes.dark: that name is taken"],
    [{ themes: { dusk: { base: "night" } } }, "tui.themes.dusk.base must be one of auto"],
  ])("says what is wrong with %j, and what is allowed", (table, problem) => {
    expect(problemOf(table)).toContain(problem);
  });
});

describe("a style in words", () => {
  const sgr = (text: string, depth: Parameters<typeof sgrOf>[1]): string => {
    const style = parseStyle(text);
    return style === undefined ? "no style" : sgrOf(style, depth);
  };

  it("becomes what the terminal can show", () => {
    expect(sgr("bold #ff0000 on 236", "truecolour")).toBe("1;38;2;255;0;0;48;5;236");
    expect(sgr("bold #ff0000 on 236", "256")).toBe("1;38;5;196;48;5;236");
    expect(sgr("bold #ff0000 on 236", "16")).toBe("1;91;40");
    expect(sgr("bold #ff0000 on 236", "none")).toBe("1");
  });

  it("has the names of the sixteen colours, which follow the person's palette in every terminal", () => {
    for (const depth of ["16", "256", "truecolour"] as const) {
      expect(sgr("bright-blue on black", depth)).toBe("94;40");
      expect(sgr("9", depth)).toBe("91");
    }
    expect(sgr("", "256")).toBe("");
    expect(sgr("default on default", "256")).toBe("");
  });

  it.each(["red green", "on", "red on", "red on blue on green", "#12345", "256", "bright-", "x".repeat(100)])(
    "is not %s",
    (text) => {
      expect(parseStyle(text)).toBeUndefined();
    },
  );
});
