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
  {
    keys: ["C"],
    action: "connection",
    aliases: ["server", "profiles"],
    group: "look",
    description: "Connection: which server, as whom, and the profiles to change to",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "profile",
    argument: "profile",
    group: "look",
    description: "Change to another profile of config.toml: its server, its key",
    screens: EVERYWHERE,
    disabled: ({ state }) => (state.profiles.length === 0 ? "config.toml has no profiles" : undefined),
  },
];
