// What the views of a pool have in common and where they part, package by package. Classes have packages of their own build
// by nature, so every difference is told twice: over all views, and inside a class, where it means something is stale,
// missing or wrong. docs/spec/analysis.md.
import type { Steps } from "../steps.ts";
import type { OfferTable } from "./offer-table.ts";
import type { ViewOffers } from "./view-offers.ts";

/** Bits of a package: some view lacks it; views have other versions; other files of one version; other signers of one version. */
export const MISSING = 1;
export const VERSION = 2;
export const BUILD = 4;
export const SIGNER = 8;
export const ANY_DIFFERENCE = MISSING | VERSION | BUILD | SIGNER;

/** The same bits, shifted, for views of one class. */
export const WITHIN_CLASS = 4;

export interface DifferenceCounts {
  /** Distinct names. */
  readonly packages: number;
  /** In every view, whatever the version. */
  readonly common: number;
  /** In every view, and the same file everywhere. */
  readonly identical: number;
  readonly missing: number;
  readonly version: number;
  readonly build: number;
  readonly signer: number;
}

export interface Availability {
  readonly views: readonly ViewOffers[];
  /** Name numbers, ascending by name. */
  readonly names: Int32Array;
  /** Bits beside `names`. */
  readonly bits: Uint8Array;
  readonly counts: DifferenceCounts;
  /** The same over the views of each class alone: a package counts when it differs inside any class. */
  readonly withinClass: DifferenceCounts;
}

/** All views must be of this table. Without a view everything is empty. In steps of a package: 50 ms for 15,000. */
export function* computeAvailability(table: OfferTable, views: readonly ViewOffers[]): Steps<Availability> {
  const names = namesOf(table, views);
  const groups = groupByClass(views);
  const bits = new Uint8Array(names.length);
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? 0;
    const all = differenceOf(table, views, name);
    let within = all;
    if (groups.length > 1) {
      within = 0;
      // A package that a whole class lacks is missing between classes only.
      if (all !== 0)
        for (const group of groups) within |= offersAny(group, name) ? differenceOf(table, group, name) : 0;
    }
    bits[at] = all | (within << WITHIN_CLASS);
    yield;
  }
  return { views, names, bits, counts: count(bits, 0), withinClass: count(bits, WITHIN_CLASS) };
}

export function groupByClass(views: readonly ViewOffers[]): readonly (readonly ViewOffers[])[] {
  return [...Map.groupBy(views, (view) => view.class).values()];
}

function offersAny(views: readonly ViewOffers[], name: number): boolean {
  return views.some((view) => (view.offers[name] ?? 0) !== 0);
}

function namesOf(table: OfferTable, views: readonly ViewOffers[]): Int32Array {
  const isOffered = new Uint8Array(table.names);
  for (const { offers } of views) {
    for (let name = 1; name < offers.length; name += 1) if (offers[name] !== 0) isOffered[name] = 1;
  }
  const names: string[] = [];
  for (let name = 1; name < isOffered.length; name += 1) if (isOffered[name] === 1) names.push(table.name(name));
  // Names are ASCII, so JavaScript's order is byte order; and without a function of ours sorting takes a third of the time.
  return Int32Array.from(names.sort(), table.nameNumber);
}

/** Nearly every package agrees: those cost one look per view. */
function differenceOf(table: OfferTable, views: readonly ViewOffers[], name: number): number {
  let first = 0;
  let bits = 0;
  let isUniform = true;
  for (const view of views) {
    const offer = view.offers[name] ?? 0;
    if (offer === 0) bits |= MISSING;
    else if (first === 0) first = offer;
    else if (offer !== first) isUniform = false;
  }
  return isUniform ? bits : bits | partingOf(table, distinctOffers(views, name));
}

function partingOf(table: OfferTable, offers: readonly number[]): number {
  let bits = 0;
  for (const [at, one] of offers.entries()) {
    for (const other of offers.slice(0, at)) {
      if (table.versionOf(one) !== table.versionOf(other)) bits |= VERSION;
      else {
        if (!table.isSameBuild(one, other)) bits |= BUILD;
        if (table.signerOf(one) !== table.signerOf(other)) bits |= SIGNER;
      }
    }
  }
  return bits;
}

/** In the order of the views. */
export function distinctOffers(views: readonly ViewOffers[], name: number): readonly number[] {
  const offers = new Set<number>();
  for (const view of views) {
    const offer = view.offers[name] ?? 0;
    if (offer !== 0) offers.add(offer);
  }
  return [...offers];
}

function count(bits: Uint8Array, shift: number): DifferenceCounts {
  const histogram = new Uint32Array(16);
  for (const one of bits)
    histogram[(one >> shift) & ANY_DIFFERENCE] = (histogram[(one >> shift) & ANY_DIFFERENCE] ?? 0) + 1;
  const having = (bit: number): number =>
    histogram.reduce((sum, packages, at) => ((at & bit) === 0 ? sum : sum + packages), 0);
  const missing = having(MISSING);
  return {
    packages: bits.length,
    common: bits.length - missing,
    // Signed by others it is still the same file.
    identical: (histogram[0] ?? 0) + (histogram[SIGNER] ?? 0),
    missing,
    version: having(VERSION),
    build: having(BUILD),
    signer: having(SIGNER),
  };
}
