// A bordered part of the screen: title and a fact in the upper border, a note in the lower one, lines within. Everything
// is cut to its place, so nothing can push the layout.
import { Box, Text } from "ink";
import { memo, type ReactNode } from "react";
import { fitLine, lineWidth, widthOf } from "../cells.ts";
import { type Line, paint, type Theme, type Tone } from "../theme.ts";
import { usePlace } from "./places.ts";
import { useStandIn } from "./stand-in.ts";

export interface PanelLine {
  readonly line: Line;
  /** One tone for the whole line, for the selected row. */
  readonly over?: Tone | undefined;
  /** The place of the row in its list, where the line is one. */
  readonly row?: number;
}

export interface PanelProps {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  readonly title: Line;
  readonly right?: Line;
  readonly note?: string;
  readonly lines: readonly PanelLine[];
  readonly isFocused?: boolean;
}

/** Columns of a panel that are not its lines': border and a space on both sides. */
export const PANEL_FRAME = 4;

export function Panel({ theme, width, height, title, right, note, lines, isFocused }: PanelProps): ReactNode {
  const box = usePlace(lines);
  const tone = isFocused === true ? "border-strong" : "border";
  const inner = width - PANEL_FRAME;
  const lineOf = theme.isStale ? "┄" : "─";
  const edge = paint([{ text: theme.isStale ? "┆" : "│", tone }], theme);
  const rows: string[] = [paint(topBorder(width, title, right ?? [], { tone, lineOf }), theme)];
  for (let index = 0; index < height - 2; index += 1) {
    const { line, over } = lines[index] ?? { line: [] };
    const content = paint([{ text: " " }, ...fitLine(line, inner), { text: " " }], theme, over);
    rows.push(edge + content + edge);
  }
  rows.push(paint(bottomBorder(width, note ?? "", { tone, lineOf }), theme));
  return (
    <Box ref={box} flexDirection="column" width={width} height={height} flexShrink={0}>
      {rows.map((row, index) => (
        // Rows have no identity but their place.
        <Painted key={index} text={row} />
      ))}
    </Box>
  );
}

/** A line that carries its styles already; drawn again only when it is another one. */
export const Painted = memo(function Painted({ text }: { readonly text: string }): ReactNode {
  return <Text wrap="truncate">{useStandIn(text)}</Text>;
});

interface Edge {
  readonly tone: Tone;
  /** The character of horizontal lines. */
  readonly lineOf: string;
}

function topBorder(width: number, title: Line, right: Line, { tone, lineOf }: Edge): Line {
  if (lineWidth(title) === 0) return [{ text: `╭${lineOf.repeat(width - 2)}╮`, tone }];
  const room = width - 6;
  const shown = lineWidth(title) > room ? fitLine(title, room) : title;
  const spare = room - lineWidth(shown);
  const rightWidth = lineWidth(right);
  const hasRight = rightWidth > 0 && rightWidth + 3 <= spare;
  const fill = lineOf.repeat(Math.max(0, spare - (hasRight ? rightWidth + 2 : 0)));
  return [
    { text: `╭${lineOf} `, tone },
    ...shown,
    { text: ` ${fill}`, tone },
    ...(hasRight ? [{ text: " " }, ...right, { text: " " }] : []),
    { text: `${lineOf}╮`, tone },
  ];
}

function bottomBorder(width: number, note: string, { tone, lineOf }: Edge): Line {
  const hasNote = note !== "" && widthOf(note) + 6 <= width;
  const fill = lineOf.repeat(width - 2 - (hasNote ? widthOf(note) + 3 : 0));
  return [
    { text: `╰${fill}`, tone },
    ...(hasNote
      ? [
          { text: ` ${note} `, tone: "muted" as const },
          { text: lineOf, tone },
        ]
      : []),
    { text: "╯", tone },
  ];
}
