// Compares an installed package set with a target. Called for every endpoint on every new target, so it allocates nothing
// per package that agrees. docs/spec/drift.md.
import type { InstalledPackage, PackageSet } from "../package-set/package-set.ts";
import { byName, findInstalled } from "../package-set/package-set.ts";
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
}

export interface DriftInput extends DriftContext {
  readonly installed: PackageSet;
  /** Names that the endpoint or its pool holds, IgnorePkg included. */
  readonly held: ReadonlySet<string>;
}

export function computeDrift(input: DriftInput): Drift {
  const items: DriftItem[] = [];
  let own = 0;
  for (const one of input.installed.packages) {
    const item = input.held.has(one.name) ? judgeHeld(input, one) : judgeInstalled(input, one);
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

function findWanted(input: DriftContext, name: string): Wanted | SyncPackage | undefined {
  if (input.target.mode === "mirror") return findMirrored(input, name);
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

export function judgeHeld(context: DriftContext, one: InstalledPackage): DriftItem {
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
  if (input.target.mode === "versions") return item(one, "unavailable", "not-in-view");
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
  if (context.target.mode === "mirror") return context.targetSet?.packages.map((one) => one.name) ?? [];
  return [...new Set(context.target.shared)];
}

export function judgeAbsent(context: DriftContext, name: string): DriftItem {
  const isMirror = context.target.mode === "mirror";
  const wanted = findWanted(context, name);
  if (wanted === undefined) return { name, kind: "unavailable", cause: isMirror ? "source-only" : "not-in-view" };
  return { name, kind: "missing", cause: isMirror ? "source" : "shared", wanted: wanted.version };
}

function item(one: InstalledPackage, kind: DriftKind, cause: DriftCause): DriftItem {
  return { name: one.name, kind, cause, installed: one.version };
}

function count(items: readonly DriftItem[], own: number): Drift["counts"] {
  const counts: { -readonly [Kind in keyof DriftCounts]: number } = { ...NO_DRIFT, own };
  for (const one of items) counts[one.kind] += 1;
  return counts;
}
