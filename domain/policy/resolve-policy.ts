// Patterns become names: against what is installed, and against the views whose groups and packages they may name. Own
// packages of a mirror bring the packages that they need, for without those they could not stay.
import type { PackageSet } from "../package-set/package-set.ts";
import { findInstalled } from "../package-set/package-set.ts";
import { parseRequirement } from "../view/requirement.ts";
import { findProviders, type ViewIndex } from "../view/view-index.ts";
import { type Matcher, matchGlobs } from "./pattern.ts";
import type { Policy } from "./policy.ts";

/** A set of names that may be a question instead of a list. */
export interface Names {
  readonly has: (name: string) => boolean;
}

/** A policy for one pair of views; depends on no endpoint's packages. */
export interface NamedPolicy {
  readonly held: Names;
  readonly own: Names;
  readonly foreign: Names;
  /** What must be there: in the target's view or named outright, neither foreign nor own; ascending. */
  readonly shared: ReadonlySet<string>;
}

/** A policy for one endpoint's packages. */
export interface ResolvedPolicy extends NamedPolicy {
  /** Installed or to be there. */
  readonly held: ReadonlySet<string>;
  /** Why, by name. */
  readonly kept: ReadonlyMap<string, string>;
}

export interface PolicyViews {
  readonly ownView: ViewIndex;
  readonly targetView: ViewIndex;
}

type Patterns = Pick<Policy, "holds" | "shares" | "owns" | "foreigns">;

export function namePolicy(policy: Patterns, views: PolicyViews): NamedPolicy {
  const held = matchNames(policy.holds, views);
  const own = matchNames(policy.owns, views);
  const foreign = matchNames(policy.foreigns, views);
  const shared = sharedNames(policy.shares, views).filter((name) => !own.has(name) && !foreign.has(name));
  return { held, own, foreign, shared: new Set(shared) };
}

/** The sets of names for one endpoint. `alsoHeld` is what its machine holds by itself (IgnorePkg, IgnoreGroup). */
export function resolvePolicy(
  policy: Policy,
  installed: PackageSet,
  views: PolicyViews,
  alsoHeld: Iterable<string> = [],
): ResolvedPolicy {
  const named = namePolicy(policy, views);
  const names = [...installed.packages.map((one) => one.name), ...named.shared];
  const held = new Set([...names.filter((name) => named.held.has(name)), ...alsoHeld]);
  const kept = new Map(policy.keep.map(({ name, why }) => [name, why]));
  return { ...named, held, kept, own: ownWithNeeds(named, installed, views) };
}

function matchNames(patterns: readonly string[], { ownView, targetView }: PolicyViews): Names {
  if (patterns.length === 0) return NOTHING;
  const names = matchGlobs(patterns.filter((one) => !one.startsWith("@")));
  const groups = matchGlobs(groupsOf(patterns));
  const known = new Map<string, boolean>();
  const ask = (name: string): boolean =>
    names.matches(name) || isInGroup(groups, ownView, name) || isInGroup(groups, targetView, name);
  return {
    has: (name) => {
      const answer = known.get(name) ?? ask(name);
      known.set(name, answer);
      return answer;
    },
  };
}

const NOTHING: Names = { has: () => false };

function groupsOf(patterns: readonly string[]): readonly string[] {
  return patterns.filter((one) => one.startsWith("@")).map((one) => one.slice(1));
}

function isInGroup(groups: Matcher, view: ViewIndex, name: string): boolean {
  return view.packages.get(name)?.groups.some(groups.matches) ?? false;
}

/** A name that no repository has stays a wish, and shows as unavailable; globs and groups are what the view has now. */
function sharedNames(patterns: readonly string[], { targetView }: PolicyViews): readonly string[] {
  const plain = patterns.filter((one) => !/^@|[*?[\\]/.test(one));
  if (plain.length === patterns.length) return [...new Set(plain)].sort();
  const globs = matchGlobs(patterns.filter((one) => !one.startsWith("@")));
  const groups = matchGlobs(groupsOf(patterns));
  const found = [...targetView.packages.values()].filter(
    (one) => globs.matches(one.name) || one.groups.some(groups.matches),
  );
  return [...new Set([...plain, ...found.map((one) => one.name)])].sort();
}

/** Own and shared packages with what they need of what is installed. Only mirror mode asks who else may stay. */
export function ownWithNeeds(named: NamedPolicy, installed: PackageSet, views: PolicyViews): Names {
  const needed = new Set<string>();
  const open = installed.packages
    .map((one) => one.name)
    .filter((name) => named.own.has(name) || named.shared.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    for (const text of dependsOf(name, named, views)) open.push(...installedProviders(text, installed, views));
  }
  return { has: (name) => named.own.has(name) || needed.has(name) };
}

/** As it will be: what the target's repositories have moves to their version, the rest stays as it is. */
function dependsOf(
  name: string,
  { held, foreign }: NamedPolicy,
  { ownView, targetView }: PolicyViews,
): readonly string[] {
  const moves = !held.has(name) && !foreign.has(name);
  const [first, second] = moves ? [targetView, ownView] : [ownView, targetView];
  return (first.packages.get(name) ?? second.packages.get(name))?.depends ?? [];
}

function installedProviders(text: string, installed: PackageSet, views: PolicyViews): readonly string[] {
  const { name } = parseRequirement(text);
  const unversioned = parseRequirement(name);
  const names = [views.ownView, views.targetView].flatMap((view) => findProviders(view, unversioned));
  return [name, ...names.map((one) => one.name)].filter((one) => findInstalled(installed, one) !== undefined);
}
