// What is installed on an endpoint, in the one order and with the one check that its digest relies on. It knows nothing of
// repositories: where a package came from is derived from the endpoint's view. docs/spec/package-set.md.
import { MAX_BUILD_DATE, MAX_NAME_LENGTH, MAX_PACKAGES, MAX_VERSION_LENGTH, MAX_WORD_LENGTH } from "../limits.ts";
import { invalidField, tooLarge } from "../refusal.ts";

export type InstallReason = "explicit" | "dependency";

export interface InstalledPackage {
  readonly name: string;
  /** `[epoch:]version[-release]` */
  readonly version: string;
  readonly architecture: string;
  /** Unix seconds; 0 where the database has none. */
  readonly buildDate: number;
  readonly reason: InstallReason;
}

/** Unique names in ascending byte order. Made by makePackageSet only, which checks it. */
export interface PackageSet {
  readonly packages: readonly InstalledPackage[];
}

/** The generated package whose conflicts name a transaction's removals. It never counts in a set. */
export const TRANSITION_PACKAGE = "pacpool-transition";

export const EMPTY_PACKAGE_SET: PackageSet = { packages: [] };

/** Checks every field, sorts, leaves the transition package out. Refuses INVALID_FIELD or TOO_LARGE. */
export function makePackageSet(packages: Iterable<InstalledPackage>): PackageSet {
  const kept: InstalledPackage[] = [];
  let isSorted = true;
  for (const one of packages) {
    if (one.name === TRANSITION_PACKAGE) continue;
    if (kept.length >= MAX_PACKAGES) throw tooLarge("packages", MAX_PACKAGES);
    checkPackage(one);
    const before = kept.at(-1);
    if (before !== undefined && before.name >= one.name) isSorted = false;
    kept.push(one);
  }
  if (!isSorted) {
    kept.sort(byName);
    checkUnique(kept);
  }
  return { packages: kept };
}

/** The package of that name, by binary search. */
export function findInstalled(set: PackageSet, name: string): InstalledPackage | undefined {
  const { packages } = set;
  let low = 0;
  let high = packages.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const one = packages[middle];
    if (one === undefined || one.name === name) return one;
    if (one.name < name) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

/** Ascending by name. Names are ASCII, so JavaScript's order is byte order. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

// Printable ASCII without space and slash: names and versions become directory names and command arguments.
const NAME = /^[A-Za-z0-9@_+][!-.0-~]*$/;
const VERSION = /^[!-.0-~]+$/;
const WORD = /^[A-Za-z0-9_][A-Za-z0-9@._+-]*$/;

export function isPackageName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && NAME.test(name);
}

export function isVersion(version: string): boolean {
  return version.length <= MAX_VERSION_LENGTH && VERSION.test(version);
}

/** An architecture or a repository name. */
export function isWord(word: string): boolean {
  return word.length <= MAX_WORD_LENGTH && WORD.test(word);
}

export function isBuildDate(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_BUILD_DATE;
}

function checkPackage(one: InstalledPackage): void {
  if (!isPackageName(one.name)) {
    throw invalidField(
      "name",
      one.name,
      `a package name of at most ${MAX_NAME_LENGTH} printable ASCII characters without space and slash`,
    );
  }
  if (!isVersion(one.version)) {
    throw invalidField(
      `version of ${one.name}`,
      one.version,
      "a version of printable ASCII characters without space and slash",
    );
  }
  if (!isWord(one.architecture)) {
    throw invalidField(`architecture of ${one.name}`, one.architecture, "a word such as x86_64 or any");
  }
  if (!isBuildDate(one.buildDate)) {
    throw invalidField(`build date of ${one.name}`, String(one.buildDate), "whole seconds since 1970");
  }
  if (one.reason !== "explicit" && one.reason !== "dependency") {
    throw invalidField(`reason of ${one.name}`, String(one.reason), "explicit or dependency");
  }
}

function checkUnique(sorted: readonly InstalledPackage[]): void {
  for (let at = 1; at < sorted.length; at += 1) {
    const name = sorted[at]?.name ?? "";
    if (name === sorted[at - 1]?.name)
      throw invalidField("packages", name, "each name once; two entries of one package mean a damaged database");
  }
}
