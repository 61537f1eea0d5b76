// How a plan's removals get into its transaction, tried out before it is done: pacman's own refusal decides which way.
import { planTransition } from "../../domain/plan/transition.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { LocalDatabase } from "../pacman/local-database.ts";
import { type Simulation, type SimulationOptions, simulate } from "../pacman/simulate.ts";
import type { TransactionRecipe } from "../pacman/transaction.ts";

export interface Wanted {
  readonly targets: readonly SyncPackage[];
  /** Installed names. */
  readonly removals: readonly string[];
  readonly overwrite: readonly string[];
  /**
   * What stands against removing these names only after the targets are there: files that a target brings and that one of
   * them still has. Absent while no file lists are known; the simulation looks at no files.
   */
  readonly lateConflicts?: (late: readonly string[]) => Promise<readonly string[]>;
}

export interface TriedRecipe {
  readonly recipe: TransactionRecipe;
  readonly simulation: Simulation;
}

/** The first way that pacman takes, or its refusal of the first one. */
export async function findRecipe(
  local: LocalDatabase,
  wanted: Wanted,
  options: Omit<SimulationOptions, "entries">,
): Promise<TriedRecipe> {
  let refused: TriedRecipe | undefined;
  for (const recipe of recipesFor(local, wanted)) {
    const complaints =
      recipe.lateRemovals.length === 0 ? [] : ((await wanted.lateConflicts?.(recipe.lateRemovals)) ?? []);
    const simulation: Simulation =
      complaints.length > 0
        ? { kind: "refused", complaints }
        : await simulate(recipe, { ...options, entries: [...local.packages.values()] });
    if (simulation.kind === "result") return { recipe, simulation };
    refused ??= { recipe, simulation };
  }
  if (refused === undefined) throw new Error("finding a recipe: there was none to try");
  return refused;
}

function recipesFor(local: LocalDatabase, { targets, removals, overwrite }: Wanted): readonly TransactionRecipe[] {
  if (targets.length === 0) return [{ targets, conflicts: [], lateRemovals: removals, overwrite }];
  if (removals.length === 0) return [{ targets, conflicts: [], lateRemovals: [], overwrite }];
  const going = new Set(removals);
  const changing = new Set(targets.map(({ name }) => name));
  const staying = [...local.packages.values()].filter(({ name }) => !going.has(name) && !changing.has(name));
  const removed = removals.flatMap((name) => local.packages.get(name) ?? []);
  const { conflicts, late } = planTransition({ removed, after: [...staying, ...targets] });
  return [
    ...(conflicts.length === 0 ? [] : [{ targets, conflicts, lateRemovals: late, overwrite }]),
    { targets, conflicts: [], lateRemovals: removals, overwrite },
    // Where who stays provides exactly what goes, and what goes cannot stand beside what comes. The last one, because an
    // upgrade also honours the replacements of the targets themselves.
    { targets, conflicts: [], replaced: removals, lateRemovals: [], overwrite },
  ];
}
