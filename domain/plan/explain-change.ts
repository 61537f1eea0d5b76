// Why pacman changes a package that nobody asked for: a dependency, a conflict, a replacement. Looks only at metadata.
import type { InstalledPackage } from "../package-set/package-set.ts";
import { isSatisfiedBy, type Provider, parseRequirement, type Requirement } from "../view/requirement.ts";

/** What a package says of itself. */
export interface Metadata extends Provider {
  readonly depends: readonly string[];
  readonly conflicts: readonly string[];
  readonly replaces: readonly string[];
}

interface Relation {
  readonly of: string;
  readonly requirement: Requirement;
}

/** Who depends on, conflicts with and replaces a name, after the transaction. */
export interface Relations {
  readonly before: ReadonlyMap<string, Metadata>;
  readonly after: ReadonlyMap<string, Metadata>;
  readonly depends: ReadonlyMap<string, readonly Relation[]>;
  readonly conflicts: ReadonlyMap<string, readonly Relation[]>;
  readonly replaces: ReadonlyMap<string, readonly Relation[]>;
}

/** Parses every specification once: a plan asks about hundreds of changes. */
export function indexRelations(before: ReadonlyMap<string, Metadata>, after: ReadonlyMap<string, Metadata>): Relations {
  const packages = [...after.values()];
  return {
    before,
    after,
    depends: indexBy(packages, (one) => one.depends),
    conflicts: indexBy(packages, (one) => one.conflicts),
    replaces: indexBy(packages, (one) => one.replaces),
  };
}

/** The sentence for a removal; undefined when no package demands it. */
export function explainRemoval(relations: Relations, removed: InstalledPackage): string | undefined {
  const own = relations.before.get(removed.name);
  const bare = { name: removed.name, version: removed.version, provides: [] };
  const provider = { ...bare, provides: own?.provides ?? [] };
  const replacer = findRelated(relations.replaces, bare);
  if (replacer !== undefined) return `${replacer} replaces it`;
  const opponent = findRelated(relations.conflicts, provider);
  if (opponent !== undefined) return `${opponent} conflicts with it`;
  const ownConflicts = (own?.conflicts ?? []).map(parseRequirement);
  for (const one of ownConflicts.length === 0 ? [] : relations.after.values()) {
    if (ownConflicts.some((requirement) => isSatisfiedBy(requirement, one))) return `it conflicts with ${one.name}`;
  }
  return undefined;
}

/** The sentence for a package that another one needs; undefined when none does. */
export function explainDependency(relations: Relations, installed: InstalledPackage): string | undefined {
  const own = relations.after.get(installed.name);
  const provider = { name: installed.name, version: installed.version, provides: own?.provides ?? [] };
  const dependent = findRelated(relations.depends, provider);
  return dependent === undefined ? undefined : `needed by ${dependent}`;
}

function findRelated(relations: ReadonlyMap<string, readonly Relation[]>, provider: Provider): string | undefined {
  const names = [provider.name, ...provider.provides.map((text) => parseRequirement(text).name)];
  for (const name of names) {
    for (const { of, requirement } of relations.get(name) ?? []) {
      if (of !== provider.name && isSatisfiedBy(requirement, provider)) return of;
    }
  }
  return undefined;
}

function indexBy(
  packages: readonly Metadata[],
  list: (one: Metadata) => readonly string[],
): ReadonlyMap<string, readonly Relation[]> {
  const index = new Map<string, Relation[]>();
  for (const one of packages) {
    for (const text of list(one)) {
      const requirement = parseRequirement(text);
      const known = index.get(requirement.name);
      if (known === undefined) index.set(requirement.name, [{ of: one.name, requirement }]);
      else known.push({ of: one.name, requirement });
    }
  }
  return index;
}
