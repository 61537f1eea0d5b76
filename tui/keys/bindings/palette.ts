// The rows of the palette: going somewhere by name, and what wants to be told a word. Most have no key of their own.
import type { PaletteAction } from "../actions.ts";
import { type Binding, never } from "../binding.ts";
import { copyDisabled, sortDisabled } from "../disabled.ts";
import { EVERYWHERE, LISTS } from "../screens.ts";

const EXPORT = {
  action: "export",
  aliases: ["write"],
  argument: "file",
  group: "list",
  description: "Write the rows that are shown into a new file: text, or by its ending .csv or .json",
  disabled: copyDisabled,
} as const;

export const PALETTE_BINDINGS: readonly Binding<PaletteAction>[] = [
  {
    keys: [":"],
    action: "palette",
    group: "look",
    description: "Everything by its name, with completion: deeds, screens, endpoints, pools",
    footer: "more",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "dashboard",
    aliases: ["home"],
    group: "look",
    description: "Dashboard: the pools at a glance, what is under way, what waits, what changed lately",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: ["P"],
    action: "pools",
    group: "look",
    description: "Pools: all of them, with everything about the selected one",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "pool",
    argument: "pool",
    group: "look",
    description: "A pool by its name",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "endpoint",
    argument: "endpoint",
    group: "look",
    description: "An endpoint by its name",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "theme",
    argument: "theme",
    group: "look",
    description: "Another theme, until the end; config.toml keeps one",
    screens: EVERYWHERE,
    disabled: never,
  },
  {
    keys: [],
    action: "sort",
    argument: "column",
    group: "list",
    description: "Sort by a column; the same again turns the order round",
    screens: LISTS,
    disabled: sortDisabled,
  },
  { ...EXPORT, keys: ["E"], screens: LISTS.filter((screen) => screen !== "conflicts") },
  // There E keeps everything as it is.
  { ...EXPORT, keys: ["W"], screens: ["conflicts"] },
];
