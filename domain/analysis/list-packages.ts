// The package list of an analysis, by what is asked for: one page at a time, in the order of names.
import {
  ANY_DIFFERENCE,
  type Availability,
  BUILD,
  distinctOffers,
  MISSING,
  SIGNER,
  VERSION,
  WITHIN_CLASS,
} from "./availability.ts";
import type { Offer, OfferTable } from "./offer-table.ts";

/** `different` is any of the last four; `identical` is one file in every view, whoever signed it there. */
export const PACKAGE_KINDS = [
  "all",
  "common",
  "identical",
  "different",
  "missing",
  "version",
  "build",
  "signer",
] as const;

export type PackageKind = (typeof PACKAGE_KINDS)[number];

export type DifferenceKind = "missing" | "version" | "build" | "signer";

export interface PackageFilter {
  readonly kind: PackageKind;
  /** Only what differs so inside a class. */
  readonly withinClass: boolean;
  /** Only what an endpoint of the pool has. */
  readonly installed: boolean;
}

export interface PackageOffer extends Offer {
  /** Places of the views that have it. */
  readonly views: readonly number[];
}

export interface AnalysedPackage {
  readonly name: string;
  readonly differences: readonly DifferenceKind[];
  readonly differencesWithinClass: readonly DifferenceKind[];
  /** Endpoints that have it, in whatever version. */
  readonly installed: number;
  readonly offers: readonly PackageOffer[];
  /** Places of the views that have none. */
  readonly lackedBy: readonly number[];
}

export interface PackagePage {
  readonly packages: readonly AnalysedPackage[];
  /** That match, on all pages. */
  readonly total: number;
  /** More follow after the last one. */
  readonly hasMore: boolean;
}

/** Each 200 bytes on the wire, whose messages end at 4 MiB: a page of many views ends earlier than asked. */
const MAX_PAGE_OFFERS = 8_000;

const BITS: Readonly<Record<DifferenceKind, number>> = {
  missing: MISSING,
  version: VERSION,
  build: BUILD,
  signer: SIGNER,
};

/** Those after a name. */
export function listPackages(
  table: OfferTable,
  { availability, installedOn }: { readonly availability: Availability; readonly installedOn: Int32Array },
  filter: PackageFilter,
  page: { readonly after: string; readonly size: number },
): PackagePage {
  const packages: AnalysedPackage[] = [];
  let total = 0;
  let remaining = 0;
  let offers = 0;
  for (let at = 0; at < availability.names.length; at += 1) {
    const name = availability.names[at] ?? 0;
    const bits = availability.bits[at] ?? 0;
    const endpoints = installedOn[name] ?? 0;
    if (!isKind(bits, filter) || (filter.installed && endpoints === 0)) continue;
    total += 1;
    if (table.name(name) <= page.after) continue;
    remaining += 1;
    if (packages.length >= page.size || offers >= MAX_PAGE_OFFERS) continue;
    const one = describe(table, availability, name, bits, endpoints);
    offers += one.offers.length;
    packages.push(one);
  }
  return { packages, total, hasMore: remaining > packages.length };
}

function isKind(bits: number, { kind, withinClass }: PackageFilter): boolean {
  const shown = (withinClass ? bits >> WITHIN_CLASS : bits) & ANY_DIFFERENCE;
  switch (kind) {
    case "all":
      return true;
    case "common":
      return (shown & MISSING) === 0;
    case "identical":
      return (shown & ~SIGNER) === 0;
    case "different":
      return shown !== 0;
    case "missing":
    case "version":
    case "build":
    case "signer":
      return (shown & BITS[kind]) !== 0;
  }
}

function describe(
  table: OfferTable,
  availability: Availability,
  name: number,
  bits: number,
  installed: number,
): AnalysedPackage {
  const { views } = availability;
  const having = (offer: number): readonly number[] =>
    views.flatMap((view, place) => ((view.offers[name] ?? 0) === offer ? [place] : []));
  return {
    name: table.name(name),
    differences: differencesOf(bits),
    differencesWithinClass: differencesOf(bits >> WITHIN_CLASS),
    installed,
    offers: distinctOffers(views, name).map((offer) => ({ ...table.at(offer), views: having(offer) })),
    lackedBy: having(0),
  };
}

function differencesOf(bits: number): readonly DifferenceKind[] {
  return (["missing", "version", "build", "signer"] as const).filter((kind) => (bits & BITS[kind]) !== 0);
}
