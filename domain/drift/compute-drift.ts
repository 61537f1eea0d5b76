// Compares an installed package set with a target. Called for every endpoint on every new target, so it allocates nothing
// per package that agrees. docs/spec/drift.md.
import type { InstalledPackage, PackageSet } from "../package-set/package-set.ts";
import { byName, findInstalled } from "../package-set/package-set.ts";
import type { NamedPolicy } from "../policy/resolve-policy.ts";
import type { Mode } from "../target/target.ts";
import { compareVersions } from "../version/compare.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { findReplacer, type ViewIndex } from "../view/view-index.ts";
import { type Drift, type DriftCause, type DriftCounts, type DriftItem, type DriftKind, NO_DRIFT } from "./drift.ts";

/** What an endpoint is compared with. */
export interface DriftContext {
  /** Of the endpoint itself: what is in none of its repositories is foreign. */
  readonly ownView: ViewIndex;
  readonly target: {
    readonly mode: Mode;
    readonly pins: ReadonlyMap<string, string>;
    readonly shared: readonly string[];
  };
  /** Of the endpoint's class. */
  readonly targetView: ViewIndex;
  /** The source's set. Mirror mode needs it; versions mode counts own packages with it. */
  readonly targetSet: PackageSet | undefined;
  /** The rules for the endpoint; absent means none. */
  readonly policy?: NamedPolicy;
}

export interface DriftInput extends DriftContext {
  readonly installed: PackageSet;
  /** Names that the machine itself holds (IgnorePkg and IgnoreGroup), beside those of the policy. */
  readonly held: ReadonlySet<string>;
  /** Names that stay as they are because of a conflict, with the sentence that says so. */
  readonly kept?: ReadonlyMap<string, string>;
}

export function computeDrift(input: DriftInput): Drift {
  const items: DriftItem[] = [];
  let own = 0;
  for (const one of input.installed.packages) {
    const why = input.kept?.get(one.name);
    const judged = judgePackage(input, one, why !== undefined || input.held.has(one.name));
    const item =
      why === undefined || judged?.kind !== "held" ? judged : { ...judged, cause: "kept" as const, note: why };
    if (item !== undefined) items.push(item);
    if (isOwn(input, one, item)) own += 1;
  }
  const absent = findAbsent(input);
  if (absent.length > 0) {
    items.push(...absent);
    items.sort(byName);
  }
  return { items, counts: count(items, own) };
}

/** From a repository, and not on the source. Held packages may be own as well. */
export function isOwn(context: DriftContext, one: InstalledPackage, item: DriftItem | undefined): boolean {
  if (item?.kind === "foreign" || item?.kind === "unavailable" || item?.kind === "extra") return false;
  return context.targetSet !== undefined && findInstalled(context.targetSet, one.name) === undefined;
}

/** What the target asks of a name: a version, and where known the build and the reason. */
interface Wanted {
  readonly version: string;
  /** 0 when any build does. */
  readonly buildDate: number;
  readonly cause: DriftCause;
  readonly reason: InstalledPackage["reason"] | undefined;
}

/** Undefined when the target knows nothing of the name. */
export function findWanted(input: DriftContext, name: string): Wanted | SyncPackage | undefined {
  if (input.target.mode === "mirror" && !isFree(input, name)) return findMirrored(input, name);
  const fromView = input.targetView.packages.get(name);
  const pin = input.target.pins.get(name);
  if (pin === undefined || pin === fromView?.version) return fromView;
  return { version: pin, buildDate: 0, cause: "pin", reason: undefined };
}

/** The source's package, unless the source has it from no repository: then nobody else can get it. */
function findMirrored(input: DriftContext, name: string): Wanted | undefined {
  const atSource = input.targetSet === undefined ? undefined : findInstalled(input.targetSet, name);
  if (atSource === undefined) return undefined;
  if (!input.targetView.packages.has(name) && !input.target.pins.has(name)) return undefined;
  return { version: atSource.version, buildDate: atSource.buildDate, cause: "source", reason: atSource.reason };
}

/** In mirror mode: not on the source, and yet it may stay or must be there. Its version is the view's. */
function isFree({ policy, targetSet }: DriftContext, name: string): boolean {
  if (policy === undefined || !(policy.own.has(name) || policy.shared.has(name))) return false;
  return targetSet === undefined || findInstalled(targetSet, name) === undefined;
}

/** What differs about one package of an endpoint, `isHeld` by the machine itself; undefined when nothing does. */
export function judgePackage(context: DriftContext, one: InstalledPackage, isHeld: boolean): DriftItem | undefined {
  if (context.policy?.foreign.has(one.name) === true) return item(one, "foreign", "rule");
  return isHeld || context.policy?.held.has(one.name) === true ? judgeHeld(context, one) : judgeInstalled(context, one);
}

function judgeHeld(context: DriftContext, one: InstalledPackage): DriftItem {
  const wanted = findWanted(context, one.name);
  const held = item(one, "held", "hold");
  return wanted === undefined ? held : { ...held, wanted: wanted.version };
}

/** What differs about a package that is installed and not held; depends on no other package of the set. */
export function judgeInstalled(input: DriftContext, one: InstalledPackage): DriftItem | undefined {
  const wanted = findWanted(input, one.name);
  if (isForeign(input, one)) return item(one, "foreign", "no-repository");
  const replacer = findReplacerFor(input, one, wanted);
  if (replacer !== undefined) {
    return { ...item(one, "replaced", "replaces"), wanted: replacer.version, replacer: replacer.name };
  }
  if (wanted === undefined) return judgeUnwanted(input, one);
  const cause = "cause" in wanted ? wanted.cause : "view";
  if (one.version !== wanted.version) {
    const order = compareVersions(one.version, wanted.version);
    if (order !== 0) return { ...item(one, order < 0 ? "older" : "newer", cause), wanted: wanted.version };
    // Written differently, yet equal to pacman (1.0 and 1.0-1): another build at least.
    return { ...item(one, "rebuilt", cause), wanted: wanted.version };
  }
  if (wanted.buildDate !== one.buildDate && wanted.buildDate !== 0 && one.buildDate !== 0) {
    return { ...item(one, "rebuilt", cause), wanted: wanted.version };
  }
  return judgeReason(one, wanted);
}

function judgeReason(one: InstalledPackage, wanted: Wanted | SyncPackage): DriftItem | undefined {
  if (!("reason" in wanted) || wanted.reason === undefined || wanted.reason === one.reason) return undefined;
  const cause = wanted.reason === "explicit" ? "explicit-at-source" : "dependency-at-source";
  return { ...item(one, "reason", cause), wanted: wanted.version };
}

function judgeUnwanted(input: DriftContext, one: InstalledPackage): DriftItem {
  if (input.target.mode === "versions" || isFree(input, one.name)) return item(one, "unavailable", "not-in-view");
  const atSource = input.targetSet === undefined ? undefined : findInstalled(input.targetSet, one.name);
  if (atSource === undefined) return item(one, "extra", "source");
  return { ...item(one, "unavailable", "source-only"), wanted: atSource.version };
}

/**
 * Installed, in none of the endpoint's repositories, and replaced by none of their packages: pacman -Syu would replace
 * the latter, so it came from a repository once.
 */
export function isForeign(
  input: Pick<DriftContext, "ownView">,
  one: { readonly name: string; readonly version: string },
): boolean {
  return !input.ownView.packages.has(one.name) && findReplacer(input.ownView, one) === undefined;
}

/** In mirror mode only a replacement that the source made as well. */
function findReplacerFor(
  input: DriftContext,
  one: InstalledPackage,
  wanted: Wanted | SyncPackage | undefined,
): SyncPackage | undefined {
  if (!input.targetView.replacers.has(one.name) || input.target.pins.has(one.name)) return undefined;
  if (input.target.mode === "mirror" && wanted !== undefined) return undefined;
  const replacer = findReplacer(input.targetView, one);
  if (replacer === undefined || input.target.mode === "versions") return replacer;
  return input.targetSet !== undefined && findInstalled(input.targetSet, replacer.name) !== undefined
    ? replacer
    : undefined;
}

/** Wanted, but not installed. A held name stays as it is: absent. */
function findAbsent(input: DriftInput): readonly DriftItem[] {
  return namesToHave(input)
    .filter((name) => !input.held.has(name) && findInstalled(input.installed, name) === undefined)
    .map((name) => judgeAbsent(input, name));
}

/** The names whose absence is drift. */
export function namesToHave(context: DriftContext): readonly string[] {
  const { policy } = context;
  const ofTarget =
    context.target.mode === "mirror"
      ? (context.targetSet?.packages.map((one) => one.name) ?? [])
      : context.target.shared;
  const names = [...new Set([...ofTarget, ...(policy?.shared ?? [])])];
  if (policy === undefined) return names;
  return names.filter((name) => !policy.own.has(name) && !policy.foreign.has(name) && !policy.held.has(name));
}

export function judgeAbsent(context: DriftContext, name: string): DriftItem {
  const isMirrored =
    context.target.mode === "mirror" &&
    context.targetSet !== undefined &&
    findInstalled(context.targetSet, name) !== undefined;
  const wanted = findWanted(context, name);
  if (wanted === undefined) return { name, kind: "unavailable", cause: isMirrored ? "source-only" : "not-in-view" };
  return { name, kind: "missing", cause: isMirrored ? "source" : "shared", wanted: wanted.version };
}

function item(one: InstalledPackage, kind: DriftKind, cause: DriftCause): DriftItem {
  return { name: one.name, kind, cause, installed: one.version };
}

function count(items: readonly DriftItem[], own: number): Drift["counts"] {
  const counts: { -readonly [Kind in keyof DriftCounts]: number } = { ...NO_DRIFT, own };
  for (const one of items) counts[one.kind] += 1;
  return counts;
}
