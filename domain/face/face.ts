// What a fact looks like wherever it is shown: a word, a glyph, a letter where glyphs cannot be drawn, and a role that each
// face turns into its own colour. It must not know tables, screens or the bar.

/** What a colour means. Nothing is said by it alone: a word or a glyph always stands beside it. */
export const ROLES = ["plain", "muted", "good", "notice", "ahead", "diverged", "busy", "danger", "alarm"] as const;

export type Role = (typeof ROLES)[number];

export interface Face {
  /** The word of docs/spec; lists and filters use it. */
  readonly word: string;
  /** One terminal column, and no other row of the same table has it. */
  readonly glyph: string;
  /** The same in printable ASCII, for bare consoles and locales without UTF-8. */
  readonly ascii: string;
  readonly role: Role;
  /** A few words for whoever meets it the first time; no full stop. */
  readonly meaning: string;
}

export type GlyphSet = "unicode" | "ascii";

export function glyphOf({ glyph, ascii }: Face, set: GlyphSet): string {
  return set === "ascii" ? ascii : glyph;
}

export interface LocaleVariables {
  readonly TERM?: string | undefined;
  readonly LC_ALL?: string | undefined;
  readonly LC_CTYPE?: string | undefined;
  readonly LANG?: string | undefined;
}

/** Fonts of these hold 256 or 512 characters at most, and ours are not among them. */
const BARE_TERMINALS = /^(?:linux|dumb|vt\d+|cons\d+)/;

/** A locale that says nothing is taken for UTF-8: containers have none, and the terminal around them does. */
export function glyphSetFor({ TERM = "", LC_ALL = "", LC_CTYPE = "", LANG = "" }: LocaleVariables): GlyphSet {
  if (BARE_TERMINALS.test(TERM)) return "ascii";
  const locale = LC_ALL || LC_CTYPE || LANG;
  return locale === "" || /utf-?8/i.test(locale) ? "unicode" : "ascii";
}

/**
 * The roles in the terminal's own sixteen colours, as parameters of an SGR sequence: they follow the person's theme, dark or
 * light. Empty means the colour of the text.
 */
export const ROLE_SGR = {
  plain: "",
  muted: "90",
  good: "32",
  notice: "33",
  ahead: "36",
  diverged: "35",
  busy: "34",
  danger: "31",
  alarm: "1;31",
} as const satisfies Record<Role, string>;
