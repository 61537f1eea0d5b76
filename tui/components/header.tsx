// The first line: where we are, and whether what is shown is live.
import type { ReactNode } from "react";
import { fitLine, lineWidth } from "../cells.ts";
import { type Line, paint, type Theme } from "../theme.ts";
import { Painted } from "./panel.tsx";

export interface HeaderProps {
  readonly theme: Theme;
  readonly width: number;
  readonly path: readonly string[];
  readonly link: Line;
}

export function Header({ theme, width, path, link }: HeaderProps): ReactNode {
  const crumbs = path.flatMap((word, index): Line => {
    const isLast = index === path.length - 1;
    return [
      { text: " › ", tone: "muted" },
      { text: word, tone: isLast ? "strong" : "plain" },
    ];
  });
  const left: Line = [{ text: " pacpool", tone: "accent" }, ...crumbs];
  const room = width - lineWidth(link) - 3;
  const line = [...fitLine(left, Math.max(10, room)), { text: "  " }, ...link, { text: " " }];
  return <Painted text={paint(fitLine(line, width), theme)} />;
}
