// Packages that answer for another one which the target has and the machine has not: what comes was built beside the real
// one, and pacman takes a name for what it stands for.
import { isSatisfiedBy, type Provider, parseRequirement } from "../view/requirement.ts";
import { indexProviders } from "./closure.ts";

export interface StandInsInput {
  /** Everything that is installed when the plan is done. */
  readonly after: readonly Provider[];
  /** What the plan installs. */
  readonly coming: readonly { readonly name: string; readonly depends: readonly string[] }[];
  /** The target's repositories, by name. */
  readonly target: { get(name: string): Provider | undefined };
}

/** Names in one warning; the rest is counted. */
const TOLD_NAMES = 10;

/** One warning for each stand-in and what it answers for. */
export function standInWarnings({ after, coming, target }: StandInsInput): readonly string[] {
  const providers = indexProviders(after);
  const needing = new Map<string, Set<string>>();
  for (const { name, depends } of coming) {
    for (const text of depends) {
      const requirement = parseRequirement(text);
      const real = target.get(requirement.name);
      if (real === undefined || !isSatisfiedBy(requirement, real)) continue;
      const found = (providers.get(requirement.name) ?? []).filter((one) => isSatisfiedBy(requirement, one));
      const [standIn] = found;
      // Whoever is in the target's repositories was tried there beside the others.
      if (standIn === undefined || found.some((one) => target.get(one.name)?.version === one.version)) continue;
      if (found.some((one) => one.name === requirement.name)) continue;
      const why = `${requirement.name} is not installed; ${standIn.name} ${standIn.version}, which the target's repositories do not have, answers for it, and what comes was built beside ${requirement.name} itself and may look for its libraries`;
      needing.set(why, (needing.get(why) ?? new Set()).add(name));
    }
  }
  return [...needing].map(([why, set]) => {
    const names = [...set].toSorted();
    const rest = names.length - TOLD_NAMES;
    return `${why}: ${names.slice(0, TOLD_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  });
}
