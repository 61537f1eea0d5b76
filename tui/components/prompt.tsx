// A line of text being typed at the bottom of the screen, with what is offered for it above or beside it.
import { Box } from "ink";
import type { ReactNode } from "react";
import { fitLine, widthOf, wrapAtMost } from "../cells.ts";
import type { TextField } from "../keys/text-field.ts";
import { type Line, paint, type Theme } from "../theme.ts";
import { PANEL_FRAME, Painted, Panel, type PanelLine } from "./panel.tsx";

interface Place {
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
}

export interface Offer {
  readonly text: string;
  readonly about: string;
  /** Why it cannot be chosen right now. */
  readonly because: string | undefined;
}

export interface PromptProps extends Place {
  readonly sign: string;
  readonly field: TextField;
  /** What follows the text: hints, or what is wrong with it. */
  readonly aside: Line;
}

/** The last line of the screen, over the footer. */
export function Prompt({ theme, columns, rows, sign, field, aside }: PromptProps): ReactNode {
  // What is typed has the room that it needs; what stands beside it is cut.
  const line = fitLine([...promptLine(sign, field, columns - 1), { text: "   " }, ...aside], columns);
  return (
    <Box position="absolute" marginTop={rows - 1} marginLeft={0}>
      <Painted text={paint(line, theme)} />
    </Box>
  );
}

/** The text around the cursor; what does not fit before it is left out. */
export function promptLine(sign: string, { text, cursor }: TextField, width: number): Line {
  const characters = Array.from(text);
  let from = 0;
  const room = width - sign.length - 2;
  while (from < cursor && widthOf(characters.slice(from, cursor).join("")) > room) from += 1;
  return [
    { text: sign, tone: "accent" },
    { text: characters.slice(from, cursor).join(""), tone: "strong" },
    { text: "▏", tone: "accent" },
    { text: characters.slice(cursor).join(""), tone: "strong" },
  ];
}

export interface OffersProps extends Place {
  readonly offers: readonly Offer[];
  readonly chosen: number;
  readonly nothing: string;
}

/** Rows of what is offered; more would hide the screen that it is about. */
const MAX_OFFERS = 10;
const OFFER_COLUMNS = 24;
/** Lines that say the chosen one in full. */
const MAX_WHOLE = 2;

/** The box above the line. */
export function Offers({ theme, columns, rows, offers, chosen, nothing }: OffersProps): ReactNode {
  const most = Math.min(MAX_OFFERS, rows - 6 - MAX_WHOLE);
  const inner = columns - PANEL_FRAME;
  const at = Math.min(chosen, offers.length - 1);
  const top = Math.max(0, Math.min(at - Math.floor(most / 2), offers.length - most));
  const shown = offers.slice(top, top + most);
  const lines: readonly PanelLine[] =
    shown.length === 0
      ? [{ line: [{ text: nothing, tone: "muted" }] }]
      : [
          ...shown.map((offer, index) => ({ ...offerLine(offer, inner, top + index === at), row: top + index })),
          ...whole(shown[at - top], inner),
        ];
  const height = lines.length + 2;
  return (
    <Box position="absolute" marginTop={rows - 1 - height} marginLeft={0}>
      <Panel
        theme={theme}
        width={columns}
        height={height}
        title={[{ text: "By name", tone: "strong" }]}
        note={offers.length > most ? `${at + 1} of ${offers.length}` : ""}
        lines={lines}
        isFocused
      />
    </Box>
  );
}

/** What there is no room for in its line: why not, or all that it does. */
function whole(offer: Offer | undefined, width: number): readonly PanelLine[] {
  if (offer === undefined) return [];
  const { about, because } = offer;
  if (because === undefined && about === "") return [];
  const said = wrapAtMost(because === undefined ? about : `not now: ${because}`, width - 2, MAX_WHOLE);
  const tone = because === undefined ? "muted" : "notice";
  return [{ line: [] }, ...said.map((text): PanelLine => ({ line: [{ text: `  ${text}`, tone }] }))];
}

function offerLine({ text, about, because }: Offer, width: number, isChosen: boolean): PanelLine {
  const wide = Math.max(OFFER_COLUMNS, Math.min(widthOf(text), Math.floor(width / 2)));
  const line: Line = [
    { text: isChosen ? "› " : "  ", tone: "accent" },
    ...fitLine([{ text, tone: because === undefined ? "key" : "muted" }], wide),
    { text: "  " },
    because === undefined ? { text: about, tone: "muted" } : { text: "not now", tone: "notice" },
  ];
  return { line, over: isChosen ? "selected" : undefined };
}
