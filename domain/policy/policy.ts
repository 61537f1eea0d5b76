// What is asked of one endpoint besides its pool's target: the rules of its pool, its labels and its own, added up. The
// server adds them up, both sides resolve them against packages. docs/spec/policy.md.
import type { Explained } from "../plan/wish.ts";

/** In the order in which they win: a foreign package is nobody's, a held one keeps its version, own beats shared. */
export const POLICY_KINDS = ["foreign", "hold", "own", "share"] as const;

export type PolicyKind = (typeof POLICY_KINDS)[number];

export function isPolicyKind(word: string): word is PolicyKind {
  const kinds: readonly string[] = POLICY_KINDS;
  return kinds.includes(word);
}

/** What the pool demands beside each machine's own agent.toml; the stricter wins. Empty says nothing. */
export interface PoolConsent {
  /** never, ask, window, shutdown or auto. */
  readonly apply: string;
  /** never, ask or window. */
  readonly reboot: string;
  /** For example `Sat 02:00-04:00`. */
  readonly windows: readonly string[];
  /** boot, next, shutdown or now. */
  readonly missedWindow: string;
}

export interface KeptPackage extends Explained {
  /** A person has to choose first. */
  readonly undecided: boolean;
}

/** Effective for one endpoint. Patterns as in pattern.ts, ascending. */
export interface Policy {
  readonly holds: readonly string[];
  readonly shares: readonly string[];
  readonly owns: readonly string[];
  readonly foreigns: readonly string[];
  /** Stay as they are because of a conflict; ascending by name. */
  readonly keep: readonly KeptPackage[];
  readonly allowDowngrade: boolean;
  readonly consent: PoolConsent;
}

export const NO_CONSENT: PoolConsent = { apply: "", reboot: "", windows: [], missedWindow: "" };

/** Of a pool that says nothing. */
export const NO_POLICY: Policy = {
  holds: [],
  shares: [],
  owns: [],
  foreigns: [],
  keep: [],
  allowDowngrade: true,
  consent: NO_CONSENT,
};

/** Adds rules up; the order of the rules does not matter. */
export function addRules(
  rules: readonly { readonly kind: PolicyKind; readonly pattern: string }[],
): Pick<Policy, "holds" | "shares" | "owns" | "foreigns"> {
  const patterns = (kind: PolicyKind): readonly string[] =>
    [...new Set(rules.filter((one) => one.kind === kind).map((one) => one.pattern))].sort();
  return { holds: patterns("hold"), shares: patterns("share"), owns: patterns("own"), foreigns: patterns("foreign") };
}

/** One line that is equal for equal policies, and empty for a pool that says nothing. */
export function canonicalPolicy(policy: Policy): string {
  const { holds, shares, owns, foreigns, keep, allowDowngrade, consent } = policy;
  const { apply, reboot, windows, missedWindow } = consent;
  const said = [holds, shares, owns, foreigns, keep.map(({ name, why, undecided }) => [name, why, undecided]), windows];
  if (allowDowngrade && said.every((list) => list.length === 0) && `${apply}${reboot}${missedWindow}` === "") return "";
  return JSON.stringify([...said, allowDowngrade, apply, reboot, missedWindow]);
}
