// The judge between wish and pacman: its simulation's result becomes a plan, or a refusal that lists what differs.
// Nothing is approved here that pacman has not shown on a copy of the machine's own database.
import { MAX_DETAILS } from "../limits.ts";
import { isSameBuild, pairPackages } from "../package-set/delta.ts";
import { findInstalled, type InstalledPackage, makePackageSet, type PackageSet } from "../package-set/package-set.ts";
import type { RefusalReason } from "../refusal.ts";
import { compareVersions } from "../version/compare.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { explainDependency, explainRemoval, indexRelations, type Metadata, type Relations } from "./explain-change.ts";
import { findGuarded } from "./guard.ts";
import type { PlanAction, PlanStep } from "./plan.ts";
import type { Wish, WishedReason } from "./wish.ts";

export interface SimulationInput {
  readonly before: PackageSet;
  /** Installed in the simulation's database, the transition package left out. */
  readonly after: PackageSet;
  readonly wish: Wish;
  /** The set to reach, in an exact wish. */
  readonly exact: PackageSet | undefined;
  /** What the goal would still ask for with this installed. Absent: the exact set says all. */
  readonly remaining?: (after: PackageSet) => Wish;
  /** Of every package in `after`. */
  readonly metadataAfter: ReadonlyMap<string, Metadata>;
  /** Of every package in `before`: what is removed may itself name the conflict. */
  readonly metadataBefore: ReadonlyMap<string, Metadata>;
  /** Where the file of a changed package comes from, and its size; undefined for a version outside the view. */
  readonly source: (changed: InstalledPackage) => Pick<SyncPackage, "repository" | "compressedSize"> | undefined;
  readonly guard: ReadonlySet<string>;
}

export type SimulationVerdict =
  | {
      readonly kind: "agreed";
      /** Removals first, then by name. */
      readonly steps: readonly PlanStep[];
      readonly reasons: readonly WishedReason[];
      /** With the reasons that the plan sets. */
      readonly after: PackageSet;
      readonly downloadBytes: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      readonly message: string;
      /** One line each, at most MAX_DETAILS and a count of the rest. */
      readonly details: readonly string[];
    };

export function compareSimulation(input: SimulationInput): SimulationVerdict {
  const changes = [...pairPackages(input.before, input.after)].filter(isChange);
  const guarded = findGuarded(
    changes.flatMap((one) => (one.after === undefined ? [one.before?.name ?? ""] : [])),
    input.guard,
  );
  if (guarded.length > 0) {
    const details = guarded.map((name) => `${name} would be removed`);
    return refuse("GUARDED_PACKAGE", "a package without which the machine cannot be managed would be removed", details);
  }
  const held = findHeldChanges(input, changes);
  if (held.length > 0)
    return refuse("CLOSURE_BROKEN", "pacman can only do it by changing packages that must stay as they are", held);
  const explain = makeExplainer(input);
  const differences =
    input.wish.kind === "exact" ? compareExactly(input, explain) : compareWish(input, changes, explain);
  if (differences.length > 0)
    return refuse("SIMULATION_DIFFERS", "pacman would do something else than wanted", differences);
  const steps = makeSteps(input, changes, explain);
  const reasons = makeReasons(input, changes);
  const after = applyReasons(input, reasons);
  const undone = findUndone(input, after);
  if (undone.length > 0)
    return refuse("SIMULATION_DIFFERS", "pacman would do it only by leaving the target in other places", undone);
  return {
    kind: "agreed",
    steps,
    reasons,
    after,
    downloadBytes: steps.reduce((sum, one) => sum + one.downloadBytes, 0),
  };
}

interface Change {
  readonly before: InstalledPackage | undefined;
  readonly after: InstalledPackage | undefined;
}

function isChange({ before, after }: Change): boolean {
  return before === undefined || after === undefined || !isSameBuild(before, after);
}

function nameOf(change: Change): string {
  return change.before?.name ?? change.after?.name ?? "";
}

/** What is held or foreign is neither changed nor removed, even where pacman would. */
function findHeldChanges(input: SimulationInput, changes: readonly Change[]): readonly string[] {
  const leftAlone = new Map(input.wish.leftAlone.map((one) => [one.name, one.why]));
  return changes.flatMap(({ before, after }) => {
    const name = before?.name ?? after?.name ?? "";
    const why = leftAlone.get(name);
    if (why === undefined || before === undefined) return [];
    return [
      `${name} would be ${after === undefined ? "removed" : `changed to ${after.version}`}, but is left alone: ${why}`,
    ];
  });
}

/** A plan after which the next one is not empty would never come to an end. */
function findUndone({ remaining }: SimulationInput, after: PackageSet): readonly string[] {
  const rest = remaining?.(after);
  if (rest === undefined) return [];
  const installed = (name: string): string => {
    const version = findInstalled(after, name)?.version;
    return version === undefined ? "be missing" : `be ${version}`;
  };
  return [
    ...rest.set.map(({ name, version, why }) => `${name} would ${installed(name)} instead of ${version}: ${why}`),
    ...rest.remove.map(({ name, why }) => `${name} would stay: ${why}`),
  ];
}

function compareExactly(input: SimulationInput, explain: Explainer): readonly string[] {
  if (input.exact === undefined) return ["the set to reach is not known"];
  const leftAlone = new Set(input.wish.leftAlone.map((one) => one.name));
  const free = [...(input.wish.free ?? [])].filter((name) => !leftAlone.has(name)).sort();
  const differences = free.flatMap((name) => compareFree(input, name, findInstalled(input.after, name)));
  for (const { before: wanted, after } of pairPackages(input.exact, input.after)) {
    const name = wanted?.name ?? after?.name ?? "";
    if (leftAlone.has(name) || input.wish.free?.has(name) === true) continue;
    if (wanted === undefined && isNeededByFree(input, after, explain)) continue;
    if (after === undefined) differences.push(`${name} ${wanted?.version ?? ""} would be missing`);
    else if (wanted === undefined) differences.push(`${name} ${after.version} would be left over`);
    else if (after.version !== wanted.version)
      differences.push(`${name} would be ${after.version} instead of ${wanted.version}`);
    else if (isOtherBuild(after, wanted))
      differences.push(`${name} ${wanted.version} would be another build than wanted`);
  }
  return differences;
}

/** Its presence is its own affair: it may lack, but is not taken away, and has the version that was wished. */
function compareFree(input: SimulationInput, name: string, after: InstalledPackage | undefined): readonly string[] {
  const wished = input.wish.set.find((one) => one.name === name);
  if (after === undefined) {
    if (wished !== undefined) return [`${name} ${wished.version} would not be installed`];
    return findInstalled(input.before, name) === undefined
      ? []
      : [`${name} would be removed, but is this endpoint's own`];
  }
  if (wished === undefined || wished.version === after.version) return [];
  return [`${name} would be ${after.version} instead of ${wished.version}`];
}

/** New, and a dependency: only packages beside the set can need what the set itself lacks. */
function isNeededByFree(input: SimulationInput, after: InstalledPackage | undefined, explain: Explainer): boolean {
  if (after === undefined || (input.wish.free?.size ?? 0) === 0) return false;
  return findInstalled(input.before, after.name) === undefined && explain({ before: undefined, after }) !== undefined;
}

function isOtherBuild(a: { readonly buildDate: number }, b: { readonly buildDate: number }): boolean {
  return a.buildDate !== b.buildDate && a.buildDate !== 0 && b.buildDate !== 0;
}

function compareWish(input: SimulationInput, changes: readonly Change[], explain: Explainer): readonly string[] {
  const differences: string[] = [];
  for (const wished of input.wish.set) {
    const after = findInstalled(input.after, wished.name);
    if (after === undefined) differences.push(`${wished.name} ${wished.version} would not be installed`);
    else if (after.version !== wished.version)
      differences.push(`${wished.name} would be ${after.version} instead of ${wished.version}`);
    else if (isOtherBuild(after, wished))
      differences.push(`${wished.name} ${wished.version} would be another build than wanted`);
  }
  for (const { name } of input.wish.remove) {
    if (findInstalled(input.after, name) !== undefined) differences.push(`${name} would not be removed`);
  }
  for (const change of changes) {
    if (explain(change) === undefined)
      differences.push(`${nameOf(change)} would be ${verbOf(change)} without a reason that pacman demands`);
  }
  return differences;
}

function verbOf({ before, after }: Change): string {
  if (after === undefined) return "removed";
  return before === undefined ? `installed (${after.version})` : `changed to ${after.version}`;
}

/** Sentences for changes; undefined when neither the wish nor dependencies, conflicts and replacements explain one. */
type Explainer = (change: Change) => string | undefined;

function makeExplainer(input: SimulationInput): Explainer {
  const removals = new Map(input.wish.remove.map((one) => [one.name, one.why]));
  const wished = new Map(input.wish.set.map((one) => [one.name, one.why]));
  let relations: Relations | undefined;
  return ({ before, after }) => {
    const name = before?.name ?? after?.name ?? "";
    const known = after === undefined ? removals.get(name) : wished.get(name);
    if (known !== undefined) return known;
    relations ??= indexRelations(input.metadataBefore, input.metadataAfter);
    if (after !== undefined) return explainDependency(relations, after);
    return before === undefined ? undefined : explainRemoval(relations, before);
  };
}

function makeSteps(input: SimulationInput, changes: readonly Change[], explain: Explainer): readonly PlanStep[] {
  const removals: PlanStep[] = [];
  const others: PlanStep[] = [];
  for (const change of changes) {
    const { before, after } = change;
    const source = after === undefined ? undefined : input.source(after);
    const step: PlanStep = {
      action: actionOf(change),
      name: nameOf(change),
      fromVersion: before?.version ?? "",
      toVersion: after?.version ?? "",
      repository: source?.repository ?? "",
      architecture: (after ?? before)?.architecture ?? "",
      buildDate: after?.buildDate ?? 0,
      downloadBytes: source?.compressedSize ?? 0,
      why: explain(change) ?? "part of the set to reach",
    };
    (after === undefined ? removals : others).push(step);
  }
  return [...removals, ...others];
}

function actionOf({ before, after }: Change): PlanAction {
  if (after === undefined) return "remove";
  if (before === undefined) return "install";
  const order = compareVersions(before.version, after.version);
  if (order === 0) return "reinstall";
  return order < 0 ? "upgrade" : "downgrade";
}

/** What the wish says; whatever else is new came as a dependency, also where it was asked for by name. */
function makeReasons(input: SimulationInput, changes: readonly Change[]): readonly WishedReason[] {
  const reasons = new Map(input.wish.reasons.map((one) => [one.name, one]));
  for (const { before, after } of changes) {
    if (before !== undefined || after === undefined || reasons.has(after.name)) continue;
    reasons.set(after.name, { name: after.name, reason: "dependency" });
  }
  return [...reasons.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function applyReasons(input: SimulationInput, reasons: readonly WishedReason[]): PackageSet {
  const wanted = new Map(reasons.map((one) => [one.name, one.reason]));
  return makePackageSet(
    input.after.packages.map((one) => {
      // pacman keeps the reason of what it only changes; the simulation may have lost it by asking by name.
      const reason = wanted.get(one.name) ?? findInstalled(input.before, one.name)?.reason ?? one.reason;
      return reason === one.reason ? one : { ...one, reason };
    }),
  );
}

function refuse(reason: RefusalReason, message: string, details: readonly string[]): SimulationVerdict {
  const rest = details.length - MAX_DETAILS;
  const shown = rest > 0 ? [...details.slice(0, MAX_DETAILS), `and ${rest} more`] : details;
  return { kind: "refused", reason, message, details: shown };
}
