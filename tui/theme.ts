// What words look like: meanings (tones) become terminal styles here and nowhere else. Nothing is said by colour alone,
// every tone stands beside a word or a glyph.
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import { type Face, ROLE_SGR } from "../domain/face/face.ts";
import { STATUS_FACES } from "../domain/face/faces.ts";

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
  ...ROLE_SGR,
  strong: "1",
  accent: "1;36",
  border: "90",
  "border-strong": "36",
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

/** The glyphs and meanings that every face has; the words are the keys. */
export const STATUS_GLYPHS: Readonly<Record<SyncStatus, string>> = ofStatuses(({ glyph }) => glyph);

export const STATUS_TONES: Readonly<Record<SyncStatus, Tone>> = ofStatuses(({ role }) => role);

function ofStatuses<Value>(pick: (face: Face) => Value): Readonly<Record<SyncStatus, Value>> {
  const entries = SYNC_STATUSES.map((status) => [status, pick(STATUS_FACES[status])] as const);
  return Object.fromEntries(entries) as Record<SyncStatus, Value>;
}
