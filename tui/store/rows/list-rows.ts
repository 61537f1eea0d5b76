// The rows of every screen that is one list, from what was read for it.
import type { LoadedValue } from "../state.ts";
import { analysisRows } from "./analysis-rows.ts";
import { conflictRows } from "./conflict-rows.ts";
import { inboxRows } from "./inbox-rows.ts";
import type { ListRow } from "./list-row.ts";
import { packageRows } from "./package-rows.ts";
import { ruleRows } from "./rule-rows.ts";
import { targetDiffRows } from "./target-diff-rows.ts";
import { targetRows } from "./target-rows.ts";

const NO_ROWS: readonly ListRow[] = [];

export function listRows(value: LoadedValue | undefined, poolId: string, filter: string): readonly ListRow[] {
  switch (value?.kind) {
    case "package":
      return packageRows(value.found, filter);
    case "target":
      return targetRows(value.details, poolId, filter);
    case "diff":
      return targetDiffRows(value.diff, poolId, filter);
    case "conflicts":
      return conflictRows(value.conflicts, filter);
    case "rules":
      return ruleRows(value.rules, filter);
    case "inbox":
      return inboxRows(value.entries, filter);
    case "analysis":
      return analysisRows(value.analysis, poolId, filter);
    default:
      return NO_ROWS;
  }
}
