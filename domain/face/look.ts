// How a person wants the screens to look, as it stands in [tui] of config.toml: theme, own colours, glyphs, mouse. Checked
// here, so that a mistake is told with what is allowed; docs/spec/look.md. It must not know files or terminals.
import { ROLES } from "./face.ts";
import { parseStyle, STYLE_SYNTAX } from "./style.ts";

/** What a person can colour: what colours mean everywhere, and the parts of a screen. */
export const LOOK_ROLES = [...ROLES, "strong", "accent", "border", "border-strong", "selected", "key"] as const;

export type LookRole = (typeof LOOK_ROLES)[number];

/** Styles in words, by role; roles that are absent look as in the theme below. */
export type LookColours = Readonly<Partial<Record<LookRole, string>>>;

/** `auto` asks the terminal; `terminal` is its own sixteen colours. */
export const THEMES = ["auto", "dark", "light", "terminal", "console", "mono"] as const;

export type ThemeName = (typeof THEMES)[number];

export const GLYPH_CHOICES = ["auto", "unicode", "console", "ascii"] as const;

export type GlyphChoice = (typeof GLYPH_CHOICES)[number];

export interface Look {
  readonly theme: ThemeName;
  /** Of the theme that is named, then of [tui.colors]. */
  readonly colors: LookColours;
  readonly glyphs: GlyphChoice;
  readonly mouse: boolean;
}

export const DEFAULT_LOOK: Look = { theme: "auto", colors: {}, glyphs: "auto", mouse: true };

export type ReadLook =
  | { readonly kind: "look"; readonly look: Look }
  /** One sentence: which key, and what is allowed. */
  | { readonly kind: "problem"; readonly problem: string };

class LookProblem extends Error {}

type Table = Readonly<Record<string, unknown>>;

/** Texts from elsewhere that win over the table's: an environment's. Absent and empty say nothing. */
export interface NamedLook {
  readonly theme?: string | undefined;
  readonly glyphs?: string | undefined;
  readonly mouse?: string | undefined;
}

/** Takes the table [tui]. */
export function readLook(table: unknown, named: NamedLook = {}): ReadLook {
  try {
    return { kind: "look", look: lookOf({ ...asTable("tui", table ?? {}), ...settingsOf(named) }) };
  } catch (error) {
    if (error instanceof LookProblem) return { kind: "problem", problem: error.message };
    throw error;
  }
}

const KEYS = ["theme", "glyphs", "mouse", "colors", "themes"] as const;

function settingsOf(named: NamedLook): Table {
  const said = Object.entries(named).filter(([, text]) => text !== undefined && text !== "");
  return Object.fromEntries(said.map(([key, text]) => [key, key === "mouse" ? (SWITCH.get(text) ?? text) : text]));
}

const SWITCH: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

function lookOf(table: Table): Look {
  for (const key of Object.keys(table)) {
    if (!includes(KEYS, key)) fail(`tui: unknown key ${key}; known are ${KEYS.join(", ")}`);
  }
  const own = Object.entries(asTable("tui.themes", table["themes"] ?? {})).map(
    ([name, one]) => [name, ownTheme(name, one)] as const,
  );
  const colors = coloursOf("tui.colors", table["colors"] ?? {});
  const { theme, below } = themeOf(table["theme"] ?? DEFAULT_LOOK.theme, new Map(own));
  const glyphs = table["glyphs"] ?? DEFAULT_LOOK.glyphs;
  if (typeof glyphs !== "string" || !includes(GLYPH_CHOICES, glyphs)) {
    fail(`tui.glyphs must be one of ${GLYPH_CHOICES.join(", ")}`);
  }
  const mouse = table["mouse"] ?? DEFAULT_LOOK.mouse;
  if (typeof mouse !== "boolean") fail("tui.mouse must be true or false");
  return { theme, colors: { ...below, ...colors }, glyphs, mouse };
}

interface OwnTheme {
  readonly theme: ThemeName;
  readonly below: LookColours;
}

function themeOf(name: unknown, own: ReadonlyMap<string, OwnTheme>): OwnTheme {
  if (typeof name === "string") {
    const found = own.get(name);
    if (found !== undefined) return found;
    if (includes(THEMES, name)) return { theme: name, below: {} };
  }
  const known = [...THEMES, ...own.keys()].join(", ");
  return fail(`tui.theme must be one of ${known}, or a table [tui.themes.NAME] of your own`);
}

/** Roles as in [tui.colors], and `base`, the theme that the others are taken from. */
function ownTheme(name: string, value: unknown): OwnTheme {
  const where = `tui.themes.${name}`;
  if (includes(THEMES, name)) fail(`${where}: that name is taken; call your own theme something else`);
  const { base = "auto", ...colours } = asTable(where, value);
  if (typeof base !== "string" || !includes(THEMES, base)) fail(`${where}.base must be one of ${THEMES.join(", ")}`);
  return { theme: base, below: coloursOf(where, colours) };
}

function coloursOf(where: string, value: unknown): LookColours {
  const colours: Partial<Record<LookRole, string>> = {};
  for (const [role, style] of Object.entries(asTable(where, value))) {
    if (!includes(LOOK_ROLES, role)) fail(`${where}: unknown role ${role}; known are ${LOOK_ROLES.join(", ")}`);
    if (typeof style !== "string" || parseStyle(style) === undefined) {
      fail(`${where}.${role} is no style; write ${STYLE_SYNTAX}`);
    }
    colours[role] = style;
  }
  return colours;
}

function asTable(where: string, value: unknown): Table {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Table;
  return fail(`${where} must be a table, [${where}]`);
}

function includes<Value extends string>(values: readonly Value[], text: string): text is Value {
  return values.some((value) => value === text);
}

function fail(problem: string): never {
  throw new LookProblem(problem);
}
