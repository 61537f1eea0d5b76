// Pools as rows: how many of their endpoints are where, as a bar and in words.

import { SYNC_STATUSES, type SyncStatus } from "../../../domain/drift/sync-status.ts";
import { HEADINGS } from "../../../domain/face/headings.ts";
import type { PoolView } from "../../../rpc/codec/pool.ts";
import { type Cell, fitLine, row } from "../../cells.ts";
import { type Share, shareBar } from "../../components/bars.ts";
import { type Sort, sortedTitle } from "../../store/sort.ts";
import { type Line, type Segment, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";

/** As a person reads a bar: what is well first, what needs a hand last. */
const BAR_ORDER: readonly SyncStatus[] = SYNC_STATUSES.toReversed();

/** From here on there is room for words where a narrow row has glyphs, and for the mode. */
const WORDS_FROM_COLUMNS = 100;

export function poolRow(pool: PoolView, width: number, hasColour: boolean): Line {
  const { left, bar, right } = partsOf(width);
  const facts = row(
    cellsOf(
      width,
      pool.name,
      pool.mode,
      pool.target === undefined ? "–" : String(pool.target.revision),
      `${pool.online}/${pool.endpoints}`,
    ),
    left,
  );
  const shares = shareBar(sharesOf(pool), bar, hasColour);
  const words = width >= WORDS_FROM_COLUMNS ? countWords(pool) : countGlyphs(pool);
  return [...facts, { text: "  " }, ...shares, { text: "  " }, ...fitLine(words, right)];
}

export function poolHeading(width: number, sort?: Sort): string {
  // Online and endpoints are one column: "3/4".
  const isOfBoth = sort?.column === "endpoints" ? "endpoints" : "online";
  const cells = cellsOf(
    width,
    sortedTitle(HEADINGS.pool, "name", sort),
    HEADINGS.mode,
    sortedTitle(HEADINGS.target, "target", sort),
    sortedTitle(HEADINGS.online, isOfBoth, sort),
  );
  const facts = row(cells, partsOf(width).left);
  return `${facts.map(({ text }) => text).join("")}  ${sortedTitle(HEADINGS.status, "status", sort)}`;
}

function cellsOf(width: number, name: string, mode: string, target: string, online: string): readonly Cell[] {
  const middle: readonly Cell[] = width >= WORDS_FROM_COLUMNS ? [{ text: mode, tone: "muted", width: 8 }] : [];
  return [
    { text: name, grow: 1 },
    ...middle,
    { text: target, width: 6, align: "right" },
    { text: online, width: width >= WORDS_FROM_COLUMNS ? 11 : 8, align: "right" },
  ];
}

/** Columns of the facts, the bar and the counts: two between each. */
function partsOf(width: number): { readonly left: number; readonly bar: number; readonly right: number } {
  const right = width >= WORDS_FROM_COLUMNS ? Math.floor(width * 0.35) : 18;
  const bar = width >= WORDS_FROM_COLUMNS ? 24 : 16;
  return { left: width - bar - right - 4, bar, right };
}

function sharesOf(pool: PoolView): readonly Share[] {
  return BAR_ORDER.map((status) => ({
    count: pool.counts[status],
    glyph: STATUS_GLYPHS[status],
    tone: STATUS_TONES[status],
  }));
}

/** For example "1 blocked  3 behind  12 in-sync": what needs a hand first, because the end may be cut. */
export function countWords(pool: PoolView): Line {
  return countsOf(pool, (status, count) => [
    { text: `${count} ${status}`, tone: STATUS_TONES[status] },
    { text: "  " },
  ]);
}

/** The same for a narrow screen: "■1 ↓3 ✓12"; the selected pool has the words below. */
function countGlyphs(pool: PoolView): Line {
  return countsOf(pool, (status, count) => [
    { text: `${STATUS_GLYPHS[status]}${count}`, tone: STATUS_TONES[status] },
    { text: " " },
  ]);
}

function countsOf(pool: PoolView, say: (status: SyncStatus, count: number) => readonly Segment[]): Line {
  const said = SYNC_STATUSES.flatMap((status) => (pool.counts[status] > 0 ? say(status, pool.counts[status]) : []));
  return said.length === 0 ? [{ text: "no endpoints", tone: "muted" }] : said;
}
