// Why keys of screens about packages, targets, plans and operations cannot do their deed right now.
import type { Situation } from "../store/situation.ts";
import { deedDisabled } from "./disabled.ts";

type Reason = string | undefined;

export function diffDisabled({ ids, position, marked, pool }: Situation): Reason {
  if (position.id === "") return "no target is selected";
  if (ids.length < 2) return "there is one target only: nothing to compare it with";
  if (marked.size > 2) return "mark one target, or two: more cannot be compared at once";
  if (marked.size === 1 && marked.has(position.id)) return "this one is marked; select another to compare it with";
  const isNewest = pool?.target !== undefined && position.id === String(pool.target.revision);
  return marked.size === 0 && isNewest && ids.at(-1) === position.id ? "there is no older one" : undefined;
}

export function decideDisabled(situation: Situation): Reason {
  const { item, ids } = situation;
  if (ids.length === 0) return "there is no conflict to decide";
  if (item === undefined) return "select a package to decide about";
  return deedDisabled(situation);
}

export function ruleDisabled(situation: Situation): Reason {
  return deedDisabled(situation);
}

export function removeRuleDisabled(situation: Situation): Reason {
  return situation.item === undefined ? "select a rule to remove" : deedDisabled(situation);
}

export function conflictsDisabled({ pool, endpoint }: Situation): Reason {
  return pool === undefined && endpoint === undefined ? "no pool is selected" : undefined;
}

export function analysisDisabled({ pool }: Situation): Reason {
  return pool === undefined ? "no pool is selected" : undefined;
}
