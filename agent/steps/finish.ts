// The steps after the proof: the sync databases become the view, files are kept for the way back, folders are cleaned.
import { copyFileSync, existsSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { InstalledPackage, PackageSet } from "../../domain/package-set/package-set.ts";
import { forgetEarlierAttempts } from "../earlier-attempts.ts";
import { keepFile, pruneKeptFiles } from "../files/kept-files.ts";
import { findRevertRecord, readHistory } from "../history.ts";
import { clearInterruption } from "../interruption.ts";
import { artifactsDirOf, beginStep, type Operation } from "../operation.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import { takeLock } from "../pacman/lock.ts";
import { databaseFileOf } from "../pacman/sync-databases.ts";
import { keptPackagesDirOf } from "../state-folders.ts";

/** Another pacman may have begun right after ours; its -Sy would be undone, so it is waited for. */
const lockLimitMs = 60_000;

/** Unix seconds; before every mirror's. */
const LONG_AGO = 1;

/** Whole sets before this one whose files stay, when the operations since then were not undone. */
const keptSets = 2;

/** Step 11. Answers with what could not be done. */
export async function placeDatabases(
  operation: Operation,
  configuration: PacmanConfiguration,
): Promise<readonly string[]> {
  beginStep(operation, "databases", "making the view this machine's own");
  const repositories = new Map(configuration.repositories.map((one) => [one.name, one]));
  const wanted = operation.prepared.databases.filter(({ repository }) => repositories.has(repository));
  // Another machine's view comes without signatures of databases: one that must be signed stays as it is then, and the next
  // -Sy brings it along. The machine's own, of an update or of a moment before, were kept with theirs.
  const unsigned = wanted.filter(
    ({ repository, sha256 }) =>
      repositories.get(repository)?.databaseSignatures === "required" &&
      !existsSync(`${operation.store.path(sha256)}.sig`),
  );
  const limit = Date.now() + lockLimitMs;
  for (;;) {
    using lock = takeLock(configuration.dbPath);
    if (lock !== undefined) {
      for (const database of wanted) {
        if (unsigned.includes(database)) continue;
        placeDatabase(operation.store.path(database.sha256), databaseFileOf(configuration.dbPath, database.repository));
      }
      break;
    }
    if (Date.now() > limit) return ["the sync databases are not the target's yet: pacman's lock was held for a minute"];
    await delay(200);
  }
  return unsigned.map(
    ({ repository }) => `database ${repository} must be signed, so it stays as it is; run pacman -Sy`,
  );
}

function placeDatabase(from: string, to: string): void {
  copyFileSync(from, `${to}.new`);
  // pacman asks a mirror for what is newer than this file's time, and the time of the copy says nothing of its content:
  // without this a mirror that has long moved on would be "up to date".
  utimesSync(`${to}.new`, LONG_AGO, LONG_AGO);
  renameSync(`${to}.new`, to);
  // The one that lies there is of the database before.
  rmSync(`${to}.sig`, { force: true });
  if (existsSync(`${from}.sig`)) copyFileSync(`${from}.sig`, `${to}.sig`);
}

/** Step 12: kept files, cleaned folders. What pacman needs a person for is told. */
export async function tidy(operation: Operation, configurationFiles: readonly string[]): Promise<void> {
  const { options, prepared } = operation;
  const waiting =
    configurationFiles.length === 0 ? "" : `; ${configurationFiles.length} configuration files wait to be merged`;
  beginStep(operation, "aftermath", `keeping package files${waiting}`);
  const kept = keptPackagesDirOf(options.stateDir);
  const folder = artifactsDirOf(operation);
  for (const item of prepared.packages) {
    // What cannot be kept costs only the way back without mirrors.
    await keepFile(join(folder, item.filename), kept, item).catch(() => undefined);
  }
  pruneKeptFiles(kept, keptBuilds(options.stateDir, prepared.after));
  forgetEarlierAttempts(options.stateDir);
  clearInterruption(options.stateDir);
}

/** What is installed now, where a revert would lead, and where another one after a revert. */
function keptBuilds(stateDir: string, now: PackageSet): readonly InstalledPackage[] {
  const history = readHistory(stateDir);
  const next = findRevertRecord(stateDir, undefined);
  const sets = [now, ...(next === undefined ? [] : [next.set]), ...history.slice(-keptSets).map(({ set }) => set)];
  return sets.flatMap(({ packages }) => packages);
}
