// Entries of the local database that end too early, though they are all there: pacman does not notice when the disk is full
// while it writes them, and a kill may come between two writes. Looked for only among what an operation was changing.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { artifactsDirOf, type Operation } from "./operation.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import type { LocalDatabase, LocalPackage, TornEntry } from "./pacman/local-database.ts";
import { ask } from "./pacman/process.ts";

/** pacman ends both files of an entry with an empty line; an empty list is right only for a package without files. */
export async function findCutEntries(
  operation: Operation,
  configuration: PacmanConfiguration,
  { packages }: LocalDatabase,
  names: ReadonlySet<string>,
): Promise<readonly TornEntry[]> {
  const cut: TornEntry[] = [];
  for (const one of packages.values()) {
    if (!names.has(one.name)) continue;
    const folder = join(configuration.dbPath, "local", one.entry);
    const list = endOf(join(folder, "files"));
    if (endOf(join(folder, "desc")) !== "\n\n") cut.push({ entry: one.entry, why: "its desc is cut off" });
    else if (list === "" ? await shouldHaveFiles(operation, configuration, one) : list !== "\n\n") {
      cut.push({ entry: one.entry, why: "its list of files is cut off" });
    }
  }
  return cut;
}

/** The last two bytes. */
function endOf(file: string): string {
  const handle = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(2);
    const length = readSync(handle, bytes, 0, 2, Math.max(0, fstatSync(handle).size - 2));
    return bytes.toString("latin1", 0, length);
  } finally {
    closeSync(handle);
  }
}

async function shouldHaveFiles(
  operation: Operation,
  { command, file }: PacmanConfiguration,
  { name, version }: LocalPackage,
): Promise<boolean> {
  const item = operation.prepared.packages.find((one) => one.name === name && one.version === version);
  if (item === undefined) return false;
  const archive = join(artifactsDirOf(operation), item.filename);
  const { code, output } = await ask([...command, "--config", file, "-Qlpq", archive]);
  return code !== 0 || output.trim() !== "";
}
