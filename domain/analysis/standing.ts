// How what is installed on an endpoint stands to the views of its pool: what follows from no repository, what differs from
// its own, and what each view of its class would change or lack. Endpoints with equal sets and views are judged once.
import type { PackageSet } from "../package-set/package-set.ts";
import type { OfferTable } from "./offer-table.ts";
import { isReplacedIn, type ViewOffers } from "./view-offers.ts";

/** A package set as numbers of an offer table. */
export interface InstalledNumbers {
  readonly names: Int32Array;
  readonly versions: Int32Array;
  /** Unix seconds; 0 where unknown. */
  readonly buildDates: Uint32Array;
}

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

/** The last second that 32 bits hold; later build dates are not of this century. */
const LAST_SECOND = 2 ** 32 - 1;

export function internInstalled(table: OfferTable, { packages }: PackageSet): InstalledNumbers {
  return {
    names: Int32Array.from(packages, (one) => table.nameNumber(one.name)),
    versions: Int32Array.from(packages, (one) => table.versionNumber(one.version)),
    buildDates: Uint32Array.from(packages, (one) => Math.min(one.buildDate, LAST_SECOND)),
  };
}

export interface StandingInput {
  readonly installed: InstalledNumbers;
  /** The endpoint's own place in `views`. */
  readonly own: number;
  readonly views: readonly ViewOffers[];
  readonly held: ReadonlySet<string>;
}

/** Throws RangeError when there is no view at its place. */
export function computeStanding(table: OfferTable, { installed, own, views, held }: StandingInput): Standing {
  const ownView = views[own];
  if (ownView === undefined) throw new RangeError(`view ${own} is not among the pool's ${views.length}`);
  const related = views.filter((view) => view.class === ownView.class);
  const foreign: number[] = [];
  const foreignVersions: number[] = [];
  const unavailable: number[] = [];
  const differing: number[] = [];
  for (let at = 0; at < installed.names.length; at += 1) {
    const name = installed.names[at] ?? 0;
    const version = installed.versions[at] ?? 0;
    const isReplaced = isReplacedIn(table, ownView, name, version);
    if (!isReplaced && isInstalledFrom(table, installed, at, ownView)) continue;
    if (!isReplaced && (ownView.offers[name] ?? 0) === 0) {
      foreign.push(name);
      foreignVersions.push(version);
      continue;
    }
    if (!held.has(table.name(name))) differing.push(name);
    if (!related.some((view) => isInstalledFrom(table, installed, at, view))) unavailable.push(name);
  }
  const strangers = new Set(foreign);
  return {
    packages: installed.names.length,
    foreign: Int32Array.from(foreign),
    foreignVersions: Int32Array.from(foreignVersions),
    unavailable: Int32Array.from(unavailable),
    differing: Int32Array.from(differing),
    against: new Map(
      related.map((view) => [views.indexOf(view), compareWith(table, installed, view, strangers)] as const),
    ),
  };
}

function compareWith(
  table: OfferTable,
  installed: InstalledNumbers,
  view: ViewOffers,
  strangers: ReadonlySet<number>,
): AgainstView {
  const lackingNames: number[] = [];
  let lacking = 0;
  let older = 0;
  let newer = 0;
  for (let at = 0; at < installed.names.length; at += 1) {
    const name = installed.names[at] ?? 0;
    const version = installed.versions[at] ?? 0;
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
function isInstalledFrom(table: OfferTable, installed: InstalledNumbers, at: number, view: ViewOffers): boolean {
  const offer = view.offers[installed.names[at] ?? 0] ?? 0;
  if (offer === 0 || installed.versions[at] !== table.versionOf(offer)) return false;
  const built = installed.buildDates[at] ?? 0;
  const offered = table.buildDateOf(offer);
  return built === offered || built === 0 || offered === 0;
}
