// Pools as rows: how many of their endpoints are where, as a bar and in words.
import { SYNC_STATUSES, type SyncStatus } from "../../../domain/drift/sync-status.ts";
import type { PoolView } from "../../../rpc/codec/pool.ts";
import { fit, fitLine, row } from "../../cells.ts";
import { type Share, shareBar } from "../../components/bars.ts";
import { type Line, type Segment, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";

/** As a person reads a bar: what is well first, what needs a hand last. */
const BAR_ORDER: readonly SyncStatus[] = SYNC_STATUSES.toReversed();

const BAR_COLUMNS = 20;

export function poolRow(pool: PoolView, width: number, hasColour: boolean): Line {
  const target = pool.target === undefined ? "–" : String(pool.target.revision);
  const left = row(
    [
      { text: pool.name, grow: 1 },
      { text: pool.mode, tone: "muted", width: 8 },
      { text: target, width: 6, align: "right" },
      { text: `${pool.online}/${pool.endpoints}`, width: 9, align: "right" },
    ],
    Math.max(30, width - BAR_COLUMNS - 4 - wordsWidth(width)),
  );
  const bar = shareBar(sharesOf(pool), BAR_COLUMNS, hasColour);
  return fitLine([...left, { text: "  " }, ...bar, { text: "  " }, ...countWords(pool)], width);
}

export function poolHeading(width: number): string {
  const left = row(
    [
      { text: "POOL", grow: 1 },
      { text: "MODE", width: 8 },
      { text: "TARGET", width: 6, align: "right" },
      { text: "ONLINE", width: 9, align: "right" },
    ],
    Math.max(30, width - BAR_COLUMNS - 4 - wordsWidth(width)),
  );
  return `${left.map(({ text }) => text).join("")}  ${fit("STATUS", BAR_COLUMNS)}`;
}

/** The words take a part of a wide screen, what is left of a narrow one. */
function wordsWidth(width: number): number {
  return Math.max(14, Math.floor(width * 0.3));
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
  const words: Segment[] = [];
  for (const status of SYNC_STATUSES) {
    const count = pool.counts[status];
    if (count > 0) words.push({ text: `${count} ${status}`, tone: STATUS_TONES[status] }, { text: "  " });
  }
  return words.length === 0 ? [{ text: "no endpoints", tone: "muted" }] : words;
}
