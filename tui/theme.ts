// What words look like: meanings (tones) become terminal styles here and nowhere else. Nothing is said by colour alone,
// every tone stands beside a word or a glyph.
import type { SyncStatus } from "../domain/drift/sync-status.ts";

export type Tone =
  | "plain"
  | "muted"
  | "strong"
  | "accent"
  | "border"
  | "border-strong"
  | "good"
  | "notice"
  | "ahead"
  | "diverged"
  | "busy"
  | "danger"
  | "alarm"
  | "selected"
  | "key";

/** A run of text in one tone. */
export interface Segment {
  readonly text: string;
  readonly tone?: Tone;
}

export type Line = readonly Segment[];

export interface Theme {
  readonly hasColour: boolean;
  readonly styles: Readonly<Record<Tone, string>>;
}

// The sixteen colours of the terminal's own palette: they follow the person's theme, dark or light.
const COLOURED: Readonly<Record<Tone, string>> = {
  plain: "",
  muted: "90",
  strong: "1",
  accent: "1;36",
  border: "90",
  "border-strong": "36",
  good: "32",
  notice: "33",
  ahead: "36",
  diverged: "35",
  busy: "34",
  danger: "31",
  alarm: "1;31",
  selected: "1;97;44",
  key: "1;36",
};

// NO_COLOR forbids colour, not weight: bold, faint and reverse are left.
const COLOURLESS: Readonly<Record<Tone, string>> = {
  plain: "",
  muted: "2",
  strong: "1",
  accent: "1",
  border: "2",
  "border-strong": "",
  good: "",
  notice: "",
  ahead: "",
  diverged: "",
  busy: "",
  danger: "1",
  alarm: "1",
  selected: "1;7",
  key: "1",
};

export function createTheme(hasColour: boolean): Theme {
  return { hasColour, styles: hasColour ? COLOURED : COLOURLESS };
}

/** One line of text with its styles as escape sequences. `over` replaces every tone, for a selected row. */
export function paint(line: Line, theme: Theme, over?: Tone): string {
  let painted = "";
  for (const { text, tone = "plain" } of line) {
    const style = theme.styles[over ?? tone];
    painted += style === "" || text === "" ? text : `\u001b[${style}m${text}\u001b[0m`;
  }
  return painted;
}

/** Every glyph is one column wide in common fonts and stands beside its word. */
export const STATUS_GLYPHS: Readonly<Record<SyncStatus, string>> = {
  syncing: "»",
  "pending-approval": "?",
  blocked: "■",
  degraded: "!",
  unknown: "·",
  diverged: "↕",
  ahead: "↑",
  behind: "↓",
  "in-sync": "✓",
};

export const STATUS_TONES: Readonly<Record<SyncStatus, Tone>> = {
  syncing: "busy",
  "pending-approval": "notice",
  blocked: "danger",
  degraded: "alarm",
  unknown: "muted",
  diverged: "diverged",
  ahead: "ahead",
  behind: "notice",
  "in-sync": "good",
};
