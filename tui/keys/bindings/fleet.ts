// The rows of going to other screens of the fleet.
import type { FleetAction } from "../actions.ts";
import { type Binding, never } from "../binding.ts";
import { EVERYWHERE } from "../screens.ts";

export const FLEET_BINDINGS: readonly Binding<FleetAction>[] = [
  {
    keys: ["i"],
    action: "inbox",
    group: "look",
    description: "Inbox: what waits for a person, of the endpoint, the pool or the fleet in front",
    footer: "inbox",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["F"],
    action: "endpoints",
    aliases: ["fleet"],
    group: "look",
    description: "Endpoints: the whole fleet in one list, to be filtered, sorted and marked",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["O"],
    action: "operations",
    aliases: ["log"],
    group: "look",
    description: "Operations: what was done when, by whom, and what came of it; of what is in front",
    screens: EVERYWHERE,
    disabled: never,
  },
];
