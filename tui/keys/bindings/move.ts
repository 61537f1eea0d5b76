// The rows of moving: within a list, into what is selected and back.
import type { MoveAction } from "../actions.ts";
import { type Binding, never } from "../binding.ts";
import { backDisabled, openDisabled, personDisabled, trailDisabled } from "../disabled.ts";
import { EVERYWHERE, LISTS, MACHINES } from "../screens.ts";

export const MOVE_BINDINGS: readonly Binding<MoveAction>[] = [
  {
    keys: ["enter", "l", "right"],
    action: "open",
    group: "move",
    description: "Open what is selected",
    footer: "open",
    screens: EVERYWHERE,
    disabled: openDisabled,
  },
  {
    keys: ["escape", "h", "left", "backspace"],
    action: "back",
    group: "move",
    description: "Back; first takes away marks and the filter",
    footer: "back",
    screens: EVERYWHERE,
    disabled: backDisabled,
  },
  { keys: ["j", "down"], action: "down", group: "move", description: "Down", screens: LISTS, disabled: never },
  { keys: ["k", "up"], action: "up", group: "move", description: "Up", screens: LISTS, disabled: never },
  {
    keys: ["page-down", "ctrl-f"],
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
    keys: ["n"],
    action: "next-person",
    group: "move",
    description: "To the next one that needs a person",
    screens: MACHINES,
    disabled: personDisabled,
  },
  {
    keys: ["N"],
    action: "previous-person",
    group: "move",
    description: "To the one before that needs a person",
    screens: MACHINES,
    disabled: personDisabled,
  },
  {
    keys: ["ctrl-o"],
    action: "previous",
    group: "move",
    description: "To the screen before, and on through those before it",
    screens: EVERYWHERE,
    disabled: trailDisabled,
  },
  {
    keys: ["-"],
    action: "other",
    group: "move",
    description: "To the screen before, and back again by the same key",
    screens: EVERYWHERE,
    disabled: trailDisabled,
  },
];
