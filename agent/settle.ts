// After a kill: says what happened, and sets aside what our own journal names, so that pacman can work again. Anything
// else stays as it is and is reported. The plan itself is finished by running its operation again.
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { TRANSITION_PACKAGE } from "../domain/package-set/package-set.ts";
import { recordInterruption } from "./interruption.ts";
import { attemptOf } from "./journal.ts";
import type { Outcome } from "./machine.ts";
import { artifactsDirOf, type Operation } from "./operation.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import { type LocalDatabase, readLocalDatabase, type TornEntry } from "./pacman/local-database.ts";
import { inspectLock, lockFileOf } from "./pacman/lock.ts";
import { ask } from "./pacman/process.ts";
import { removeCommand, removePlanDatabases } from "./pacman/transaction.ts";

/** Call it when no run of the operation lives. Returns the outcome `interrupted`, with a sentence per thing. */
export async function settleKill(
  operation: Operation,
  configuration: PacmanConfiguration,
  what: string,
  words: readonly string[] = [],
): Promise<Outcome> {
  const { journal, options, prepared } = operation;
  const committed = attemptOf(journal.entries).findLast((entry) => entry.kind === "committed");
  const names = new Set(committed?.names ?? []);
  const asideDir = join(journal.directory, "set-aside");
  mkdirSync(asideDir, { recursive: true, mode: 0o700 });
  const sentences: string[] = [`${what}; run the operation again to finish it`];
  if (inspectLock(configuration.dbPath).kind === "stale") {
    renameSync(lockFileOf(configuration.dbPath), join(asideDir, `db.lck.${Date.now()}`));
    sentences.push("its lock was set aside");
  }
  const tornNames: string[] = [];
  const local = readLocalDatabase(configuration.dbPath);
  const cut = await findCutLists(operation, configuration, local, names);
  for (const { entry, why } of [...local.torn, ...cut]) {
    const name = nameOfEntry(entry);
    if (!names.has(name)) {
      sentences.push(
        `${entry} in pacman's database is torn (${why}), and no operation of pacpool did it; a person must look`,
      );
      continue;
    }
    renameSync(join(configuration.dbPath, "local", entry), join(asideDir, `${entry}.${Date.now()}`));
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

/**
 * A kill may also cut the list of files itself, which comes last: pacman ends it with an empty line, and an empty one is
 * right only for a package without files. Looked for only among what this operation was changing.
 */
async function findCutLists(
  operation: Operation,
  configuration: PacmanConfiguration,
  local: LocalDatabase,
  names: ReadonlySet<string>,
): Promise<readonly TornEntry[]> {
  const cut: TornEntry[] = [];
  for (const { name, version, entry } of local.packages.values()) {
    if (!names.has(name)) continue;
    const text = readFileSync(join(configuration.dbPath, "local", entry, "files"), "utf8");
    if (text.endsWith("\n\n")) continue;
    const item = operation.prepared.packages.find((one) => one.name === name && one.version === version);
    if (text === "" && (item === undefined || !(await hasFiles(operation, configuration, item.filename)))) continue;
    cut.push({ entry, why: "its list of files is cut off" });
  }
  return cut;
}

async function hasFiles(
  operation: Operation,
  { command, file }: PacmanConfiguration,
  filename: string,
): Promise<boolean> {
  const { code, output } = await ask([
    ...command,
    "--config",
    file,
    "-Qlpq",
    join(artifactsDirOf(operation), filename),
  ]);
  return code !== 0 || output.trim() !== "";
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
