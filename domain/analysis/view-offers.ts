// One view as numbers of an offer table: what it offers by name, and what of it is worth saying of the view as a whole.
import type { Steps } from "../steps.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { findReplacer, type ViewIndex } from "../view/view-index.ts";
import type { OfferTable } from "./offer-table.ts";

/** Packages of a view that one key signed. */
export interface SignedBy {
  /** 16 upper-case hex digits; empty for packages without a signature in the database, UNREADABLE for damaged ones. */
  readonly keyId: string;
  readonly packages: number;
}

export interface ViewOffers {
  readonly digest: string;
  readonly class: string;
  readonly architecture: string;
  /** In pacman.conf's order. */
  readonly repositories: readonly string[];
  /** Packages by the first repository that has their name, in the order of `repositories`. */
  readonly packagesOf: readonly number[];
  readonly packages: number;
  /** Unix seconds of the newest package: how fresh this moment is. 0 when no build date is known. */
  readonly newestBuild: number;
  /** Most packages first. */
  readonly signedBy: readonly SignedBy[];
  /** Offers by name number, 0 for none. Shorter than the table's names when others came later. */
  readonly offers: Int32Array;
  /** Name numbers that some package of it says to replace: only these need a look at `replacing`. */
  readonly replaced: ReadonlySet<number>;
  /** No more of the view than what findReplacer reads. */
  readonly replacing: ViewIndex;
}

export interface ViewFacts {
  readonly digest: string;
  readonly class: string;
  readonly architecture: string;
}

/** In steps of a package: a whole view takes 60 ms. */
export function* makeViewOffers(table: OfferTable, facts: ViewFacts, index: ViewIndex): Steps<ViewOffers> {
  const numbers: number[] = [];
  const packagesOf = new Map(index.repositories.map((repository) => [repository, 0]));
  for (const one of index.packages.values()) {
    numbers.push(table.intern(one));
    packagesOf.set(one.repository, (packagesOf.get(one.repository) ?? 0) + 1);
    yield;
  }
  const replaced = new Set([...index.replacers.keys()].map((name) => table.nameNumber(name)));
  const offers = new Int32Array(table.names);
  const signed = new Map<string, number>();
  let newestBuild = 0;
  for (const offer of numbers) {
    offers[table.nameOf(offer)] = offer;
    newestBuild = Math.max(newestBuild, table.buildDateOf(offer));
    const signer = table.signer(table.signerOf(offer));
    signed.set(signer, (signed.get(signer) ?? 0) + 1);
  }
  return {
    ...facts,
    repositories: index.repositories,
    packagesOf: [...packagesOf.values()],
    packages: numbers.length,
    newestBuild,
    signedBy: [...signed]
      .map(([keyId, packages]) => ({ keyId, packages }))
      .toSorted((a, b) => b.packages - a.packages || (a.keyId < b.keyId ? -1 : 1)),
    offers,
    replaced,
    replacing: replacingPart(index),
  };
}

/** Whether pacman -Syu would put another package in the place of an installed one. */
export function isReplacedIn(table: OfferTable, view: ViewOffers, name: number, version: number): boolean {
  if (!view.replaced.has(name)) return false;
  return findReplacer(view.replacing, { name: table.name(name), version: table.version(version) }) !== undefined;
}

/** Some hundreds of packages instead of fifteen thousand, so that a view costs little memory. */
function replacingPart(index: ViewIndex): ViewIndex {
  const packages = new Map<string, SyncPackage>();
  for (const name of index.replacers.keys()) {
    const literal = index.packages.get(name);
    if (literal !== undefined) packages.set(name, literal);
  }
  return { repositories: index.repositories, packages, replacers: index.replacers, providers: new Map() };
}
