// The rows of deeds: each asks before anything happens.
import type { DoAction } from "../actions.ts";
import { type Binding } from "../binding.ts";
import {
  approveDisabled,
  cancelDisabled,
  repairDisabled,
  revertDisabled,
  setLatestDisabled,
  syncDisabled,
  syncPoolDisabled,
  updateDisabled,
} from "../disabled.ts";
import { ENDPOINTS } from "../screens.ts";

export const DO_BINDINGS: readonly Binding<DoAction>[] = [
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
    description: "Approve an operation that waits for it: shows the plan as it is now; there, approves exactly that",
    footer: "approve",
    screens: ["operation", "conflicts", "plan"],
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
];
