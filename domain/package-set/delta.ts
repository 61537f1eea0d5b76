// The difference of two package sets: what a report sends instead of the whole.
import { type InstalledPackage, makePackageSet, type PackageSet } from "./package-set.ts";

/** Both lists are sorted by name. */
export interface PackageSetDelta {
  readonly upserts: readonly InstalledPackage[];
  readonly removed: readonly string[];
}

export function computeDelta(base: PackageSet, next: PackageSet): PackageSetDelta {
  const upserts: InstalledPackage[] = [];
  const removed: string[] = [];
  for (const { before, after } of pairPackages(base, next)) {
    if (after === undefined) {
      if (before !== undefined) removed.push(before.name);
    } else if (before === undefined || !isSamePackage(before, after)) upserts.push(after);
  }
  return { upserts, removed };
}

/** The caller compares the digest of the result with the one that came with the delta. */
export function applyDelta(base: PackageSet, delta: PackageSetDelta): PackageSet {
  const gone = new Set(delta.removed);
  for (const one of delta.upserts) gone.add(one.name);
  return makePackageSet([...base.packages.filter((one) => !gone.has(one.name)), ...delta.upserts]);
}

export interface PackagePair {
  readonly before: InstalledPackage | undefined;
  readonly after: InstalledPackage | undefined;
}

/** Walks two sets side by side by name; at least one side of each pair is there. */
export function* pairPackages(base: PackageSet, next: PackageSet): Generator<PackagePair> {
  let at = 0;
  let nextAt = 0;
  for (;;) {
    const before = base.packages[at];
    const after = next.packages[nextAt];
    if (before === undefined && after === undefined) return;
    if (after === undefined || (before !== undefined && before.name < after.name)) {
      at += 1;
      yield { before, after: undefined };
    } else if (before === undefined || after.name < before.name) {
      nextAt += 1;
      yield { before: undefined, after };
    } else {
      at += 1;
      nextAt += 1;
      yield { before, after };
    }
  }
}

/** Equal in everything that the digest covers. */
export function isSamePackage(a: InstalledPackage, b: InstalledPackage): boolean {
  return isSameBuild(a, b) && a.name === b.name && a.reason === b.reason;
}

/** The same files: version, build date and architecture are equal. */
export function isSameBuild(
  a: Omit<InstalledPackage, "reason" | "name">,
  b: Omit<InstalledPackage, "reason" | "name">,
): boolean {
  return a.version === b.version && a.buildDate === b.buildDate && a.architecture === b.architecture;
}
