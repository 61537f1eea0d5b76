// Drift becomes a wish. For a target: move versions, add what is missing, remove only what the mode allows. For a revert:
// the endpoint's own recorded set, exactly.
import type { Drift, DriftItem } from "../drift/drift.ts";
import { explainDrift, explainLeftAlone } from "../drift/why.ts";
import { isSameBuild, pairPackages } from "../package-set/delta.ts";
import { byName, findInstalled, type InstalledPackage, type PackageSet } from "../package-set/package-set.ts";
import type { NamedPolicy } from "../policy/resolve-policy.ts";
import type { Mode } from "../target/target.ts";
import type { ViewIndex } from "../view/view-index.ts";
import type { Explained, Wish, WishedPackage, WishedReason } from "./wish.ts";

export interface TargetWishInput {
  readonly drift: Drift;
  readonly installed: PackageSet;
  readonly target: { readonly mode: Mode; readonly pins: ReadonlyMap<string, string> };
  readonly targetView: ViewIndex;
  /** Needed in mirror mode. */
  readonly targetSet: PackageSet | undefined;
  /** The rules that the drift was computed with. */
  readonly policy?: NamedPolicy;
}

export function computeWish(input: TargetWishInput): Wish {
  const set = new Map<string, WishedPackage>();
  const remove: Explained[] = [];
  const leftAlone: Explained[] = [];
  for (const item of input.drift.items) {
    switch (item.kind) {
      case "older":
      case "newer":
      case "rebuilt":
      case "missing":
        set.set(item.name, wishFor(input, item));
        break;
      case "replaced":
        remove.push({ name: item.name, why: explainDrift(item) });
        wishReplacer(input, item, set);
        break;
      case "extra":
        remove.push({ name: item.name, why: explainDrift(item) });
        break;
      case "reason":
        break;
      case "held":
      case "foreign":
      case "unavailable":
        if (item.installed !== undefined || item.cause === "source-only") {
          leftAlone.push({ name: item.name, why: explainLeftAlone(item) });
        }
        break;
    }
  }
  const wished = [...set.values()].sort(byName);
  return {
    kind: input.target.mode === "mirror" ? "exact" : "versions",
    set: wished,
    remove,
    reasons:
      input.target.mode === "mirror" ? mirrorReasons(input, wished) : versionsReasons(input, wished, input.drift.items),
    leftAlone,
    ...(input.target.mode === "mirror" && input.policy !== undefined ? { free: freeNames(input, input.policy) } : {}),
  };
}

function freeNames(input: TargetWishInput, policy: NamedPolicy): ReadonlySet<string> {
  const extra = input.installed.packages.map((one) => one.name).filter((name) => !isAtSource(input, name));
  const absent = (input.targetSet?.packages ?? []).map((one) => one.name).filter((name) => !isInstalled(input, name));
  const own = [...extra, ...absent].filter((name) => policy.own.has(name));
  return new Set([...own, ...[...policy.shared].filter((name) => !isAtSource(input, name))]);
}

function isAtSource({ targetSet }: TargetWishInput, name: string): boolean {
  return targetSet !== undefined && findInstalled(targetSet, name) !== undefined;
}

function isInstalled({ installed }: TargetWishInput, name: string): boolean {
  return findInstalled(installed, name) !== undefined;
}

function wishFor(input: TargetWishInput, item: DriftItem): WishedPackage {
  const version = item.wanted ?? "";
  const inView = input.targetView.packages.get(item.name);
  const hasIt = inView?.version === version;
  const atSource =
    input.target.mode === "mirror" && input.targetSet !== undefined
      ? findInstalled(input.targetSet, item.name)
      : undefined;
  return {
    name: item.name,
    version,
    buildDate: atSource?.buildDate ?? (hasIt ? inView.buildDate : 0),
    repository: hasIt ? inView.repository : "",
    why: explainDrift(item),
  };
}

/** In mirror mode the replacer is in the source's set, so it is wished as missing already. */
function wishReplacer(input: TargetWishInput, item: DriftItem, set: Map<string, WishedPackage>): void {
  const replacer = input.targetView.packages.get(item.replacer ?? "");
  if (replacer === undefined || set.has(replacer.name) || input.target.mode === "mirror") return;
  if (findInstalled(input.installed, replacer.name) !== undefined) return;
  set.set(replacer.name, {
    name: replacer.name,
    version: replacer.version,
    buildDate: replacer.buildDate,
    repository: replacer.repository,
    why: `replaces ${item.name}`,
  });
}

function mirrorReasons(input: TargetWishInput, wished: readonly WishedPackage[]): readonly WishedReason[] {
  const differing = input.drift.items.filter((one) => one.kind === "reason").map((one) => one.name);
  const names = new Set([...differing, ...wished.map((one) => one.name)]);
  const reasons: WishedReason[] = [];
  for (const name of names) {
    const atSource = input.targetSet === undefined ? undefined : findInstalled(input.targetSet, name);
    // Shared beside the source's set, and so wanted for itself.
    if (atSource === undefined && !isInstalled(input, name)) reasons.push({ name, reason: "explicit" });
    if (atSource === undefined) continue;
    if (findInstalled(input.installed, name)?.reason !== atSource.reason)
      reasons.push({ name, reason: atSource.reason });
  }
  return reasons.sort(byName);
}

/** A shared package is wanted for itself; a replacer inherits the reason of what it replaces, as with pacman -Syu. */
function versionsReasons(
  input: TargetWishInput,
  wished: readonly WishedPackage[],
  items: readonly DriftItem[],
): readonly WishedReason[] {
  const reasons = new Map<string, WishedReason>();
  for (const item of items) {
    if (item.kind === "missing") reasons.set(item.name, { name: item.name, reason: "explicit" });
    if (item.kind !== "replaced" || item.replacer === undefined) continue;
    if (findInstalled(input.installed, item.replacer) !== undefined) continue;
    const replaced = findInstalled(input.installed, item.name);
    // Several may be replaced by one: explicit wins.
    if (reasons.get(item.replacer)?.reason === "explicit") continue;
    reasons.set(item.replacer, { name: item.replacer, reason: replaced?.reason ?? "dependency" });
  }
  return [...reasons.values()].filter((one) => wished.some(({ name }) => name === one.name)).sort(byName);
}

export interface RevertWishInput {
  readonly installed: PackageSet;
  /** The endpoint's own set from before the revision that it leaves. */
  readonly recorded: PackageSet;
  readonly held: ReadonlySet<string>;
}

/** The way back to an endpoint's own recorded set: extras go, everything else comes back in version, build and reason. */
export function computeRevertWish(input: RevertWishInput): Wish {
  const set: WishedPackage[] = [];
  const remove: Explained[] = [];
  const reasons: WishedReason[] = [];
  const leftAlone: Explained[] = [];
  for (const { before, after } of pairPackages(input.installed, input.recorded)) {
    const name = before?.name ?? after?.name ?? "";
    if (isUnchanged(before, after)) continue;
    if (input.held.has(name)) {
      leftAlone.push({ name, why: "held on this endpoint or in its pool" });
      continue;
    }
    if (after === undefined) {
      remove.push({ name, why: "was not installed then" });
      continue;
    }
    if (before === undefined || !isSameBuild(before, after)) {
      const why = before === undefined ? "was installed then" : `was ${after.version} then`;
      set.push({ name, version: after.version, buildDate: after.buildDate, repository: "", why });
    }
    if (before?.reason !== after.reason) reasons.push({ name, reason: after.reason });
  }
  return { kind: "exact", set, remove, reasons, leftAlone };
}

function isUnchanged(before: InstalledPackage | undefined, after: InstalledPackage | undefined): boolean {
  return before !== undefined && after !== undefined && isSameBuild(before, after) && before.reason === after.reason;
}
