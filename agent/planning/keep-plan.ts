// A finished plan goes on disk with all that its execution needs: the databases that it leads to, until no plan and no way
// back needs them any more.
import type { DatabaseStore } from "../database-store.ts";
import { readHistory } from "../history.ts";
import { plansDirOf } from "../state-folders.ts";
import { type Goal, unfinishedPlan } from "./plan-goal.ts";
import { listPreparedPlans, type PreparedPlan, savePreparedPlan } from "./prepared-plan.ts";

export async function keepPlan(
  stateDir: string,
  store: DatabaseStore,
  goal: Goal,
  prepared: PreparedPlan,
): Promise<void> {
  for (const { sha256 } of goal.databases) store.keep(sha256, goal.databaseFile(sha256));
  await savePreparedPlan(plansDirOf(stateDir), prepared);
  pruneDatabases(stateDir, store);
}

/** Keeps the databases that some plan or the way back may still need. */
function pruneDatabases(stateDir: string, store: DatabaseStore): void {
  const unfinished = unfinishedPlan(stateDir);
  const needed = [
    ...listPreparedPlans(plansDirOf(stateDir)),
    ...readHistory(stateDir),
    ...(unfinished === undefined ? [] : [unfinished]),
  ];
  store.prune(new Set(needed.flatMap(({ databases }) => databases.map(({ sha256 }) => sha256))));
}
