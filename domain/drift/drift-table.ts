// Drift counts of a whole fleet. Endpoints share most of their packages, and what a package's drift is depends on no other
// package: so each distinct package is judged once per target, and an endpoint costs one table look-up per package.
// It gives the same counts as compute-drift.ts, which lists the items.
import { findInstalled, type InstalledPackage, type PackageSet } from "../package-set/package-set.ts";
import { type DriftContext, isOwn, judgeAbsent, judgePackage, namesToHave } from "./compute-drift.ts";
import { DRIFT_KINDS, type DriftCounts, type DriftItem, type DriftKind } from "./drift.ts";

/** A package set as numbers of one table, with the set itself for what needs names. */
export interface InternedSet {
  readonly set: PackageSet;
  readonly numbers: Int32Array;
}

/** Every distinct package seen. It only grows: its owner starts a new one when `size` says that old builds prevail. */
export interface PackageTable {
  readonly size: number;
  intern(set: PackageSet): InternedSet;
  at(number: number): InstalledPackage | undefined;
}

export function makePackageTable(): PackageTable {
  const numbers = new Map<string, number>();
  const packages: InstalledPackage[] = [];
  const numberOf = (one: InstalledPackage): number => {
    const key = `${one.name} ${one.version} ${one.architecture} ${one.buildDate} ${one.reason}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, packages.length);
    return packages.push(one) - 1;
  };
  return {
    get size() {
      return packages.length;
    },
    intern: (set) => ({ set, numbers: Int32Array.from(set.packages, numberOf) }),
    at: (number) => packages[number],
  };
}

/** Counts for one context: one target, and one own view. Keep it while these live. */
export interface DriftJudge {
  /** `held`: by the machine itself, or kept in a conflict. The policy's own holds are judged with the context. */
  count(interned: InternedSet, held: ReadonlySet<string>): DriftCounts;
}

const KINDS: readonly (DriftKind | undefined)[] = [undefined, ...DRIFT_KINDS];

// A verdict is a number: the kind's place in KINDS, and flags. 0 stands for "not judged yet".
const KIND_MASK = 15;
const OWN = 16;
const MISSED_IF_ABSENT = 32;
const UNAVAILABLE_IF_ABSENT = 64;
const JUDGED = 128;
const VERDICTS = 256;

export function makeDriftJudge(table: PackageTable, context: DriftContext): DriftJudge {
  const absences = new Map(namesToHave(context).map((name) => [name, judgeAbsent(context, name)]));
  const missing = [...absences.values()].filter((one) => one.kind === "missing").length;
  const unavailable = absences.size - missing;
  let verdicts = new Uint8Array(0);

  const verdictOf = (one: InstalledPackage, isHeld: boolean): number => {
    const item = judgePackage(context, one, isHeld);
    const own = isOwn(context, one, item) ? OWN : 0;
    return JUDGED | KINDS.indexOf(item?.kind) | own | absenceFlag(absences.get(one.name));
  };

  const judgeNew = (): void => {
    const grown = new Uint8Array(table.size);
    grown.set(verdicts);
    for (let number = verdicts.length; number < grown.length; number += 1) {
      const one = table.at(number);
      if (one !== undefined) grown[number] = verdictOf(one, false);
    }
    verdicts = grown;
  };

  return {
    count(interned, held) {
      if (table.size > verdicts.length) judgeNew();
      const histogram = tally(interned.numbers, verdicts);
      let absentHeld = 0;
      let absentHeldUnavailable = 0;
      for (const name of held) {
        const one = findInstalled(interned.set, name);
        const absence = absences.get(name);
        if (one !== undefined) {
          add(histogram, verdictOf(one, false), -1);
          add(histogram, verdictOf(one, true), 1);
        } else if (absence?.kind === "missing") absentHeld += 1;
        else if (absence !== undefined) absentHeldUnavailable += 1;
      }
      return summarize(histogram, missing - absentHeld, unavailable - absentHeldUnavailable);
    },
  };
}

function absenceFlag(absence: DriftItem | undefined): number {
  if (absence === undefined) return 0;
  return absence.kind === "missing" ? MISSED_IF_ABSENT : UNAVAILABLE_IF_ABSENT;
}

/** The hot loop: nothing but two array reads and one write per package. */
function tally(numbers: Int32Array, verdicts: Uint8Array): Int32Array {
  const histogram = new Int32Array(VERDICTS);
  for (let at = 0; at < numbers.length; at += 1) {
    const verdict = verdicts[numbers[at] as number] as number;
    (histogram[verdict] as number) += 1;
  }
  return histogram;
}

function add(histogram: Int32Array, verdict: number, by: number): void {
  histogram[verdict] = (histogram[verdict] ?? 0) + by;
}

/** `missing` and `unavailable` start from what would be absent on an empty endpoint. */
function summarize(histogram: Int32Array, missing: number, unavailable: number): DriftCounts {
  const counts = {
    older: 0,
    newer: 0,
    rebuilt: 0,
    missing,
    extra: 0,
    reason: 0,
    replaced: 0,
    held: 0,
    foreign: 0,
    unavailable,
    own: 0,
  };
  for (let verdict = JUDGED; verdict < VERDICTS; verdict += 1) {
    const packages = histogram[verdict] ?? 0;
    if (packages === 0) continue;
    const kind = KINDS[verdict & KIND_MASK];
    if (kind !== undefined) counts[kind] += packages;
    if ((verdict & OWN) !== 0) counts.own += packages;
    if ((verdict & MISSED_IF_ABSENT) !== 0) counts.missing -= packages;
    if ((verdict & UNAVAILABLE_IF_ABSENT) !== 0) counts.unavailable -= packages;
  }
  return counts;
}
