// The steps after the proof: the sync databases become the view, files are kept for the way back, folders are cleaned.
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readHistory } from "../history.ts";
import { clearInterruption } from "../interruption.ts";
import { artifactsDirOf, beginStep, type Operation } from "../operation.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import { takeLock } from "../pacman/lock.ts";
import { databaseFileOf } from "../pacman/sync-databases.ts";
import { keptPackagesDirOf } from "../state-folders.ts";
import { keepPackageFile } from "./transact.ts";

/** Another pacman may have begun right after ours; its -Sy would be undone, so it is waited for. */
const lockLimitMs = 60_000;

/** Step 11. Answers with what could not be done. */
export async function placeDatabases(
  operation: Operation,
  configuration: PacmanConfiguration,
): Promise<readonly string[]> {
  beginStep(operation, "databases", "making the view this machine's own");
  const repositories = new Map(configuration.repositories.map((one) => [one.name, one]));
  const wanted = operation.prepared.databases.filter(({ repository }) => repositories.has(repository));
  // A view has no signatures of databases: one that must be signed stays as it is, and the next -Sy brings it along.
  const signed = wanted.filter(({ repository }) => repositories.get(repository)?.databaseSignatures === "required");
  const limit = Date.now() + lockLimitMs;
  for (;;) {
    using lock = takeLock(configuration.dbPath);
    if (lock !== undefined) {
      for (const database of wanted) {
        if (signed.includes(database)) continue;
        placeDatabase(operation.store.path(database.sha256), databaseFileOf(configuration.dbPath, database.repository));
      }
      break;
    }
    if (Date.now() > limit) return ["the sync databases are not the target's yet: pacman's lock was held for a minute"];
    await delay(200);
  }
  return signed.map(({ repository }) => `database ${repository} must be signed, so it stays as it is; run pacman -Sy`);
}

function placeDatabase(from: string, to: string): void {
  copyFileSync(from, `${to}.new`);
  renameSync(`${to}.new`, to);
  // It is of the database before.
  rmSync(`${to}.sig`, { force: true });
}

/** Step 12: kept files, cleaned folders. What pacman needs a person for is told. */
export function tidy(operation: Operation, configurationFiles: readonly string[]): void {
  const { options, prepared } = operation;
  const waiting =
    configurationFiles.length === 0 ? "" : `; ${configurationFiles.length} configuration files wait to be merged`;
  beginStep(operation, "aftermath", `keeping package files${waiting}`);
  const kept = keptPackagesDirOf(options.stateDir);
  const folder = artifactsDirOf(operation);
  for (const { filename } of prepared.packages) {
    if (existsSync(join(folder, filename))) keepPackageFile(join(folder, filename), kept);
  }
  pruneKeptFiles(operation, kept);
  rmSync(folder, { recursive: true, force: true });
  clearInterruption(options.stateDir);
}

/** Keeps what is installed now and what any recorded moment had. */
function pruneKeptFiles({ options, prepared }: Operation, folder: string): void {
  const sets = [prepared.after, ...readHistory(options.stateDir).map(({ set }) => set)];
  const wanted = new Set(
    sets.flatMap(({ packages }) => packages.map((one) => `${one.name}-${one.version}-${one.architecture}`)),
  );
  for (const file of readdirSync(folder)) {
    const end = file.indexOf(".pkg.tar");
    if (end === -1 || !wanted.has(file.slice(0, end))) rmSync(join(folder, file), { force: true });
  }
}
