// Why a plan was refused, from what this machine and the views know: tells held, foreign and left packages apart.
import { explainBlocked, type StayingKind } from "../../domain/plan/explain-blocked.ts";
import type { Explained, Wish } from "../../domain/plan/wish.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import type { Installation } from "../installation.ts";

export interface BlockersQuestion {
  readonly installation: Installation;
  readonly goal: { readonly wish: Wish; readonly index: ViewIndex };
  /** What is asked for, and what pacman may pull in. */
  readonly targets: readonly SyncPackage[];
  readonly candidates: readonly SyncPackage[];
}

/** Lines for a refusal; empty when metadata does not tell. */
export function findBlockers({ installation, goal, targets, candidates }: BlockersQuestion): readonly string[] {
  const kindOf = ({ name }: Explained): StayingKind => {
    if (installation.foreign.has(name)) return "foreign";
    return goal.index.packages.has(name) ? "held" : "left";
  };
  return explainBlocked({
    installed: installation.local.packages,
    staying: goal.wish.leftAlone.map((one) => ({ ...one, kind: kindOf(one) })),
    wanted: targets,
    candidates,
    removed: new Set(goal.wish.remove.map(({ name }) => name)),
  });
}
