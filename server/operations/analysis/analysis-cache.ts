// What analyses are made from, kept while it is in use: views as numbers, what views of a pool have in common by their
// digests, how sets stand to them. All numbers belong to one table; when that has grown too far everything starts anew.
import { type Availability, computeAvailability } from "../../../domain/analysis/availability.ts";
import {
  type InstalledNumbers,
  type InstalledTable,
  makeInstalledTable,
} from "../../../domain/analysis/installed-table.ts";
import { makeOfferTable, type OfferTable } from "../../../domain/analysis/offer-table.ts";
import type { Standing } from "../../../domain/analysis/standing.ts";
import { makeViewOffers, type ViewOffers } from "../../../domain/analysis/view-offers.ts";
import { computeClass } from "../../../domain/view/class.ts";
import type { Content, Query } from "../content.ts";
import { makeLru } from "../lru.ts";
import { makeTurns, type Turns } from "../turns.ts";

/** About 350 bytes each: ten whole moments of Arch that share nothing, or a year of daily ones. */
const MAX_OFFERS = 150_000;

/** About 150 bytes each: hundreds of machines that share nothing. */
const MAX_LINES = 500_000;

/** Each 100 KB. */
const KEPT_VIEWS = 128;

/** Pools whose views are compared: 20 KB each. */
const KEPT_POOLS = 64;

/** Each 6 KB for 1,500 packages. */
const KEPT_SETS = 2_048;

/** In one statement, and in memory as canonical bytes of 75 KB each. */
export const SETS_AT_ONCE = 64;

const NO_BYTES = new Uint8Array(0);

/** What is known of a pool's views as long as none changes. */
export interface ComparedViews {
  readonly availability: Availability;
  /** By set, own view and held names; only those of the last look. */
  standings: ReadonlyMap<string, Standing>;
  /** Endpoints by name number, and the sets that it was counted from. */
  installed: { readonly key: string; readonly counts: Int32Array } | undefined;
}

export interface AnalysisCache {
  readonly table: OfferTable;
  readonly lines: InstalledTable;
  readonly turns: Turns;
  /** Undefined while a database of it is not there or cannot be read. */
  view(sql: Query, digest: string): Promise<ViewOffers | undefined>;
  /** The same for the same views, in the order given. */
  compare(views: readonly ViewOffers[]): Promise<ComparedViews>;
  /** Distinct sets by digest: ask for at most SETS_AT_ONCE, they are all in memory then. */
  installed(sql: Query, digests: readonly string[]): Promise<ReadonlyMap<string, InstalledNumbers>>;
}

/** Gives the present cache; a new one when the old one's table is full. An analysis keeps the one that it began with. */
export function makeAnalysisCaches(content: Content): () => AnalysisCache {
  let present = makeCache(content);
  return () => {
    if (present.table.size > MAX_OFFERS || present.lines.size > MAX_LINES) present = makeCache(content);
    return present;
  };
}

function makeCache(content: Content): AnalysisCache {
  const table = makeOfferTable();
  const lines = makeInstalledTable(table);
  const turns = makeTurns();
  const views = makeLru<ViewOffers | undefined>(KEPT_VIEWS);
  const compared = makeLru<ComparedViews>(KEPT_POOLS);
  const sets = makeLru<InstalledNumbers>(KEPT_SETS);
  const readView = async (sql: Query, digest: string): Promise<ViewOffers | undefined> => {
    const { architecture } = await content.view(sql, digest);
    const index = await content.viewIndex(sql, digest);
    if (index === undefined) return undefined;
    const facts = { digest, architecture, class: computeClass(architecture, index) };
    return turns.run(makeViewOffers(table, facts, index));
  };
  // Somebody else's reading may have pushed it out meanwhile.
  const readSet = async (sql: Query, digest: string, known: Uint8Array | undefined): Promise<InstalledNumbers> => {
    const canonical = known ?? (await content.canonicalSets(sql, [digest])).get(digest);
    return lines.intern(canonical ?? NO_BYTES);
  };
  return {
    table,
    lines,
    turns,
    async view(sql, digest) {
      const view = await views.load(digest, () => readView(sql, digest));
      // It may have come by the next time.
      if (view === undefined) views.delete(digest);
      return view;
    },
    compare: (list) =>
      compared.load(list.map(({ digest }) => digest).join(" "), async () => {
        const availability = await turns.run(computeAvailability(table, list));
        return { availability, standings: new Map(), installed: undefined };
      }),
    async installed(sql, digests) {
      const unknown = digests.filter((digest) => !sets.has(digest));
      const read = unknown.length === 0 ? new Map<string, Uint8Array>() : await content.canonicalSets(sql, unknown);
      const found = new Map<string, InstalledNumbers>();
      for (const digest of digests) {
        found.set(digest, await sets.load(digest, () => readSet(sql, digest, read.get(digest))));
        const pause = turns.pause();
        if (pause !== undefined) await pause;
      }
      return found;
    },
  };
}
