// The rows of screens about packages, targets, plans and operations: comparing, deciding, rules, analysis.
import type { MomentAction } from "../actions.ts";
import { type Binding, never, type ScreenName } from "../binding.ts";
import {
  analysisDisabled,
  conflictsDisabled,
  decideDisabled,
  diffDisabled,
  removeRuleDisabled,
  ruleDisabled,
} from "../disabled-moments.ts";
import { EVERYWHERE, READ_LISTS } from "../screens.ts";

function without(...left: readonly ScreenName[]): readonly ScreenName[] {
  return EVERYWHERE.filter((one) => !left.includes(one));
}

export const MOMENT_BINDINGS: readonly Binding<MomentAction>[] = [
  {
    keys: ["t"],
    action: "take-target",
    group: "do",
    description: "Take the target's version, of the selected package or of all that are marked",
    footer: "target's",
    screens: ["conflicts"],
    disabled: decideDisabled,
  },
  {
    keys: ["e"],
    action: "take-current",
    group: "do",
    description: "Keep what the endpoint has, of the selected package or of all that are marked",
    footer: "keep",
    screens: ["conflicts"],
    disabled: decideDisabled,
  },
  {
    keys: ["T"],
    action: "take-target-all",
    group: "do",
    description: "Take the target's version of everything that waits for a decision on this endpoint",
    screens: ["conflicts"],
    disabled: decideDisabled,
  },
  {
    keys: ["E"],
    action: "take-current-all",
    group: "do",
    description: "Keep everything that waits for a decision on this endpoint as it is",
    screens: ["conflicts"],
    disabled: decideDisabled,
  },
  {
    keys: ["n"],
    action: "add-rule",
    aliases: ["rule"],
    argument: "rule",
    group: "do",
    description: "New rule: hold, share, own or foreign, for a pool, a label or an endpoint",
    footer: "new",
    screens: ["rules"],
    disabled: ruleDisabled,
  },
  {
    keys: ["x"],
    action: "remove-rule",
    group: "do",
    description: "Remove the selected rule",
    footer: "remove",
    screens: ["rules"],
    disabled: removeRuleDisabled,
  },
  {
    keys: [],
    action: "package",
    argument: "package",
    group: "look",
    description: "Package: who has which version of it",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["d"],
    action: "diff",
    group: "look",
    description:
      "Difference: between the marked target and the selected one; without a mark, between the selected one and the newest",
    footer: "difference",
    screens: ["history"],
    disabled: diffDisabled,
  },
  {
    keys: ["x"],
    action: "conflicts",
    group: "look",
    description: "Conflicts: packages that machines changed by themselves, and what becomes of them",
    footer: "conflicts",
    screens: ["operation"],
    disabled: never,
  },
  {
    keys: ["x"],
    action: "conflicts",
    group: "look",
    description: "Conflicts: packages that machines changed by themselves, and what becomes of them",
    screens: without("operation", "rules", "conflicts"),
    disabled: conflictsDisabled,
  },
  {
    keys: ["H"],
    action: "rules",
    group: "look",
    description: "Rules: held, shared, own and foreign packages of pools, labels and endpoints",
    screens: without("rules"),
    disabled: never,
  },
  {
    keys: ["A"],
    action: "analysis",
    group: "look",
    description: "Analysis: what the pool's repositories share, who can be the source, what to do",
    screens: without("analysis"),
    disabled: analysisDisabled,
  },
  {
    keys: ["w"],
    action: "warnings",
    group: "look",
    description: "Go to the warnings of the plan",
    screens: ["plan"],
    disabled: ({ plan }) =>
      plan === undefined || plan.warnings.length === 0 ? "this plan has no warnings" : undefined,
  },
  {
    keys: ["ctrl-r"],
    action: "refresh",
    group: "look",
    description: "Read it again",
    screens: [...READ_LISTS, "operation"],
    disabled: never,
  },
];
