// The one table of keys. What a key does, the footer, the help and docs/keys.md all derive from it.
import type { Situation } from "../store/situation.ts";
import type { Route } from "../store/state.ts";
import {
  approveDisabled,
  backDisabled,
  cancelDisabled,
  historyDisabled,
  openDisabled,
  operationDisabled,
  planDisabled,
  repairDisabled,
  revertDisabled,
  setLatestDisabled,
  syncDisabled,
  syncPoolDisabled,
  updateDisabled,
} from "./disabled.ts";

export type ScreenName = Route["kind"];

export type Action =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "filter"
  | "help"
  | "quit"
  | "plan"
  | "sync"
  | "sync-pool"
  | "update"
  | "set-latest"
  | "revert"
  | "history"
  | "operation"
  | "approve"
  | "cancel"
  | "repair";

export type BindingGroup = "move" | "look" | "do";

export interface Binding {
  /** Names as keysOf gives them. */
  readonly keys: readonly string[];
  readonly action: Action;
  readonly group: BindingGroup;
  /** A whole phrase, for the help and the documentation. */
  readonly description: string;
  /** A word or two, for the footer; absent keys are in the help only. */
  readonly footer?: string;
  readonly screens: readonly ScreenName[];
  /** Why it cannot be done right now; undefined when it can. */
  readonly disabled: (situation: Situation) => string | undefined;
}

const EVERYWHERE = ["dashboard", "pool", "endpoint", "plan", "operation", "history"] as const;
const LISTS = ["dashboard", "pool", "endpoint", "plan", "history"] as const;
const ENDPOINTS = ["pool", "endpoint"] as const;
const never = (): undefined => undefined;

export const BINDINGS: readonly Binding[] = [
  {
    keys: ["s"],
    action: "sync",
    group: "do",
    description: "Sync: the endpoint moves to the target. Shows the plan first; there, carries it out",
    footer: "sync",
    screens: ["pool", "endpoint", "plan"],
    disabled: syncDisabled,
  },
  {
    keys: ["S"],
    action: "sync-pool",
    group: "do",
    description: "Sync all: every machine of the pool that is behind, diverged or degraded; plans all, then asks once",
    footer: "all",
    screens: ["dashboard", "pool"],
    disabled: syncPoolDisabled,
  },
  {
    keys: ["u"],
    action: "update",
    group: "do",
    description: "Update this machine: full upgrade, proof, and its moment becomes the target",
    footer: "update",
    screens: ENDPOINTS,
    disabled: updateDisabled,
  },
  {
    keys: ["L"],
    action: "set-latest",
    group: "do",
    description: "Set latest: this moment of the endpoint becomes the pool's target",
    footer: "latest",
    screens: ENDPOINTS,
    disabled: setLatestDisabled,
  },
  {
    keys: ["R"],
    action: "revert",
    group: "do",
    description: "Revert: the endpoint goes back to its own set from before; in a history, the pool to an older target",
    footer: "revert",
    screens: ["pool", "endpoint", "plan", "history"],
    disabled: revertDisabled,
  },
  {
    keys: ["a"],
    action: "approve",
    group: "do",
    description: "Approve an operation that waits for it",
    footer: "approve",
    screens: ["operation"],
    disabled: approveDisabled,
  },
  {
    keys: ["c"],
    action: "cancel",
    group: "do",
    description: "Cancel an operation before pacman begins",
    footer: "cancel",
    screens: ["operation"],
    disabled: cancelDisabled,
  },
  {
    keys: ["r"],
    action: "repair",
    group: "do",
    description: "Repair what an operation left: run it again and prove it",
    footer: "repair",
    screens: ["operation"],
    disabled: repairDisabled,
  },
  {
    keys: ["p"],
    action: "plan",
    group: "look",
    description:
      "Plan: what a sync would do, computed by pacman on the machine; changes nothing. There, computes it afresh",
    footer: "plan",
    screens: ["pool", "endpoint", "plan"],
    disabled: planDisabled,
  },
  {
    keys: ["/"],
    action: "filter",
    group: "look",
    description: "Filter the list: every word must occur (names, statuses, labels, kinds)",
    footer: "filter",
    screens: ["dashboard", "pool", "endpoint", "plan"],
    disabled: never,
  },
  {
    keys: ["t"],
    action: "history",
    group: "look",
    description: "Targets: the pool's history",
    footer: "targets",
    screens: ["dashboard", "pool", "endpoint"],
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
    keys: ["enter", "l", "right"],
    action: "open",
    group: "move",
    description: "Open what is selected",
    footer: "open",
    screens: ["dashboard", "pool"],
    disabled: openDisabled,
  },
  {
    keys: ["escape", "h", "left", "backspace"],
    action: "back",
    group: "move",
    description: "Back, or clear the filter",
    footer: "back",
    screens: EVERYWHERE,
    disabled: backDisabled,
  },
  { keys: ["j", "down"], action: "down", group: "move", description: "Down", screens: LISTS, disabled: never },
  { keys: ["k", "up"], action: "up", group: "move", description: "Up", screens: LISTS, disabled: never },
  {
    keys: ["page-down", "ctrl-f", "space"],
    action: "page-down",
    group: "move",
    description: "A page down",
    screens: LISTS,
    disabled: never,
  },
  {
    keys: ["page-up", "ctrl-b"],
    action: "page-up",
    group: "move",
    description: "A page up",
    screens: LISTS,
    disabled: never,
  },
  {
    keys: ["ctrl-d"],
    action: "half-down",
    group: "move",
    description: "Half a page down",
    screens: LISTS,
    disabled: never,
  },
  {
    keys: ["ctrl-u"],
    action: "half-up",
    group: "move",
    description: "Half a page up",
    screens: LISTS,
    disabled: never,
  },
  { keys: ["g", "home"], action: "first", group: "move", description: "To the top", screens: LISTS, disabled: never },
  { keys: ["G", "end"], action: "last", group: "move", description: "To the bottom", screens: LISTS, disabled: never },
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
    keys: ["q", "ctrl-c"],
    action: "quit",
    group: "look",
    description: "Quit",
    footer: "quit",
    screens: EVERYWHERE,
    disabled: never,
  },
];

export function bindingFor(key: string, screen: ScreenName): Binding | undefined {
  return BINDINGS.find((binding) => binding.keys.includes(key) && binding.screens.includes(screen));
}

export function bindingsOf(screen: ScreenName): readonly Binding[] {
  return BINDINGS.filter((binding) => binding.screens.includes(screen));
}

const SHOWN_KEYS: Readonly<Record<string, string>> = {
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  enter: "Enter",
  escape: "Esc",
  backspace: "Backspace",
  space: "Space",
  home: "Home",
  end: "End",
  "page-up": "PgUp",
  "page-down": "PgDn",
};

/** As it is printed on the keyboard. */
export function shownKey(key: string): string {
  return SHOWN_KEYS[key] ?? (key.startsWith("ctrl-") ? `Ctrl-${key.slice(5).toUpperCase()}` : key);
}
