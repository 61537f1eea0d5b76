// The last line: what can be pressed here. Keys that cannot do their deed right now are faint; pressing one says why.
import type { ReactNode } from "react";
import { fitLine, lineWidth } from "../cells.ts";
import { type Line, paint, type Segment, type Theme } from "../theme.ts";
import { Painted } from "./panel.tsx";

export interface FooterKey {
  /** As it is printed on the keyboard. */
  readonly key: string;
  /** Its name, for a click on it; absent where several are meant. */
  readonly press?: string | undefined;
  readonly label: string;
  readonly isDisabled: boolean;
  /** Stays when there is no room for all. */
  readonly isKept: boolean;
}

export interface FooterProps {
  readonly theme: Theme;
  readonly width: number;
  readonly keys: readonly FooterKey[];
}

export function Footer({ theme, width, keys }: FooterProps): ReactNode {
  return <Painted text={paint(fitLine(footerLine(keys, width, theme.hasColour), width), theme)} />;
}

/** As many keys as there is room for, in their order; those that are kept always. */
export function footerLine(keys: readonly FooterKey[], width: number, hasColour: boolean): Line {
  const line: Segment[] = [{ text: " " }];
  for (const one of shownKeys(keys, width, hasColour)) line.push(...keyLine(one, hasColour));
  return line;
}

/** The name of the key that is drawn in that column; undefined where none is. */
export function footerKeyAt(column: number, { keys, width, theme }: FooterProps): string | undefined {
  let from = 1;
  for (const one of shownKeys(keys, width, theme.hasColour)) {
    const next = from + lineWidth(keyLine(one, theme.hasColour));
    if (column >= from && column < next) return one.press;
    from = next;
  }
  return undefined;
}

function shownKeys(keys: readonly FooterKey[], width: number, hasColour: boolean): readonly FooterKey[] {
  const widthOfKey = (one: FooterKey): number => lineWidth(keyLine(one, hasColour));
  const kept = keys.filter(({ isKept }) => isKept);
  let room = width - 1 - kept.reduce((sum, one) => sum + widthOfKey(one), 0);
  return keys.filter((one) => {
    if (one.isKept) return true;
    const wide = widthOfKey(one);
    if (wide > room) return false;
    room -= wide;
    return true;
  });
}

function keyLine({ key, label, isDisabled }: FooterKey, hasColour: boolean): Line {
  // Faintness is not enough to tell where there is no colour.
  if (isDisabled && !hasColour) return [{ text: `(${key} ${label})`, tone: "muted" }, { text: "  " }];
  return [
    { text: key, tone: isDisabled ? "muted" : "key" },
    { text: ` ${label}`, tone: isDisabled ? "muted" : "plain" },
    { text: "  " },
  ];
}
