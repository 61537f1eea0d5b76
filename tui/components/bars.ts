// Shares and progress as rows of cells. Shares of nothing stay visible: one endpoint that is blocked among a thousand
// must not round to zero.
import type { Line, Tone } from "../theme.ts";

export interface Share {
  readonly count: number;
  readonly glyph: string;
  readonly tone: Tone;
}

/** `width` cells over the shares in their order. With colour they are one bar, without it the glyphs tell them apart. */
export function shareBar(shares: readonly Share[], width: number, hasColour: boolean): Line {
  const present = shares.filter(({ count }) => count > 0);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [{ text: "·".repeat(width), tone: "muted" }];
  const cells = present.map(({ count }) => Math.max(1, Math.floor((count / total) * width)));
  let spare = width - cells.reduce((sum, one) => sum + one, 0);
  while (spare !== 0 && cells.length > 0) {
    // The largest share takes what rounding left, or gives what the small ones took.
    const largest = cells.indexOf(Math.max(...cells));
    const step = spare > 0 ? spare : -1;
    cells[largest] = (cells[largest] ?? 0) + step;
    spare -= step;
    if ((cells[largest] ?? 0) <= 0) break;
  }
  return present.map(({ glyph, tone }, index) => ({
    text: (hasColour ? "━" : glyph).repeat(Math.max(0, cells[index] ?? 0)),
    tone,
  }));
}

export function progressBar(percent: number, width: number, tone: Tone): Line {
  const done = Math.round((Math.max(0, Math.min(100, percent)) / 100) * width);
  return [
    { text: "━".repeat(done), tone },
    { text: "─".repeat(width - done), tone: "border" },
  ];
}
