// Boxes that lie over the screen: a question with what it would do, a text to type, the help, a passing sentence.
import { Box } from "ink";
import type { ReactNode } from "react";
import { wrap, wrapAtMost } from "../cells.ts";
import type { TextField } from "../keys/text-field.ts";
import type { Line, Theme, Tone } from "../theme.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "./panel.tsx";

interface Place {
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}

/** Wide enough for a sentence, never wider than the screen. */
const DIALOG_COLUMNS = 68;

export interface QuestionProps extends Place {
  readonly title: string;
  readonly lines: readonly string[];
  readonly confirm: string;
  readonly field?: TextField | undefined;
}

export function Question({ theme, columns, rows, title, lines, confirm, field }: QuestionProps): ReactNode {
  const width = Math.min(DIALOG_COLUMNS, columns - 2);
  const inner = width - PANEL_FRAME;
  const content: PanelLine[] = [blank];
  for (const line of lines) for (const text of wrap(line, inner)) content.push({ line: [{ text }] });
  if (field !== undefined) {
    content.push(blank, { line: [{ text: "message", tone: "muted" }] }, { line: fieldLine(field, inner) });
  }
  const keys: Line = [
    { text: "Enter", tone: "key" },
    { text: ` ${confirm}    ` },
    { text: "Esc", tone: "key" },
    { text: " not now" },
  ];
  content.push(blank, { line: keys });
  const height = Math.min(content.length + 2, rows - 2);
  return (
    <Over columns={columns} rows={rows} width={width} height={height}>
      <Panel
        theme={theme}
        width={width}
        height={height}
        title={[{ text: title, tone: "strong" }]}
        lines={content}
        isFocused
      />
    </Over>
  );
}

/** The text around the cursor; the cursor is a reversed cell and, without styles, still a bar at the end. */
function fieldLine({ text, cursor }: TextField, width: number): Line {
  const characters = Array.from(text);
  const from = Math.max(0, cursor - (width - 3));
  const before = characters.slice(from, cursor).join("");
  const after = characters.slice(cursor).join("");
  return [{ text: "> ", tone: "accent" }, { text: before }, { text: "▏", tone: "accent" }, { text: after }];
}

export interface HelpProps extends Place {
  /** Drawn for the columns that there are. */
  readonly lines: (width: number) => readonly Line[];
  readonly top: number;
}

const HELP_COLUMNS = 96;

export function Help({ theme, columns, rows, lines: draw, top }: HelpProps): ReactNode {
  const width = columns > HELP_COLUMNS + 4 ? HELP_COLUMNS : columns;
  const lines = draw(width - PANEL_FRAME);
  const height = Math.min(lines.length + 2, rows - 2);
  const from = Math.max(0, Math.min(top, lines.length - (height - 2)));
  const shown = lines.slice(from, from + height - 2);
  const hasMore = from + shown.length < lines.length;
  return (
    <Over columns={columns} rows={rows} width={width} height={height}>
      <Panel
        theme={theme}
        width={width}
        height={height}
        title={[{ text: "Keys", tone: "strong" }]}
        right={[{ text: "Esc closes", tone: "muted" }]}
        note={hasMore || from > 0 ? "j k scroll" : ""}
        lines={shown.map((line) => ({ line }))}
        isFocused
      />
    </Over>
  );
}

export interface ToastProps extends Place {
  readonly tone: Tone;
  readonly glyph: string;
  readonly text: string;
}

const MAX_TOAST_LINES = 4;

/** Just above the footer. */
export function ToastBox({ theme, columns, rows, tone, glyph, text }: ToastProps): ReactNode {
  const inner = columns - PANEL_FRAME - 2;
  const lines = wrapAtMost(text, inner, MAX_TOAST_LINES);
  const content = lines.map(
    (line, index): PanelLine => ({
      line: [
        { text: index === 0 ? `${glyph} ` : "  ", tone },
        { text: line, tone: tone === "danger" ? tone : "plain" },
      ],
    }),
  );
  const height = content.length + 2;
  return (
    <Box position="absolute" marginTop={rows - 1 - height} marginLeft={0}>
      <Panel theme={theme} width={columns} height={height} title={[]} lines={content} />
    </Box>
  );
}

const blank: PanelLine = { line: [] };

function Over(props: {
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}): ReactNode {
  const left = Math.max(0, Math.floor((props.columns - props.width) / 2));
  const top = Math.max(1, Math.floor((props.rows - props.height) / 2));
  return (
    <Box position="absolute" marginLeft={left} marginTop={top}>
      {props.children}
    </Box>
  );
}
