// Which packages of a moment can be installed together: the smallest resolver that a drawn machine needs. The product has
// none (pacman resolves), so that this one only ever judges what was drawn.
import { isSatisfiedBy, parseRequirement } from "../../../domain/view/requirement.ts";
import type { PackageRecipe } from "../../support/package-archive.ts";

/** By name; undefined when they cannot stand together, or only with a provider that is not the first one. */
export function closeOver<Recipe extends PackageRecipe>(
  offered: readonly Recipe[],
  names: readonly string[],
): ReadonlyMap<string, Recipe> | undefined {
  const chosen = new Map<string, Recipe>();
  const add = (one: Recipe | undefined): boolean => {
    if (one === undefined) return false;
    if (chosen.has(one.name)) return true;
    chosen.set(one.name, one);
    return true;
  };
  if (!names.every((name) => add(offered.find((one) => one.name === name)))) return undefined;
  for (;;) {
    const lacking = findLacking([...chosen.values()]);
    if (lacking === undefined) break;
    const literal = offered.find((one) => one.name === parseRequirement(lacking).name && satisfies(one, lacking));
    if (!add(literal ?? offered.find((one) => satisfies(one, lacking)))) return undefined;
  }
  return isPeaceful([...chosen.values()]) ? chosen : undefined;
}

/** The first requirement that nobody among them satisfies. */
export function findLacking(recipes: readonly PackageRecipe[]): string | undefined {
  for (const { depends = [] } of recipes) {
    const lacking = depends.find((text) => !recipes.some((one) => satisfies(one, text)));
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

/** No two conflict, and no two have the same file. */
export function isPeaceful(recipes: readonly PackageRecipe[]): boolean {
  const paths = recipes.flatMap(({ files = {} }) => Object.keys(files));
  if (new Set(paths).size < paths.length) return false;
  return recipes.every(({ name, conflicts = [] }) =>
    conflicts.every((text) => recipes.every((other) => other.name === name || !satisfies(other, text))),
  );
}

function satisfies({ name, version, provides = [] }: PackageRecipe, requirement: string): boolean {
  return isSatisfiedBy(parseRequirement(requirement), { name, version, provides });
}
