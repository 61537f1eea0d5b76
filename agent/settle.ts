// After a kill: says what happened, and sets aside what our own journal names, so that pacman can work again. Anything
// else stays as it is and is reported. The plan itself is finished by running its operation again.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { TRANSITION_PACKAGE } from "../domain/package-set/package-set.ts";
import { findCutEntries } from "./cut-entries.ts";
import { recordInterruption } from "./interruption.ts";
import { attemptOf } from "./journal.ts";
import type { Outcome } from "./machine.ts";
import type { Operation } from "./operation.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import { readLocalDatabase } from "./pacman/local-database.ts";
import { inspectLock, type LockState, lockFileOf } from "./pacman/lock.ts";
import { ask } from "./pacman/process.ts";
import { removeCommand, removePlanDatabases } from "./pacman/transaction.ts";
import { setAside } from "./set-aside.ts";

/** Call it when no run of the operation lives. Returns the outcome `interrupted`, with a sentence per thing. */
export async function settleKill(
  operation: Operation,
  configuration: PacmanConfiguration,
  what: string,
  words: readonly string[] = [],
): Promise<Outcome> {
  const { journal, options, prepared } = operation;
  const committed = attemptOf(journal.entries).findLast((entry) => entry.kind === "committed");
  // The transition package is nobody else's, and a kill can hit it as every other.
  const names = new Set([...(committed?.names ?? []), TRANSITION_PACKAGE]);
  const asideDir = join(journal.directory, "set-aside");
  mkdirSync(asideDir, { recursive: true, mode: 0o700 });
  const sentences: string[] = [`${what}; run the operation again to finish it, or revert it`];
  if (isOwnLock(inspectLock(configuration.dbPath), committed?.atMs)) {
    setAside(lockFileOf(configuration.dbPath), join(asideDir, `db.lck.${Date.now()}`));
    sentences.push("its lock was set aside");
  }
  const tornNames: string[] = [];
  const local = readLocalDatabase(configuration.dbPath);
  const cut = await findCutEntries(operation, configuration, local, names);
  for (const { entry, why } of [...local.torn, ...cut]) {
    const name = nameOfEntry(entry);
    if (!names.has(name)) {
      sentences.push(
        `${entry} in pacman's database is torn (${why}), and no operation of pacpool did it; a person must look`,
      );
      continue;
    }
    setAside(join(configuration.dbPath, "local", entry), join(asideDir, `${entry}.${Date.now()}`));
    tornNames.push(name);
    sentences.push(`${name} was cut off half-way; its entry was set aside`);
  }
  // Before anything else runs pacman: what is set aside must be known to the next run.
  await recordInterruption(options.stateDir, {
    operationId: journal.operationId,
    planDigest: prepared.plan.digest,
    tornNames,
  });
  removePlanDatabases(configuration.dbPath);
  await removeTransition(configuration);
  return { state: "interrupted", problems: [...sentences, ...words] };
}

/** File times have the kernel's tick, milliseconds coarser than the clock. */
const tickMs = 1_000;

/** One that was there before the operation committed itself is another's: pacman does not start beside it. */
function isOwnLock(lock: LockState, committedAtMs: number | undefined): boolean {
  return lock.kind === "stale" && committedAtMs !== undefined && lock.sinceMs >= committedAtMs - tickMs;
}

/** The transition package counts in no set; when it cannot be removed now, the next run does it. */
async function removeTransition(configuration: PacmanConfiguration): Promise<void> {
  const installed = new Set(readLocalDatabase(configuration.dbPath).packages.keys());
  if (!installed.has(TRANSITION_PACKAGE)) return;
  const command = removeCommand(configuration, { configurationFile: configuration.file, names: [], installed });
  if (command !== undefined) await ask(command);
}

/** NAME-VERSION-RELEASE; neither version nor release has a hyphen. */
function nameOfEntry(entry: string): string {
  return entry.split("-").slice(0, -2).join("-");
}
