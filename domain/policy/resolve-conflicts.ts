// Where an endpoint changed a package by itself and the target wants another version: a conflict of three sides, and what
// the pool's mode, or a person, makes of it. Knows no storage; who decided what is passed in. docs/spec/policy.md.
import type { Drift, DriftItem, DriftKind } from "../drift/drift.ts";
import { findInstalled, type PackageSet } from "../package-set/package-set.ts";
import { compareVersions } from "../version/compare.ts";
import type { KeptPackage } from "./policy.ts";

/** What becomes of conflicts in a pool. */
export const CONFLICT_MODES = ["use-target", "keep-current", "newest", "oldest", "manual"] as const;

export type ConflictMode = (typeof CONFLICT_MODES)[number];

export type ConflictTake = "target" | "current";

/** A person's word on one package; it holds for one target revision. */
export interface Decision {
  readonly name: string;
  readonly targetRevision: number;
  readonly take: ConflictTake;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** One side's build of a package. */
export interface Build {
  readonly version: string;
  /** Unix seconds; 0 when unknown. */
  readonly buildDate: number;
}

export interface Conflict {
  readonly name: string;
  /** What the last applied target gave; undefined when that is not known. */
  readonly base: Build | undefined;
  readonly ours: Build;
  readonly theirs: Build;
}

export interface ResolvedConflict extends Conflict {
  /** Undefined waits for a person. */
  readonly take: ConflictTake | undefined;
  /** One sentence for people. */
  readonly why: string;
  /** Of a person. */
  readonly decision: Decision | undefined;
}

export interface ConflictInput {
  /** Computed without anything kept. */
  readonly drift: Drift;
  readonly installed: PackageSet;
  /** By name; undefined where the last applied target is not known, or said nothing of the package. */
  readonly base: (name: string) => Build | undefined;
  /** What it had to be before, for a package that was frozen when the base moved on. */
  readonly carried: (name: string) => Build | undefined;
  /** Unix seconds of the build that the target wants; 0 when unknown. */
  readonly targetBuildDate: (name: string) => number;
}

const VERSIONS: ReadonlySet<DriftKind> = new Set(["older", "newer", "rebuilt"]);

/** Ascending by name. */
export function findConflicts(input: ConflictInput): readonly Conflict[] {
  return input.drift.items.flatMap((item) => {
    const ours = findInstalled(input.installed, item.name);
    if (!VERSIONS.has(item.kind) || ours === undefined || item.wanted === undefined) return [];
    const theirs = { version: item.wanted, buildDate: input.targetBuildDate(item.name) };
    const base = input.base(item.name);
    return hasDeviated(item, ours, base, input.carried(item.name))
      ? [{ name: item.name, base, ours: buildOf(ours), theirs }]
      : [];
  });
}

/** Without a base only what the target did not bring can be told: a later version, another build. */
function hasDeviated({ kind }: DriftItem, ours: Build, base: Build | undefined, carried: Build | undefined): boolean {
  if (carried !== undefined && isSame(ours, carried)) return false;
  return base === undefined ? kind !== "older" : !isSame(ours, base);
}

function buildOf({ version, buildDate }: Build): Build {
  return { version, buildDate };
}

function isSame(a: Build, b: Build): boolean {
  if (a.version !== b.version) return false;
  return a.buildDate === b.buildDate || a.buildDate === 0 || b.buildDate === 0;
}

/** Decisions of another revision than the target's count no more. */
export function resolveConflicts(
  conflicts: readonly Conflict[],
  mode: ConflictMode,
  decisions: readonly Decision[],
  targetRevision: number,
): readonly ResolvedConflict[] {
  const valid = new Map(decisions.filter((one) => one.targetRevision === targetRevision).map((one) => [one.name, one]));
  return conflicts.map((conflict) => {
    const decision = valid.get(conflict.name);
    const take = decision?.take ?? takeByMode(conflict, mode);
    return { ...conflict, take, decision, why: explainConflict(conflict, mode, take, decision) };
  });
}

function takeByMode({ ours, theirs }: Conflict, mode: ConflictMode): ConflictTake | undefined {
  switch (mode) {
    case "manual":
      return undefined;
    case "use-target":
      return "target";
    case "keep-current":
      return "current";
    case "newest":
      return compareBuilds(ours, theirs) > 0 ? "current" : "target";
    case "oldest":
      return compareBuilds(ours, theirs) < 0 ? "current" : "target";
  }
}

/** By pacman's order, then by the time of the build; an unknown time settles nothing. */
function compareBuilds(a: Build, b: Build): number {
  const order = compareVersions(a.version, b.version);
  if (order !== 0 || a.buildDate === 0 || b.buildDate === 0) return order;
  return a.buildDate - b.buildDate;
}

function explainConflict(
  { ours, theirs }: Conflict,
  mode: ConflictMode,
  take: ConflictTake | undefined,
  decision: Decision | undefined,
): string {
  const changed = `changed to ${ours.version} on this endpoint itself`;
  if (take === undefined) return `${changed}, the target has ${theirs.version}: a person has to choose`;
  const outcome = take === "current" ? `kept at ${ours.version}` : `takes the target's ${theirs.version}`;
  const word = decision === undefined ? `the pool's conflict mode is ${mode}` : `${decision.author} chose it`;
  return `${changed}; ${outcome}: ${word}`;
}

/** What a plan has to leave as it is: our side won, or nobody has chosen yet. */
export function keptByConflict(resolved: readonly ResolvedConflict[]): readonly KeptPackage[] {
  return resolved
    .filter((one) => one.take !== "target")
    .map(({ name, why, take }) => ({ name, why, undecided: take === undefined }));
}

export function undecidedNames(resolved: readonly ResolvedConflict[]): readonly string[] {
  return resolved.filter((one) => one.take === undefined).map((one) => one.name);
}
