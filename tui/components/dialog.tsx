// Boxes that lie over the screen: a question with what it would do, a text to type, the help, a passing sentence.
import { Box } from "ink";
import type { ReactNode } from "react";
import { wrapAtMost } from "../cells.ts";
import { helpPlace } from "../keys/help-lines.ts";
import { questionPlace } from "../keys/question-place.ts";
import type { TextField } from "../keys/text-field.ts";
import type { Line, Theme, Tone } from "../theme.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "./panel.tsx";
import { promptLine } from "./prompt.tsx";

interface Place {
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}

export interface QuestionProps extends Place {
  readonly title: string;
  readonly lines: readonly string[];
  readonly confirm: string;
  /** The first line that is shown when there are more than fit. */
  readonly top?: number | undefined;
  readonly field?: TextField | undefined;
  /** What is to be typed: "message". */
  readonly asks?: string | undefined;
  /** What the text must be before Enter does anything. */
  readonly word?: string | undefined;
}

export function Question(props: QuestionProps): ReactNode {
  const { theme, columns, rows, title, top = 0, field } = props;
  const { width, inner, lines, room, maxTop } = questionPlace({ columns, rows }, props.lines, field !== undefined);
  const from = Math.max(0, Math.min(top, maxTop));
  const shown = lines.slice(from, from + room).map((text): PanelLine => ({ line: [{ text }] }));
  const asked = field === undefined ? [] : [blank, ...fieldLines(props, field, inner)];
  const below: readonly PanelLine[] = [...asked, blank, { line: answers(props) }];
  const content = [blank, ...shown, ...below];
  const scrolls = field === undefined ? "j k scroll" : "↑ ↓ scroll";
  return (
    <Over columns={columns} rows={rows} width={width} height={content.length + 2}>
      <Panel
        theme={theme}
        width={width}
        height={content.length + 2}
        title={[{ text: title, tone: "strong" }]}
        note={maxTop > 0 ? `lines ${from + 1} to ${from + shown.length} of ${lines.length}, ${scrolls}` : ""}
        lines={content}
        isFocused
      />
    </Over>
  );
}

function fieldLines({ asks = "", word }: QuestionProps, field: TextField, width: number): readonly PanelLine[] {
  const label = word === undefined ? asks : `type ${word} to go on`;
  return [{ line: [{ text: label, tone: "muted" }] }, { line: promptLine("> ", field, width) }];
}

function answers({ confirm, field, word }: QuestionProps): Line {
  // Until the word is there Enter does nothing, and looks like it.
  const isReady = word === undefined || field?.text.trim() === word;
  return [
    { text: "Enter", tone: isReady ? "key" : "muted" },
    { text: ` ${confirm}    `, tone: isReady ? "plain" : "muted" },
    { text: "Esc", tone: "key" },
    { text: " not now" },
  ];
}

export interface HelpProps extends Place {
  /** Drawn for the columns that there are. */
  readonly lines: (width: number) => readonly Line[];
  readonly top: number;
}

export function Help({ theme, columns, rows, lines: draw, top }: HelpProps): ReactNode {
  const { width, inner, height, maxTop } = helpPlace({ columns, rows }, (wide) => draw(wide).length);
  const lines = draw(inner);
  const from = Math.max(0, Math.min(top, maxTop));
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
