// What a part of a screen says instead of rows: nothing there, still loading, failed, not allowed, not live. Always a glyph,
// a word, and what to do next. It must not know where the rows would have come from.
import type { ReactNode } from "react";
import { wrap } from "../cells.ts";
import type { Line, Theme, Tone } from "../theme.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "./panel.tsx";

export type NoticeKind = "empty" | "loading" | "error" | "forbidden" | "stale";

/** What a person can do about it. */
export type Advice =
  | { readonly kind: "text"; readonly text: string }
  /** A key of this screen, and what it does: "e", "opens the editor". */
  | { readonly kind: "key"; readonly key: string; readonly does: string }
  /** To be typed in a shell. */
  | { readonly kind: "command"; readonly command: string };

export interface Notice {
  readonly kind: NoticeKind;
  /** One sentence without a full stop. For an error, why it failed. */
  readonly text: string;
  readonly advice?: readonly Advice[] | undefined;
}

interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly tone: Tone;
}

const MARKS: Readonly<Record<NoticeKind, Mark>> = {
  empty: { glyph: "·", word: "", tone: "muted" },
  loading: { glyph: "…", word: "", tone: "busy" },
  error: { glyph: "!", word: "failed: ", tone: "danger" },
  forbidden: { glyph: "■", word: "not allowed: ", tone: "danger" },
  stale: { glyph: "○", word: "not live: ", tone: "notice" },
};

/** Nothing that a person is told about a missing list is longer; what is left is cut. */
const MAX_LINES = 12;

/** The notice as lines of a panel whose lines have `width` columns. */
export function noticeLines({ kind, text, advice = [] }: Notice, width: number): readonly PanelLine[] {
  const { glyph, word, tone } = MARKS[kind];
  const room = Math.max(1, width - 2);
  const said = wrap(`${word}${text}`, room).map(
    (line, index): PanelLine => ({
      line: [
        { text: index === 0 ? `${glyph} ` : "  ", tone },
        { text: line, tone: kind === "empty" || kind === "loading" ? "muted" : "plain" },
      ],
    }),
  );
  const next = advice.flatMap((one) => adviceLines(one, room));
  return [...said, ...(next.length === 0 ? [] : [{ line: [] }]), ...next].slice(0, MAX_LINES);
}

function adviceLines(advice: Advice, room: number): readonly PanelLine[] {
  switch (advice.kind) {
    case "text":
      return wrap(advice.text, room).map((text) => ({ line: [{ text: `  ${text}` }] }));
    case "key":
      return [{ line: [{ text: "  " }, { text: advice.key, tone: "key" }, { text: ` ${advice.does}` }] }];
    case "command": {
      const line: Line = [
        { text: "  $ ", tone: "muted" },
        { text: advice.command, tone: "accent" },
      ];
      return [{ line }];
    }
  }
}

export interface NoticePanelProps {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly notice: Notice;
}

/** A whole panel that holds a notice only. */
export function NoticePanel({ theme, width, height, title, notice }: NoticePanelProps): ReactNode {
  return (
    <Panel
      theme={theme}
      width={width}
      height={height}
      title={[{ text: title, tone: "strong" }]}
      lines={[{ line: [] }, ...noticeLines(notice, width - PANEL_FRAME)]}
    />
  );
}
