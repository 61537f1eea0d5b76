// The last line: what can be pressed here. Keys that cannot do their deed right now are faint; pressing one says why.
import type { ReactNode } from "react";
import { fitLine, lineWidth } from "../cells.ts";
import { type Line, paint, type Segment, type Theme } from "../theme.ts";
import { Painted } from "./panel.tsx";

export interface FooterKey {
  readonly key: string;
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
  const kept = keys.filter(({ isKept }) => isKept);
  let room = width - 1 - kept.reduce((sum, one) => sum + lineWidth(keyLine(one, hasColour)), 0);
  const shown: Segment[] = [{ text: " " }];
  for (const one of keys) {
    const line = keyLine(one, hasColour);
    if (!one.isKept) {
      if (lineWidth(line) > room) continue;
      room -= lineWidth(line);
    }
    shown.push(...line);
  }
  return shown;
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
