// What keys do on screens about packages, targets, plans and operations: other screens, and decisions as values.

import type { ConflictView } from "../../../rpc/codec/policy.ts";
import type { MomentAction } from "../../keys/actions.ts";
import { type Act, confirm, NOTHING, type Outcome, only, tell } from "../outcome.ts";
import { settle } from "../position.ts";
import { conflictId, undecided } from "../rows/conflict-rows.ts";
import { scopeWords } from "../rows/rule-rows.ts";
import { readTypedRule } from "../rows/typed-rule.ts";
import { loadOf } from "../select.ts";
import type { Situation } from "../situation.ts";
import { isPoolsScreen, type ListRoute, routeKey } from "../state.ts";

export const MOMENT_ACTS: Readonly<Record<MomentAction, Act>> = {
  package: ({ state, pool, route }, name) =>
    openList({
      kind: "package",
      poolId: isPoolsScreen(route) || state.routes.length === 0 ? "" : (pool?.id ?? ""),
      name: name.trim(),
    }),
  diff,
  conflicts,
  rules: ({ pool }) => openList({ kind: "rules", poolId: pool?.id ?? "" }),
  analysis: ({ pool }) => (pool === undefined ? NOTHING : openList({ kind: "analysis", poolId: pool.id })),
  warnings: toWarnings,
  refresh: () => only({ kind: "plan-asked" }),
  "take-target": (situation) => decide(situation, "target"),
  "take-current": (situation) => decide(situation, "current"),
  "take-target-all": (situation) => decideAll(situation, "target"),
  "take-current-all": (situation) => decideAll(situation, "current"),
  "add-rule": addRule,
  "remove-rule": removeRule,
};

export function openList(route: ListRoute): Outcome {
  return only({ kind: "opened", route });
}

/** The marked one or ones, else the newest; from the older to the newer. */
function diff({ pool, position, marked, ids }: Situation): Outcome {
  if (pool === undefined) return NOTHING;
  const selected = Number(position.id);
  const [one = pool.target?.revision ?? selected, other = selected] = [...marked].map(Number);
  // The newest with itself: with the one before it.
  const below = Number(ids[position.index + 1] ?? selected);
  const from = one === other ? below : Math.min(one, other);
  return openList({ kind: "diff", poolId: pool.id, from, to: Math.max(one, other) });
}

function conflicts({ route, endpoint, operation, pool }: Situation): Outcome {
  const isOfPool = route.kind === "pool" || isPoolsScreen(route);
  const ofOne = isOfPool ? "" : (endpoint?.id ?? operation?.endpointId ?? "");
  return openList({ kind: "conflicts", poolId: pool?.id ?? "", endpointId: ofOne });
}

function toWarnings({ route, ids, visible }: Situation): Outcome {
  const index = ids.indexOf("# warning");
  if (index < 0) return NOTHING;
  const position = settle({ id: ids[index + 1] ?? "", index: index + 1, top: index }, ids, visible);
  return only({ kind: "positioned", key: routeKey(route), position });
}

function conflictsOf({ state, route }: Situation): readonly ConflictView[] {
  const value = loadOf(state, route)?.value;
  return value?.kind === "conflicts" ? value.conflicts : [];
}

/** The selected package, or those that are marked; of one endpoint, since a decision is one endpoint's. */
function decide(situation: Situation, take: "target" | "current"): Outcome {
  const { position, marked } = situation;
  const all = conflictsOf(situation);
  const named = all.filter((one) =>
    marked.size === 0 ? conflictId(one) === position.id : marked.has(conflictId(one)),
  );
  return decideFor(named[0], named, take);
}

function decideAll(situation: Situation, take: "target" | "current"): Outcome {
  const all = conflictsOf(situation);
  const selected = all.find((one) => conflictId(one) === situation.position.id);
  return decideFor(selected, undecided(all), take);
}

function decideFor(
  first: ConflictView | undefined,
  conflicts: readonly ConflictView[],
  take: "target" | "current",
): Outcome {
  if (first === undefined) return NOTHING;
  const own = conflicts.filter(({ endpointId }) => endpointId === first.endpointId);
  const lines = own.map(
    ({ name, installed, target }) =>
      `${name}: ${take === "target" ? `${installed} → ${target}` : `stays at ${installed}`}`,
  );
  if (own.length === 0) return NOTHING;
  return confirm({
    kind: "resolve-conflicts",
    endpointId: first.endpointId,
    endpoint: first.endpoint,
    packages: own.map(({ name }) => name),
    lines,
    take,
  });
}

/** As it is typed in one line. */
function addRule(situation: Situation, text: string): Outcome {
  const typed = readTypedRule(text, situation.pool?.name);
  if (typeof typed === "string") return tell(situation, typed);
  const { kind, ...rest } = typed;
  return confirm({ kind: "add-rule", rule: kind, ...rest });
}

function removeRule({ state, route, item }: Situation): Outcome {
  const value = loadOf(state, route)?.value;
  const rule = value?.kind === "rules" ? value.rules.find(({ id }) => id === item?.id) : undefined;
  if (rule === undefined) return NOTHING;
  const words = `${rule.kind ?? "rule"} ${rule.pattern} for ${scopeWords(rule.scope)}`;
  return confirm({ kind: "remove-rule", ruleId: rule.id, words });
}
