// Executes one approved plan: the thirteen steps in order, each in the journal before it is done. Everything up to the
// journal's commitment leaves the machine as it was; everything after it can be taken up again by recover.ts.
import { openDatabaseStore } from "./database-store.ts";
import { forgetHistory } from "./history.ts";
import { diskTrouble } from "./host/disk-trouble.ts";
import { openJournal } from "./journal.ts";
import type { ExecutionHooks, Outcome } from "./machine.ts";
import { beginStep, checkStop, type ExecutorOptions, type Operation, OperationEnd, refused } from "./operation.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import { unfinishedPlan } from "./planning/plan-goal.ts";
import { loadPreparedPlan, type PreparedPlan, savePreparedPlan } from "./planning/prepared-plan.ts";
import { plansDirOf } from "./state-folders.ts";
import { placeDatabases, tidy } from "./steps/finish.ts";
import { checkDownloadSpace } from "./steps/preflight.ts";
import { checkPlan, fetchArtifacts, readTask } from "./steps/prepare.ts";
import { prove } from "./steps/prove.ts";
import { rehearse } from "./steps/rehearse.ts";
import { commit, committedOf, installKeyrings, setReasons, transact } from "./steps/transact.ts";

export interface ExecutionOrder {
  readonly operationId: string;
  readonly fence: number;
  /** The approved plan; it must have been computed on this machine. */
  readonly planDigest: string;
}

/** Runs the plan to an outcome; undefined when the agent stopped before there was one. Throws on defects only. */
export async function executeOperation(
  options: ExecutorOptions,
  order: ExecutionOrder,
  hooks: ExecutionHooks,
): Promise<Outcome | undefined> {
  const journal = openJournal(options.stateDir, order.operationId);
  journal.append({ kind: "begun", fence: order.fence, planDigest: order.planDigest, atMs: Date.now() });
  const prepared = findPrepared(options.stateDir, journal.directory, order.planDigest);
  if (prepared === undefined) {
    const problems = ["this machine no longer has the plan; ask for a new one"];
    journal.append({ kind: "finished", state: "refused", problems, atMs: Date.now() });
    return { state: "refused", problems };
  }
  await savePreparedPlan(journal.directory, prepared);
  const store = openDatabaseStore(options.stateDir);
  const operation: Operation = { options, fence: order.fence, journal, prepared, store, hooks };
  return concludeWith(operation, () => execute(operation));
}

/** From this operation's own folder, from the plans that were asked for, or from the operation that a kill cut short. */
function findPrepared(stateDir: string, directory: string, digest: string): PreparedPlan | undefined {
  const unfinished = unfinishedPlan(stateDir);
  return (
    loadPreparedPlan(directory, digest) ??
    loadPreparedPlan(plansDirOf(stateDir), digest) ??
    (unfinished?.plan.digest === digest ? unfinished : undefined)
  );
}

async function execute(operation: Operation): Promise<Outcome> {
  let task = await checkPlan(operation);
  checkDownloadSpace(operation);
  await fetchArtifacts(operation, task);
  let rehearsal = await rehearse(operation, task);
  if (rehearsal.kind === "keys") {
    await installKeyrings(operation, task, rehearsal.recipe);
    task = await readTask(operation);
    rehearsal = await rehearse(operation, task).catch(toldOfKeyrings);
    if (rehearsal.kind === "keys") throw new Error("the plan's keyrings are installed and still wanted");
  }
  checkStop(operation);
  const { install } = await commit(operation, task, rehearsal.recipe);
  return carryOut(operation, task.installation.configuration, install);
}

/** All packages are proven by now; a disk that is full only keeps the databases from being placed. */
function asProblem(cause: unknown): readonly string[] {
  const trouble = diskTrouble(cause);
  if (trouble === undefined) throw cause;
  return [`the sync databases are not the target's yet: ${trouble}; then run pacman -Sy`];
}

/** What was refused is only the rest of the plan: its keyrings are installed already. */
function toldOfKeyrings(cause: unknown): never {
  if (!(cause instanceof OperationEnd) || cause.outcome.state !== "refused") throw cause;
  const problems = ["the plan's keyring packages were installed, the rest was refused", ...cause.outcome.problems];
  throw new OperationEnd({ state: "failed", problems });
}

/** Steps 8 to 13 of an operation whose commitment is in the journal. `install` is absent when taking up a kill's remains. */
export async function carryOut(
  operation: Operation,
  configuration: PacmanConfiguration,
  install: readonly string[] | undefined,
): Promise<Outcome> {
  const committed = committedOf(operation);
  if (committed === undefined) throw refused("nothing was committed");
  await transact(operation, configuration, committed, install);
  await setReasons(operation, configuration);
  const proof = await prove(operation, configuration, committed);
  const problems = [...proof.problems, ...(await placeDatabases(operation, configuration).catch(asProblem))];
  await tidy(operation, proof.configurationFiles);
  beginStep(operation, "report", problems.length === 0 ? "done" : "done, with problems");
  return { state: problems.length === 0 ? "succeeded" : "degraded", problems };
}

/** Turns the ends of steps into outcomes, journals them, and leaves a running pacman alone when the agent stops. */
export async function concludeWith(operation: Operation, work: () => Promise<Outcome>): Promise<Outcome | undefined> {
  let outcome: Outcome;
  try {
    outcome = await work();
  } catch (error) {
    if (error instanceof OperationEnd) outcome = error.outcome;
    else if (operation.hooks.stopped.aborted) return undefined;
    else if (operation.hooks.cancelled.aborted && committedOf(operation) === undefined) {
      outcome = { state: "cancelled", problems: [] };
    } else {
      const trouble = committedOf(operation) === undefined ? diskTrouble(error) : undefined;
      if (trouble === undefined) throw error;
      // An earlier attempt may have changed the machine: then its way back stays.
      const { entries, operationId } = operation.journal;
      if (!entries.some(({ kind }) => kind === "committed")) forgetHistory(operation.options.stateDir, operationId);
      outcome = { state: "refused", problems: [trouble] };
    }
  }
  operation.journal.append({ kind: "finished", state: outcome.state, problems: outcome.problems, atMs: Date.now() });
  return outcome;
}
