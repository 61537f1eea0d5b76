// The names of everything that a key can do: the palette's verbs, and what tui/store/acts answers by. Names only.

export type MoveAction =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "scroll-up"
  | "scroll-down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "previous"
  | "other"
  | "next-person"
  | "previous-person";

export type LookAction = "filter" | "help" | "quit" | "suspend" | "plan" | "history" | "operation";

export type DoAction =
  | "sync"
  | "sync-pool"
  | "update"
  | "set-latest"
  | "revert"
  | "approve"
  | "cancel"
  | "repair"
  | "stop";

/** What a list can have done with its rows. */
export type ListAction =
  | "mark"
  | "mark-range"
  | "mark-all"
  | "sort-next"
  | "sort-previous"
  | "sort-reverse"
  | "copy"
  | "copy-row";

/** What the palette is there for: going somewhere by name, and what wants to be told a word. */
export type PaletteAction = "palette" | "theme" | "dashboard" | "pools" | "pool" | "endpoint" | "sort" | "export";

/** On screens about packages, targets, plans and operations. */
export type MomentAction =
  | "package"
  | "diff"
  | "conflicts"
  | "rules"
  | "analysis"
  | "warnings"
  | "refresh"
  | "take-target"
  | "take-current"
  | "take-target-all"
  | "take-current-all"
  | "add-rule"
  | "remove-rule";

/** Other screens of the fleet. */
export type FleetAction = "inbox" | "operations" | "endpoints" | "connection" | "profile";

export type Action = FleetAction | MoveAction | LookAction | ListAction | PaletteAction | MomentAction | DoAction;
