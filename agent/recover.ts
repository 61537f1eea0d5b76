// At the agent's start: what became of the operations that the last run left. A pacman that still lives is waited for and
// its operation finished; one that is dead is named and its remains are set aside.
import { rmSync } from "node:fs";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import { openDatabaseStore } from "./database-store.ts";
import { carryOut, concludeWith } from "./executor.ts";
import { forgetHistory } from "./history.ts";
import { attemptOf, endOf, type Journal, listJournals } from "./journal.ts";
import type { ExecutionHooks, Outcome } from "./machine.ts";
import type { ExecutorOptions, Operation } from "./operation.ts";
import type { OperationResult } from "./orders/order-book.ts";
import { readLocalDatabase } from "./pacman/local-database.ts";
import { inspectLock, lockFileOf } from "./pacman/lock.ts";
import { clearScratch } from "./pacman/memory-folder.ts";
import { sha256Of } from "./pacman/sync-databases.ts";
import { loadPreparedPlan } from "./planning/prepared-plan.ts";
import { scratchDirOf } from "./state-folders.ts";
import { committedOf } from "./steps/transact.ts";

/** Operations whose folders are kept for people to look at. */
const keptOperations = 20;

/** One result per operation that had not finished, oldest first. Fewer when the agent is stopped meanwhile. */
export async function recoverOperations(
  options: ExecutorOptions,
  hooks: ExecutionHooks,
): Promise<readonly OperationResult[]> {
  clearScratch(scratchDirOf(options.stateDir));
  const results: OperationResult[] = [];
  const journals = listJournals(options.stateDir).toSorted((a, b) => beginOf(a).atMs - beginOf(b).atMs);
  for (const journal of journals) {
    if (endOf(journal.entries) !== undefined) continue;
    const outcome = await recoverOne(options, journal, hooks);
    if (outcome === undefined) return results;
    const { dbPath } = (await options.reader.read()).configuration;
    results.push({
      operationId: journal.operationId,
      fence: beginOf(journal).fence,
      ...outcome,
      digest: packageSetDigest(readLocalDatabase(dbPath).set, sha256Of),
      startedAtMs: beginOf(journal).atMs,
      finishedAtMs: Date.now(),
      ...planOf(journal),
    });
  }
  for (const { directory } of journals.slice(0, Math.max(0, journals.length - keptOperations))) {
    rmSync(directory, { recursive: true, force: true });
  }
  return results;
}

async function recoverOne(
  options: ExecutorOptions,
  journal: Journal,
  hooks: ExecutionHooks,
): Promise<Outcome | undefined> {
  const { fence, planDigest } = beginOf(journal);
  const prepared = loadPreparedPlan(journal.directory, planDigest);
  if (prepared === undefined) {
    const problems = ["the agent was stopped before this operation changed anything; start it again"];
    journal.append({ kind: "finished", state: "interrupted", problems, atMs: Date.now() });
    return { state: "interrupted", problems };
  }
  const store = openDatabaseStore(options.stateDir);
  const operation: Operation = { options, fence, journal, prepared, store, hooks };
  return concludeWith(operation, async () => {
    if (committedOf(operation) === undefined) {
      // The way back is recorded right before the commitment: without one there is nothing to come back from.
      if (!journal.entries.some(({ kind }) => kind === "committed"))
        forgetHistory(options.stateDir, journal.operationId);
      return {
        state: "interrupted",
        problems: ["the agent was stopped before this operation changed anything; start it again"],
      };
    }
    const { configuration } = await options.reader.read();
    releaseOwnLock(journal, configuration.dbPath);
    return carryOut(operation, configuration, undefined);
  });
}

/** Whoever keeps the result knows whether the server has the plan already. */
function planOf(journal: Journal): Pick<OperationResult, "plan"> {
  const prepared = loadPreparedPlan(journal.directory, beginOf(journal).planDigest);
  return prepared === undefined ? {} : { plan: prepared.plan };
}

/** While it places databases the agent holds pacman's lock itself; a kill then leaves it. */
function releaseOwnLock({ entries }: Journal, dbPath: string): void {
  const last = entries.findLast((entry) => entry.kind === "step");
  if (last?.step === "databases" && inspectLock(dbPath).kind === "stale") rmSync(lockFileOf(dbPath), { force: true });
}

function beginOf({ entries }: Journal): { readonly fence: number; readonly planDigest: string; readonly atMs: number } {
  const begun = attemptOf(entries)[0];
  return begun?.kind === "begun" ? begun : { fence: 0, planDigest: "", atMs: 0 };
}
