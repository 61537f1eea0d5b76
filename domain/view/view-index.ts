// Look-ups over a view's packages: the first repository in order that has a name wins, as in pacman.

import type { SyncPackage } from "./read-sync-database.ts";
import type { Requirement } from "./requirement.ts";
import { isSatisfiedBy, parseRequirement } from "./requirement.ts";

export interface ViewRepository {
  readonly repository: string;
  readonly packages: readonly SyncPackage[];
}

/** Immutable once made; cached by view digest. */
export interface ViewIndex {
  /** In pacman.conf's order. */
  readonly repositories: readonly string[];
  /** By name; where several repositories have a name, the first one's package. */
  readonly packages: ReadonlyMap<string, SyncPackage>;
  /** By the name that a `replaces` entry has; in repository order, only packages that win their own name. */
  readonly replacers: ReadonlyMap<string, readonly SyncPackage[]>;
  /** By the name of a provision, in repository order. */
  readonly providers: ReadonlyMap<string, readonly SyncPackage[]>;
}

export function indexView(databases: readonly ViewRepository[]): ViewIndex {
  const packages = new Map<string, SyncPackage>();
  const replacers = new Map<string, SyncPackage[]>();
  const providers = new Map<string, SyncPackage[]>();
  for (const database of databases) {
    for (const one of database.packages) {
      if (packages.has(one.name)) continue;
      packages.set(one.name, one);
      for (const specification of one.replaces) append(replacers, parseRequirement(specification).name, one);
      for (const provision of one.provides) append(providers, parseRequirement(provision).name, one);
    }
  }
  return { repositories: databases.map((one) => one.repository), packages, replacers, providers };
}

/**
 * The package that pacman -Syu would put in the place of an installed one: replacers of an earlier repository win over a
 * package of the same name, those of the same or a later one do not.
 */
export function findReplacer(
  index: ViewIndex,
  installed: { readonly name: string; readonly version: string },
): SyncPackage | undefined {
  const candidates = index.replacers.get(installed.name);
  if (candidates === undefined) return undefined;
  const literal = index.packages.get(installed.name);
  const literalAt = literal === undefined ? index.repositories.length : index.repositories.indexOf(literal.repository);
  return candidates.find(
    (one) =>
      one.name !== installed.name &&
      index.repositories.indexOf(one.repository) < literalAt &&
      one.replaces.some((text) => {
        const requirement = parseRequirement(text);
        return requirement.name === installed.name && isSatisfiedBy(requirement, { ...installed, provides: [] });
      }),
  );
}

/** Everyone who satisfies a requirement: the package of that name first, then providers in repository order. */
export function findProviders(index: ViewIndex, requirement: Requirement): readonly SyncPackage[] {
  const literal = index.packages.get(requirement.name);
  const others = index.providers.get(requirement.name) ?? [];
  const all = literal === undefined ? others : [literal, ...others.filter((one) => one !== literal)];
  return all.filter((one) => isSatisfiedBy(requirement, one));
}

function append(lists: Map<string, SyncPackage[]>, name: string, one: SyncPackage): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [one]);
  else if (list.at(-1) !== one) list.push(one);
}
