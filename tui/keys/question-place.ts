// How a question lies on the screen: its sentences wrapped, how many lines of them are shown, how far they scroll. Drawing
// and keys ask here, so that a key never scrolls where nothing moves.
import { wrap } from "../cells.ts";

/** Wide enough for a sentence, never wider than the screen. */
const MAX_COLUMNS = 68;
/** Border and a space on both sides. */
const FRAME_COLUMNS = 4;
/** Border, header, footer, and the blank line at the top. */
const FRAME_ROWS = 5;
/** A blank line and the answers. */
const ANSWER_ROWS = 2;
/** A blank line, what is asked for, and the text. */
const FIELD_ROWS = 3;

export interface QuestionPlace {
  readonly width: number;
  /** Columns of its lines. */
  readonly inner: number;
  readonly lines: readonly string[];
  /** Lines that are shown at the same time. */
  readonly room: number;
  /** The first line when the end is shown. */
  readonly maxTop: number;
}

export function questionPlace(
  { columns, rows }: { readonly columns: number; readonly rows: number },
  sentences: readonly string[],
  hasField: boolean,
): QuestionPlace {
  const width = Math.min(MAX_COLUMNS, columns - 2);
  const inner = width - FRAME_COLUMNS;
  const lines = sentences.flatMap((sentence) => wrap(sentence, inner));
  const room = Math.max(1, rows - FRAME_ROWS - ANSWER_ROWS - (hasField ? FIELD_ROWS : 0));
  return { width, inner, lines, room, maxTop: Math.max(0, lines.length - room) };
}
