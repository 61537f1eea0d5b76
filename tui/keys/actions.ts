// The names of everything that a key can do: the palette's verbs, and what tui/store/acts answers by. Names only.

export type MoveAction =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "first"
  | "last"
  | "open"
  | "back";

export type LookAction = "filter" | "help" | "quit" | "plan" | "history" | "operation";

export type DoAction = "sync" | "sync-pool" | "update" | "set-latest" | "revert" | "approve" | "cancel" | "repair";

export type Action = MoveAction | LookAction | DoAction;
