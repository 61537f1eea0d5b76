// How what is installed on an endpoint stands to the views of its pool: what follows from no repository, what differs from
// its own, and what each view of its class would change or lack. Endpoints with equal sets and views are judged once.
import type { InstalledNumbers, InstalledTable } from "./installed-table.ts";
import type { OfferTable } from "./offer-table.ts";
import { isReplacedIn, type ViewOffers } from "./view-offers.ts";

/** What a view as target would do to an endpoint of its class. */
export interface AgainstView {
  /** Installed from a repository, and neither in this view nor replaced by it: they would stay while their libraries move. */
  readonly lacking: number;
  /** Their name numbers, at most MAX_LACKING. */
  readonly lackingNames: Int32Array;
  /** Versions that would go up, and down. */
  readonly older: number;
  readonly newer: number;
}

export interface Standing {
  readonly packages: number;
  /** Name and version numbers: in none of its own repositories. */
  readonly foreign: Int32Array;
  readonly foreignVersions: Int32Array;
  /** Name numbers: from its repositories, but the installed file is in no view of its class any more. */
  readonly unavailable: Int32Array;
  /** Name numbers, without held ones: another version or build than its own view has, so it is no source. */
  readonly differing: Int32Array;
  /** By place in the pool's views; only views of its class. */
  readonly against: ReadonlyMap<number, AgainstView>;
}

/** More would fill a page that nobody reads. */
const MAX_LACKING = 200;

export interface StandingInput {
  readonly lines: InstalledTable;
  readonly installed: InstalledNumbers;
  /** The endpoint's own place in `views`. */
  readonly own: number;
  readonly views: readonly ViewOffers[];
  readonly held: ReadonlySet<string>;
}

/** Throws RangeError when there is no view at its place. */
export function computeStanding(table: OfferTable, input: StandingInput): Standing {
  const { lines, installed, own, views, held } = input;
  const ownView = views[own];
  if (ownView === undefined) throw new RangeError(`view ${own} is not among the pool's ${views.length}`);
  const related = views.filter((view) => view.class === ownView.class);
  const foreign: number[] = [];
  const foreignVersions: number[] = [];
  const unavailable: number[] = [];
  const differing: number[] = [];
  for (const line of installed) {
    const name = lines.nameOf(line);
    const version = lines.versionOf(line);
    const isReplaced = isReplacedIn(table, ownView, name, version);
    if (!isReplaced && isInstalledFrom(table, lines, line, ownView)) continue;
    if (!isReplaced && (ownView.offers[name] ?? 0) === 0) {
      foreign.push(name);
      foreignVersions.push(version);
      continue;
    }
    if (!held.has(table.name(name))) differing.push(name);
    if (!related.some((view) => isInstalledFrom(table, lines, line, view))) unavailable.push(name);
  }
  const strangers = new Set(foreign);
  return {
    packages: installed.length,
    foreign: Int32Array.from(foreign),
    foreignVersions: Int32Array.from(foreignVersions),
    unavailable: Int32Array.from(unavailable),
    differing: Int32Array.from(differing),
    against: new Map(related.map((view) => [views.indexOf(view), compareWith(table, input, view, strangers)] as const)),
  };
}

function compareWith(
  table: OfferTable,
  { lines, installed }: StandingInput,
  view: ViewOffers,
  strangers: ReadonlySet<number>,
): AgainstView {
  const lackingNames: number[] = [];
  let lacking = 0;
  let older = 0;
  let newer = 0;
  for (const line of installed) {
    const name = lines.nameOf(line);
    const version = lines.versionOf(line);
    const offer = view.offers[name] ?? 0;
    if (offer !== 0) {
      const order = table.order(version, table.versionOf(offer));
      if (order < 0) older += 1;
      else if (order > 0) newer += 1;
    } else if (!strangers.has(name) && !isReplacedIn(table, view, name, version)) {
      lacking += 1;
      if (lackingNames.length < MAX_LACKING) lackingNames.push(name);
    }
  }
  return { lacking, lackingNames: Int32Array.from(lackingNames), older, newer };
}

/** The very build, as far as build dates are known. */
function isInstalledFrom(table: OfferTable, lines: InstalledTable, line: number, view: ViewOffers): boolean {
  const offer = view.offers[lines.nameOf(line)] ?? 0;
  if (offer === 0 || lines.versionOf(line) !== table.versionOf(offer)) return false;
  const built = lines.buildDateOf(line);
  const offered = table.buildDateOf(offer);
  return built === offered || built === 0 || offered === 0;
}
