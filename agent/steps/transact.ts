// The steps that change the machine: the journal's commitment, the one transaction with what must follow it, install
// reasons. Each can be taken up by a later agent where a kill left it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findInstalled, TRANSITION_PACKAGE } from "../../domain/package-set/package-set.ts";
import { indexProviders, isSatisfiedByAny } from "../../domain/plan/closure.ts";
import { parseRequirement } from "../../domain/view/requirement.ts";
import { forgetHistory, recordHistory } from "../history.ts";
import { missingLibraries } from "../host/missing-libraries.ts";
import { recordInterruption } from "../interruption.ts";
import { attemptOf, type JournalEntry } from "../journal.ts";
import { artifactsDirOf, beginStep, type Operation, OperationEnd } from "../operation.ts";
import { explainBlockingFolders } from "../pacman/blocking-folders.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import type { LocalDatabase } from "../pacman/local-database.ts";
import { logEnd } from "../pacman/log.ts";
import { ask } from "../pacman/process.ts";
import { databaseFileOf } from "../pacman/sync-databases.ts";
import {
  type PreparedTransaction,
  prepareTransaction,
  reasonCommands,
  removeCommand,
  removePlanDatabases,
  type TransactionRecipe,
} from "../pacman/transaction.ts";
import { databaseComplaints, outputComplaints } from "../pacman/verify.ts";
import { setAside } from "../set-aside.ts";
import { settleKill } from "../settle.ts";
import { buildDifferences, type Task } from "./prepare.ts";
import { hasRun, type RunResult, runOnce } from "./runs.ts";

export type Committed = Extract<JournalEntry, { kind: "committed" }>;

/** The newest attempt's commitment; undefined while nothing on the machine has changed. */
export function committedOf({ journal }: Operation): Committed | undefined {
  return attemptOf(journal.entries).findLast((entry) => entry.kind === "committed");
}

/** Step 6. When this returns, a kill at any later point can be named and mended. */
export async function commit(
  operation: Operation,
  task: Task,
  recipe: TransactionRecipe,
): Promise<PreparedTransaction> {
  const { installation, interruption } = task;
  const { configuration, local, own } = installation;
  const { options, prepared, journal, store } = operation;
  beginStep(operation, "journal", "writing down what is about to change");
  for (const { repository, sha256 } of own.view.databases) {
    store.keep(sha256, databaseFileOf(configuration.dbPath, repository));
  }
  const { plan } = prepared;
  // After a kill the way back leads to where the first attempt began, which is recorded already. What changes no package
  // is nothing to come back from, nor is a machine whose database was torn.
  if (
    prepared.repair === undefined &&
    (interruption === undefined || plan.isRevert) &&
    plan.baseDigest !== plan.afterDigest
  ) {
    await recordHistory(options.stateDir, {
      operationId: journal.operationId,
      planDigest: plan.digest,
      targetRevision: plan.targetRevision,
      isRevert: plan.isRevert,
      revertsOperationId: prepared.revertsOperationId,
      set: prepared.before,
      databases: own.view.databases,
    });
  }
  const transaction = await prepareTransaction(configuration, recipe, {
    directory: journal.directory,
    cacheDir: artifactsDirOf(operation),
  });
  journal.append({
    kind: "committed",
    names: [...recipe.targets.map(({ name }) => name), ...task.removals],
    lateRemovals: recipe.lateRemovals,
    hasInstall: transaction.install !== undefined,
    configurationFile: transaction.configurationFile,
    logOffset: logEnd(configuration.logFile),
    knownComplaints: [
      ...(isClosed(local) ? [] : await databaseComplaints(configuration)),
      ...missingLibraries(configuration.rootDir),
    ],
    atMs: Date.now(),
  });
  await setAsideTorn(operation, configuration);
  return transaction;
}

/** After the commitment: a kill in between is settled like any other, and what was set aside is known to the next run. */
async function setAsideTorn({ prepared, journal, options }: Operation, { dbPath }: PacmanConfiguration): Promise<void> {
  const { entries, names } = prepared.repair ?? { entries: [], names: [] };
  if (names.length === 0) return;
  const { operationId } = journal;
  await recordInterruption(options.stateDir, { operationId, planDigest: prepared.plan.digest, tornNames: names });
  for (const entry of entries) {
    const from = join(dbPath, "local", entry);
    if (existsSync(from)) setAside(from, join(journal.directory, `${entry}.${Date.now()}`));
  }
}

/** Cheaper than pacman -Dk, which only has to be asked when something was open before. */
function isClosed({ packages }: LocalDatabase): boolean {
  const providers = indexProviders([...packages.values()]);
  return [...packages.values()].every(({ depends }) =>
    depends.every((text) => isSatisfiedByAny(parseRequirement(text), providers)),
  );
}

/** Step 7: a transaction of its own, so that the keys are there when the rest is verified. Throws OperationEnd. */
export async function installKeyrings(operation: Operation, task: Task, recipe: TransactionRecipe): Promise<void> {
  const { install } = await commit(operation, task, recipe);
  beginStep(operation, "keyring", "installing keyring packages first");
  await judgeRun(
    operation,
    task.installation.configuration,
    await runOnce(operation, "keyring", install, task.installation.configuration),
  );
}

/** Step 8. Throws OperationEnd when pacman refused or was killed. */
export async function transact(
  operation: Operation,
  configuration: PacmanConfiguration,
  committed: Committed,
  install: readonly string[] | undefined,
): Promise<void> {
  beginStep(operation, "transaction", "pacman is changing packages");
  const { rootDir } = configuration;
  if (committed.hasInstall) {
    if (install === undefined && !hasRun(operation, "install")) {
      throw new OperationEnd(await settleKill(operation, configuration, "the agent was stopped before pacman began"));
    }
    await judgeRun(
      operation,
      configuration,
      await runOnce(operation, "install", install, { rootDir, count: committed.names.length }),
    );
    await requirePacman(configuration);
  }
  const installed = new Set(operation.options.reader.readLocal(configuration.dbPath).packages.keys());
  const { configurationFile, lateRemovals } = committed;
  const remove = removeCommand(configuration, { configurationFile, names: lateRemovals, installed });
  if (remove !== undefined || hasRun(operation, "remove")) {
    await judgeRun(operation, configuration, await runOnce(operation, "remove", remove, { rootDir }));
  }
  removePlanDatabases(configuration.dbPath);
}

/** The transaction may have replaced pacman or what it is linked with: everything after it needs one that runs. */
async function requirePacman({ command, file }: PacmanConfiguration): Promise<void> {
  // 1 says that there is no such package: pacman runs.
  const words =
    (await wordsOf([...command, "--config", file, "-Q", "--quiet", "--", TRANSITION_PACKAGE], 1)) ??
    (await wordsOf(["pacman-conf", "--config", file], 0));
  if (words === undefined) return;
  throw new OperationEnd({
    state: "degraded",
    problems: [
      `pacman itself does not run after the transaction (${words})`,
      "start from another system, mount this one and run `pacpool revert --root DIR` there: the files of before are kept",
    ],
  });
}

/** What stands in the way of a program; undefined when it runs. */
async function wordsOf(command: readonly string[], maxCode: number): Promise<string | undefined> {
  return ask(command).then(
    ({ code, errors }) => (code <= maxCode ? undefined : errors.trim() || `exit ${code}`),
    (cause: unknown) => (cause instanceof Error ? describeCause(cause) : String(cause)),
  );
}

function describeCause({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

async function judgeRun(
  operation: Operation,
  configuration: PacmanConfiguration,
  { code, output, wentDown }: RunResult,
): Promise<void> {
  if (code === 0 && !wentDown) return;
  const words = outputComplaints(output);
  if (wentDown) throw new OperationEnd(await settleKill(operation, configuration, "the machine went down", words));
  if (code < 128 && !hasChanged(operation, configuration)) {
    removePlanDatabases(configuration.dbPath);
    forgetHistory(operation.options.stateDir, operation.journal.operationId);
    const folders = explainBlockingFolders(
      words,
      configuration,
      operation.options.reader.readLocal(configuration.dbPath),
    );
    throw new OperationEnd({
      state: "failed",
      problems: ["pacman refused; nothing was changed", ...words, ...folders],
    });
  }
  const what = code >= 128 ? `pacman was killed (signal ${code - 128})` : `pacman stopped half-way (exit ${code})`;
  throw new OperationEnd(await settleKill(operation, configuration, what, words));
}

function hasChanged({ prepared, options }: Operation, configuration: PacmanConfiguration): boolean {
  const { set, torn } = options.reader.readLocal(configuration.dbPath);
  // What was set aside for a repair is missing now.
  if ((prepared.repair?.names.length ?? 0) > 0) return true;
  return torn.length > 0 || buildDifferences(set, prepared.before).length > 0;
}

/** Step 9: what pacman set otherwise than the plan wants. */
export async function setReasons(operation: Operation, configuration: PacmanConfiguration): Promise<void> {
  const { set } = operation.options.reader.readLocal(configuration.dbPath);
  const differing = set.packages.flatMap(({ name, reason }) => {
    const wanted = findInstalled(operation.prepared.after, name);
    return wanted === undefined || wanted.reason === reason ? [] : [{ name, reason: wanted.reason }];
  });
  beginStep(operation, "reasons", `setting ${differing.length} install reasons`);
  const commands = reasonCommands(configuration, differing);
  for (const reason of ["dependency", "explicit"] as const) {
    const command = commands[reason];
    if (command === undefined && !hasRun(operation, `reasons-${reason}`)) continue;
    await judgeRun(operation, configuration, await runOnce(operation, `reasons-${reason}`, command, configuration));
  }
}
