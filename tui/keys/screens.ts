// Which screens there are for keys, in groups that several bindings name. A new kind of route is added to ALL_SCREENS, and
// to LISTS when it has rows to walk through; the compiler asks for its word.
import type { ScreenName } from "./binding.ts";

/** The word that the help and docs/keys.md have for a screen. */
export const SCREEN_WORDS: Readonly<Record<ScreenName, string>> = {
  dashboard: "dashboard",
  pools: "pools",
  pool: "pool",
  endpoints: "endpoints",
  endpoint: "endpoint",
  plan: "plan",
  operation: "operation",
  history: "targets",
  package: "package",
  target: "target",
  diff: "difference",
  conflicts: "conflicts",
  rules: "rules",
  analysis: "analysis",
  inbox: "inbox",
  operations: "operations",
  connection: "connection",
};

/** Screens that are one list of what was read for them. */
export const READ_LISTS: readonly ScreenName[] = [
  "package",
  "target",
  "diff",
  "conflicts",
  "rules",
  "analysis",
  "inbox",
  "operations",
  "connection",
];

export const EVERYWHERE = Object.keys(SCREEN_WORDS) as readonly ScreenName[];

/** Screens with a list that is walked through. */
export const LISTS: readonly ScreenName[] = [...EVERYWHERE];

/** Screens of one endpoint, or with one selected. */
export const ENDPOINTS: readonly ScreenName[] = ["pool", "endpoints", "endpoint"];

/** Lists of endpoints and of pools: what needs a person is looked for there. */
export const MACHINES: readonly ScreenName[] = ["dashboard", "pools", "pool", "endpoints"];
