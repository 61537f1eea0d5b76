// The machine's local database, read without pacman: names, versions, reasons, builds, and what planning needs to know of
// each package. A kill can tear an entry; torn ones are reported beside the set, never guessed.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type InstalledPackage, makePackageSet, type PackageSet } from "../../domain/package-set/package-set.ts";
import { type Desc, parseDesc, readNumberField, requireField } from "../../domain/view/parse-desc.ts";

/** The format that pacman 4.2 to 7 write. */
const supportedVersion = 9;

/** What the local database has of a package beyond the set. */
export interface LocalPackage extends InstalledPackage {
  /** Its folder below local/. */
  readonly entry: string;
  /** Bytes when installed. */
  readonly installedSize: number;
  readonly groups: readonly string[];
  readonly depends: readonly string[];
  readonly provides: readonly string[];
  readonly conflicts: readonly string[];
  readonly replaces: readonly string[];
}

/** An entry that pacman itself cannot use. */
export interface TornEntry {
  /** Its folder below local/. */
  readonly entry: string;
  readonly why: string;
}

export interface LocalDatabase {
  /** Without the transition package and without torn entries. */
  readonly set: PackageSet;
  /** By name, the transition package included. */
  readonly packages: ReadonlyMap<string, LocalPackage>;
  readonly torn: readonly TornEntry[];
}

/** What earlier readings found, by entry; with it only what changed since is read again. */
export type LocalMemory = Map<string, { readonly trace: string; readonly found: LocalPackage }>;

/** Reads every entry. Throws when the folder cannot be read or has another format. */
export function readLocalDatabase(dbPath: string, memory?: LocalMemory): LocalDatabase {
  const folder = join(dbPath, "local");
  checkFormat(folder);
  const packages = new Map<string, LocalPackage>();
  const torn: TornEntry[] = [];
  const entries = readdirSync(folder).filter((entry) => entry !== "ALPM_DB_VERSION");
  if (memory !== undefined) forgetAllBut(entries, memory);
  for (const entry of entries) {
    const found = memory === undefined ? readEntry(folder, entry) : remember(folder, entry, memory);
    if ("why" in found) {
      torn.push(found);
      continue;
    }
    const twin = packages.get(found.name);
    if (twin === undefined) packages.set(found.name, found);
    else torn.push({ entry, why: `${twin.entry} is an entry of the same package` });
  }
  return { set: makePackageSet([...packages.values()].map(asInstalled)), packages, torn };
}

/** pacman -D writes a desc in place, everything else puts a new one there: size, inode and times tell. */
function remember(folder: string, entry: string, memory: LocalMemory): LocalPackage | TornEntry {
  const file = statSync(`${folder}/${entry}/desc`, { throwIfNoEntry: false });
  const trace = file === undefined ? "" : `${file.ino} ${file.size} ${file.mtimeMs} ${file.ctimeMs}`;
  const known = memory.get(entry);
  if (known !== undefined && known.trace === trace && hasFileList(folder, entry)) return known.found;
  const found = readEntry(folder, entry);
  if ("why" in found) memory.delete(entry);
  else memory.set(entry, { trace, found });
  return found;
}

function forgetAllBut(entries: readonly string[], memory: LocalMemory): void {
  const present = new Set(entries);
  for (const entry of memory.keys()) if (!present.has(entry)) memory.delete(entry);
}

function hasFileList(folder: string, entry: string): boolean {
  return statSync(`${folder}/${entry}/files`, { throwIfNoEntry: false }) !== undefined;
}

function checkFormat(folder: string): void {
  let text: string;
  try {
    text = readFileSync(join(folder, "ALPM_DB_VERSION"), "utf8").trim();
  } catch (cause) {
    throw new Error(
      `reading the local database in ${folder}: ALPM_DB_VERSION cannot be read; is this pacman's DBPath?`,
      { cause },
    );
  }
  if (Number(text) !== supportedVersion) {
    throw new Error(
      `reading the local database in ${folder}: its format is ${text}, this program reads ${supportedVersion}`,
    );
  }
}

function readEntry(folder: string, entry: string): LocalPackage | TornEntry {
  let text: string;
  try {
    text = readFileSync(`${folder}/${entry}/desc`, "utf8");
  } catch {
    return { entry, why: "its desc is missing" };
  }
  if (text === "") return { entry, why: "its desc is empty" };
  // An empty file is normal (metapackages); only a missing one tells of a kill.
  if (!hasFileList(folder, entry)) {
    return { entry, why: "its list of files is missing" };
  }
  try {
    const found = readDesc(parseDesc(text), entry);
    return `${found.name}-${found.version}` === entry
      ? found
      : { entry, why: `its desc is of ${found.name} ${found.version}` };
  } catch (error) {
    return { entry, why: `its desc cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function readDesc(desc: Desc, entry: string): LocalPackage {
  return {
    entry,
    name: requireField(desc, "NAME"),
    version: requireField(desc, "VERSION"),
    architecture: desc.get("ARCH")?.[0] ?? "any",
    buildDate: readNumberField(desc, "BUILDDATE"),
    reason: desc.get("REASON")?.[0] === "1" ? "dependency" : "explicit",
    installedSize: readNumberField(desc, "SIZE"),
    groups: desc.get("GROUPS") ?? [],
    depends: desc.get("DEPENDS") ?? [],
    provides: desc.get("PROVIDES") ?? [],
    conflicts: desc.get("CONFLICTS") ?? [],
    replaces: desc.get("REPLACES") ?? [],
  };
}

function asInstalled({ name, version, architecture, buildDate, reason }: LocalPackage): InstalledPackage {
  return { name, version, architecture, buildDate, reason };
}
