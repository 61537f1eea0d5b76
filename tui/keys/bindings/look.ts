// The rows of looking: what changes nothing but the screen.
import type { LookAction } from "../actions.ts";
import { type Binding, never } from "../binding.ts";
import { historyDisabled, operationDisabled, planDisabled } from "../disabled.ts";
import { ENDPOINTS, EVERYWHERE, READ_LISTS } from "../screens.ts";

export const LOOK_BINDINGS: readonly Binding<LookAction>[] = [
  {
    keys: ["p"],
    action: "plan",
    group: "look",
    description:
      "Plan: what a sync would do, computed by pacman on the machine; changes nothing. There, computes it afresh",
    footer: "plan",
    screens: [...ENDPOINTS, "plan"],
    disabled: planDisabled,
  },
  {
    keys: ["/"],
    action: "filter",
    group: "look",
    description: "Filter the list: words, and fields such as status:behind,diverged; ! or - excludes",
    footer: "filter",
    screens: ["dashboard", "pools", ...ENDPOINTS, "plan", "history", "operation", ...READ_LISTS],
    disabled: never,
  },
  {
    keys: ["t"],
    action: "history",
    group: "look",
    description: "Targets: the pool's history",
    footer: "targets",
    screens: ["dashboard", "pools", ...ENDPOINTS],
    disabled: historyDisabled,
  },
  {
    keys: ["o"],
    action: "operation",
    group: "look",
    description: "Operation: the one under way on the endpoint, else its last",
    footer: "operation",
    screens: ENDPOINTS,
    disabled: operationDisabled,
  },
  {
    keys: ["?"],
    action: "help",
    group: "look",
    description: "This help",
    footer: "help",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["ctrl-z"],
    action: "suspend",
    group: "look",
    description: "Stop and go back to the shell; fg continues",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["q", "ctrl-c"],
    action: "quit",
    group: "look",
    aliases: ["q"],
    description: "Quit",
    footer: "quit",
    screens: EVERYWHERE,
    disabled: never,
  },
];
