// The themes that there are, each role in words. They differ in what is readable on their background; what a role means is
// the same in all, and a word or glyph says it beside the colour.
import type { LookRole, ThemeName } from "../domain/face/look.ts";

export type ThemeStyles = Readonly<Record<LookRole, string>>;

/** The terminal's own sixteen colours: they follow the person's palette, dark or light. */
const TERMINAL: ThemeStyles = {
  plain: "",
  muted: "bright-black",
  good: "green",
  notice: "yellow",
  ahead: "cyan",
  diverged: "magenta",
  busy: "blue",
  danger: "red",
  alarm: "bold red",
  strong: "bold",
  accent: "bold cyan",
  border: "bright-black",
  "border-strong": "cyan",
  selected: "bold bright-white on blue",
  key: "bold cyan",
};

/** As above, with shades where the palette's are hard to read or too loud on black. */
const DARK: ThemeStyles = {
  ...TERMINAL,
  muted: "#8a8a8a",
  busy: "bright-blue",
  border: "#5f5f5f",
  selected: "bold #ffffff on #264f78",
};

/** Yellow and cyan of most palettes are unreadable on white; these have a contrast of 4.5 and more against it. */
const LIGHT: ThemeStyles = {
  plain: "",
  muted: "#626262",
  good: "#1a7f37",
  notice: "#8a5a00",
  ahead: "#00707f",
  diverged: "#8250df",
  busy: "#0550ae",
  danger: "#c01c28",
  alarm: "bold #c01c28",
  strong: "bold",
  accent: "bold #00707f",
  border: "#a8a8a8",
  "border-strong": "#00707f",
  selected: "bold #000000 on #b6d7f2",
  key: "bold #00707f",
};

/** The kernel's console: its blue on black cannot be read, and bold is only another colour there. */
const CONSOLE: ThemeStyles = {
  ...TERMINAL,
  muted: "white",
  busy: "bright-blue",
  accent: "bright-cyan",
  key: "bright-cyan",
  strong: "bright-white",
  border: "bright-black",
  "border-strong": "bright-cyan",
  alarm: "bright-red",
  selected: "bright-white on blue",
};

/** No colour, but weight: bold, faint and reverse are left with NO_COLOR. */
const MONO: ThemeStyles = {
  plain: "",
  muted: "dim",
  good: "",
  notice: "",
  ahead: "",
  diverged: "",
  busy: "",
  danger: "bold",
  alarm: "bold",
  strong: "bold",
  accent: "bold",
  border: "dim",
  "border-strong": "",
  selected: "bold reverse",
  key: "bold",
};

export const THEME_STYLES: Readonly<Record<Exclude<ThemeName, "auto">, ThemeStyles>> = {
  terminal: TERMINAL,
  dark: DARK,
  light: LIGHT,
  console: CONSOLE,
  mono: MONO,
};
