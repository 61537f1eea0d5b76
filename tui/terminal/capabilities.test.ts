import { describe, expect, it } from "vitest";
import { THEMES } from "../../domain/face/look.ts";
import { paint, type Theme, themeOf } from "../theme.ts";
import { THEME_STYLES } from "../themes.ts";
import { backgroundFrom, capabilitiesOf, themeFor } from "./capabilities.ts";

describe("what a terminal can show", () => {
  it.each([
    [{ TERM: "xterm-256color" }, "256"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "truecolour"],
    [{ TERM: "xterm-kitty" }, "truecolour"],
    [{ TERM: "foot" }, "truecolour"],
    [{ TERM: "xterm" }, "16"],
    [{ TERM: "screen" }, "16"],
    [{ TERM: "linux", COLORTERM: "truecolor" }, "16"],
    [{ TERM: "dumb" }, "none"],
    [{ TERM: "vt100" }, "none"],
    [{}, "none"],
    [{ TERM: "xterm-256color", NO_COLOR: "1" }, "none"],
    [{ TERM: "xterm-256color", NO_COLOR: "" }, "256"],
    [{ TERM: "dumb", FORCE_COLOR: "3" }, "truecolour"],
    [{ TERM: "xterm-256color", FORCE_COLOR: "0" }, "none"],
    [{ TERM: "xterm-256color", FORCE_COLOR: "1", NO_COLOR: "1" }, "none"],
  ] as const)("%j: colours %s", (environment, colours) => {
    expect(capabilitiesOf(environment).colours).toBe(colours);
  });

  it.each([
    [{ TERM: "foot", LANG: "de_DE.UTF-8" }, "unicode"],
    [{ TERM: "foot" }, "unicode"],
    [{ TERM: "foot", LANG: "C.utf8", LC_ALL: "POSIX" }, "ascii"],
    [{ TERM: "xterm", LANG: "de_DE.ISO-8859-1" }, "ascii"],
    [{ TERM: "linux", LANG: "de_DE.UTF-8" }, "console"],
    [{ TERM: "linux", LANG: "C" }, "ascii"],
    [{ TERM: "vt220", LANG: "C.UTF-8" }, "ascii"],
  ] as const)("%j: glyphs %s", (environment, glyphs) => {
    expect(capabilitiesOf(environment).glyphs).toBe(glyphs);
  });

  it("is what a person says it is", () => {
    const environment = { TERM: "linux", LANG: "C" };
    expect(capabilitiesOf(environment, { glyphs: "unicode", isColourless: true })).toMatchObject({
      glyphs: "unicode",
      colours: "none",
    });
  });

  it("has a background that some terminals tell in their environment", () => {
    const said = ["0;15", "15;0", "12;default;7", "7;8", "", undefined];
    expect(said.map((COLORFGBG) => backgroundFrom({ COLORFGBG }))).toEqual([
      "light",
      "dark",
      "light",
      "dark",
      "unknown",
      "unknown",
    ]);
  });
});

describe("the theme", () => {
  const can = (environment: Parameters<typeof capabilitiesOf>[0]) => capabilitiesOf(environment);

  it("follows the background, and is the terminal's own where that is unknown", () => {
    const xterm = can({ TERM: "xterm-256color" });
    expect(themeFor("auto", xterm, "light")).toBe("light");
    expect(themeFor("auto", xterm, "dark")).toBe("dark");
    expect(themeFor("auto", xterm, "unknown")).toBe("terminal");
    expect(themeFor("auto", can({ TERM: "linux" }), "dark")).toBe("console");
    expect(themeFor("light", can({ TERM: "linux" }), "dark")).toBe("light");
    expect(themeFor("dark", can({ TERM: "xterm", NO_COLOR: "1" }), "light")).toBe("mono");
  });

  const codesOf = (theme: Theme): readonly string[] => Object.values(theme.styles).flatMap((style) => style.split(";"));

  it.each(THEMES.filter((name) => name !== "auto"))(
    "%s has no colour without colour, and tells the selected row",
    (name) => {
      const theme = themeOf(name, { colours: "none", glyphs: "unicode" }, { danger: "#ff0000", selected: "" });
      expect(codesOf(theme).filter((code) => code !== "" && Number(code) > 7)).toEqual([]);
      if (name === "mono") expect(theme.styles.selected).toContain("7");
    },
  );

  it("has longer colours only where the terminal has them", () => {
    for (const name of ["dark", "light"] as const) {
      const coarse = themeOf(name, { colours: "16", glyphs: "unicode" });
      expect(codesOf(coarse)).not.toContain("38");
      const roles = ["good", "notice", "ahead", "diverged", "busy", "danger", "muted"] as const;
      expect(new Set(roles.map((role) => coarse.styles[role])).size).toBe(roles.length);
      const styles256 = Object.values(themeOf(name, { colours: "256", glyphs: "unicode" }).styles).join(" ");
      expect(styles256).toMatch(/38;5;/u);
      expect(styles256).not.toMatch(/38;2;/u);
    }
  });

  it("takes a person's own colours over its own", () => {
    const theme = themeOf("dark", { colours: "truecolour", glyphs: "ascii" }, { good: "bold #00ff00" });
    expect(paint([{ text: "✓ in-sync", tone: "good" }], theme)).toBe("\u001b[1;38;2;0;255;0m= in-sync\u001b[0m");
    expect(theme.styles.danger).toBe(themeOf("dark", { colours: "truecolour", glyphs: "ascii" }).styles.danger);
  });

  it("is readable on its background: muted and coloured text against black and against white", () => {
    const luminance = (hex: string): number => {
      const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
        const part = parseInt(hex.slice(at, at + 2), 16) / 255;
        return part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    for (const [name, background] of [
      ["dark", 0],
      ["light", 1],
    ] as const) {
      for (const [role, style] of Object.entries(THEME_STYLES[name])) {
        const hex = /#[\da-f]{6}/u.exec(style)?.[0];
        // Borders are no text; the selected row has a background of its own.
        if (hex === undefined || role === "border" || role === "selected") continue;
        const [low, high] = [luminance(hex), background].toSorted((one, other) => one - other);
        expect(((high ?? 0) + 0.05) / ((low ?? 0) + 0.05), `${name} ${role} ${hex}`).toBeGreaterThan(4.5);
      }
    }
  });
});
