// How the removals of a plan get into its one transaction: as conflicts of the generated transition package. A conflict
// also hits whoever provides the name, so some removals must come after the transaction instead.
import { isSatisfiedBy, type Provider } from "../view/requirement.ts";
import { indexProviders } from "./closure.ts";

export interface TransitionInput {
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  /** Everything that is installed after the transaction, with what it provides. */
  readonly after: readonly Provider[];
}

export interface Transition {
  /** `NAME=VERSION`, for the transition package's conflicts. */
  readonly conflicts: readonly string[];
  /** Removed by name when the transaction is done. */
  readonly late: readonly string[];
}

export function planTransition(input: TransitionInput): Transition {
  const providers = indexProviders(input.after);
  const conflicts: string[] = [];
  const late: string[] = [];
  for (const { name, version } of input.removed) {
    const requirement = { name, comparison: "=", version } as const;
    const isProvidedByWhoStays = (providers.get(name) ?? []).some(
      (one) => one.name !== name && isSatisfiedBy(requirement, one),
    );
    if (isProvidedByWhoStays) late.push(name);
    else conflicts.push(`${name}=${version}`);
  }
  return { conflicts, late };
}
