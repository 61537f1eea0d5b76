// What words look like: meanings (tones) become terminal styles here and nowhere else. Nothing is said by colour alone,
// every tone stands beside a word or a glyph.
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import type { Face } from "../domain/face/face.ts";
import { STATUS_FACES } from "../domain/face/faces.ts";
import { LOOK_ROLES, type LookColours, type LookRole, type ThemeName } from "../domain/face/look.ts";
import { parseStyle, sgrOf } from "../domain/face/style.ts";
import { inGlyphs } from "./glyphs.ts";
import type { Capabilities, Glyphs } from "./terminal/capabilities.ts";
import { THEME_STYLES } from "./themes.ts";

/** What a configuration calls a role. */
export type Tone = LookRole;

/** A run of text in one tone. */
export interface Segment {
  readonly text: string;
  readonly tone?: Tone;
}

export type Line = readonly Segment[];

export interface Theme {
  readonly hasColour: boolean;
  readonly glyphs: Glyphs;
  /** What is drawn is from before: faint, in broken lines, so that it is seen without colour too. */
  readonly isStale: boolean;
  /** Parameters of SGR sequences; empty for none. */
  readonly styles: Readonly<Record<Tone, string>>;
}

/** The theme of a terminal with its own sixteen colours, or without any. */
export function createTheme(hasColour: boolean): Theme {
  return themeOf(hasColour ? "terminal" : "mono", { colours: hasColour ? "16" : "none", glyphs: "unicode" });
}

/** `colours` are styles of a person's own. Without colour those have only weight left, where they have any. */
export function themeOf(
  name: Exclude<ThemeName, "auto">,
  can: Pick<Capabilities, "colours" | "glyphs">,
  colours: LookColours = {},
): Theme {
  // Of sixteen colours several shades would be the same one; those of the terminal's own are told apart.
  const isCoarse = can.colours === "16" && (name === "dark" || name === "light");
  const styles = THEME_STYLES[isCoarse ? "terminal" : name];
  const styled = LOOK_ROLES.map((role) => {
    const style = parseStyle((can.colours === "none" ? undefined : colours[role]) ?? styles[role]);
    return [role, style === undefined ? "" : sgrOf(style, can.colours)] as const;
  });
  return {
    hasColour: can.colours !== "none" && name !== "mono",
    glyphs: can.glyphs,
    isStale: false,
    styles: Object.fromEntries(styled) as Record<Tone, string>,
  };
}

/** Roles that say where the person is, not how things are. */
const KEPT_WHEN_STALE: ReadonlySet<Tone> = new Set(["selected", "accent", "key", "border", "border-strong"]);

/** The same theme for what is not live any more. */
export function staleTheme(theme: Theme): Theme {
  const styles = LOOK_ROLES.map((role) => [role, theme.styles[KEPT_WHEN_STALE.has(role) ? role : "muted"]] as const);
  return { ...theme, isStale: true, styles: Object.fromEntries(styles) as Record<Tone, string> };
}

/** One line of text with its styles as escape sequences. `over` replaces every tone, for a selected row. */
export function paint(line: Line, theme: Theme, over?: Tone): string {
  let painted = "";
  for (const { text: written, tone = "plain" } of line) {
    const text = inGlyphs(written, theme.glyphs);
    const style = theme.styles[over ?? tone];
    painted += style === "" || text === "" ? text : `\u001b[${style}m${text}\u001b[0m`;
  }
  return painted;
}

/** The glyphs and meanings that every face has; the words are the keys. */
export const STATUS_GLYPHS: Readonly<Record<SyncStatus, string>> = ofStatuses(({ glyph }) => glyph);

export const STATUS_TONES: Readonly<Record<SyncStatus, Tone>> = ofStatuses(({ role }) => role);

function ofStatuses<Value>(pick: (face: Face) => Value): Readonly<Record<SyncStatus, Value>> {
  const entries = SYNC_STATUSES.map((status) => [status, pick(STATUS_FACES[status])] as const);
  return Object.fromEntries(entries) as Record<SyncStatus, Value>;
}
