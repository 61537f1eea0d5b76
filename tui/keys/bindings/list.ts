// The rows of what lists have in common: marks for one deed on many, the order, taking rows elsewhere.
import type { ListAction } from "../actions.ts";
import type { Binding } from "../binding.ts";
import { copyDisabled, markDisabled, sortDisabled } from "../disabled.ts";
import { EVERYWHERE, LISTS } from "../screens.ts";

export const LIST_BINDINGS: readonly Binding<ListAction>[] = [
  {
    keys: ["space", "v"],
    action: "mark",
    group: "list",
    description: "Mark the row, or take its mark away: s, S and y then concern what is marked",
    footer: "mark",
    screens: LISTS,
    disabled: markDisabled,
  },
  {
    keys: ["V"],
    action: "mark-range",
    group: "list",
    description: "Mark all from the last mark to here",
    screens: LISTS,
    disabled: markDisabled,
  },
  {
    keys: ["*"],
    action: "mark-all",
    group: "list",
    description: "Mark all that is shown, or nothing any more",
    screens: LISTS,
    disabled: markDisabled,
  },
  {
    keys: [">"],
    action: "sort-next",
    group: "list",
    description: "Sort by the next column; the title of the column shows it",
    screens: LISTS,
    disabled: sortDisabled,
  },
  {
    keys: ["<"],
    action: "sort-previous",
    group: "list",
    description: "Sort by the column before",
    screens: LISTS,
    disabled: sortDisabled,
  },
  {
    keys: ["z"],
    action: "sort-reverse",
    group: "list",
    description: "Turn the order round",
    screens: LISTS,
    disabled: sortDisabled,
  },
  {
    keys: ["y"],
    action: "copy",
    group: "list",
    description: "Copy the name of the row, or the names of what is marked",
    screens: EVERYWHERE,
    disabled: copyDisabled,
  },
  {
    keys: ["Y"],
    action: "copy-row",
    group: "list",
    description: "Copy the whole row, or the rows that are marked",
    screens: EVERYWHERE,
    disabled: copyDisabled,
  },
];
