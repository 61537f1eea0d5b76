// Gathers what is known of libraries before and after a plan, without fetching anything: lists of files of what is installed
// and of package files that are at hand, and what the programs of staying packages ask for.
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findLostLibraries, type LibraryHolder, type LostLibraries } from "../../domain/plan/lost-libraries.ts";
import type { PlanStep } from "../../domain/plan/plan.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { FileSurroundings } from "../files/file-source.ts";
import { identityProblem, sizeProblem } from "../files/inspect-file.ts";
import { keptFoldersOf } from "../files/kept-files.ts";
import { readElfNeeds } from "../host/elf-needs.ts";
import type { Installation } from "../installation.ts";
import { readInstalledFiles } from "../pacman/installed-files.ts";
import { readPackageListing } from "../pacman/package-file.ts";

export interface LibraryQuestion {
  readonly installation: Installation;
  readonly steps: readonly PlanStep[];
  /** Of every step but removals. */
  readonly files: readonly SyncPackage[];
  /** Installed names that stay although others move: foreign, held, unavailable. */
  readonly staying: readonly string[];
}

/** Programs looked at; who keeps more packages by hand learns the rest from the proof. */
const MAX_PROGRAMS = 5_000;
/** Lists of files read from package files: some milliseconds each. */
const MAX_LISTINGS = 200;

const PROGRAM = /^usr\/(?:bin|lib|lib32)\//;
const LIBRARY = /^(?:usr\/)?(?:lib|lib64|lib32)\/[^/]+\.so(?:\.[^/]+)?$/;

export async function lookForLostLibraries(
  { installation, steps, files, staying }: LibraryQuestion,
  surroundings: FileSurroundings,
): Promise<readonly LostLibraries[]> {
  const { local, configuration } = installation;
  const pathsOf = (name: string): readonly string[] => {
    const entry = local.packages.get(name)?.entry;
    return entry === undefined ? [] : readInstalledFiles(configuration.dbPath, entry).paths;
  };
  const changing = new Set(steps.map(({ name }) => name));
  const programs = staying
    .filter((name) => local.packages.has(name) && !changing.has(name))
    .map((name) => describeProgram(name, pathsOf(name), configuration.rootDir));
  const needed = new Set(programs.flatMap((one) => one.needed));
  if (needed.size === 0) return [];
  const going = steps.flatMap(({ name }): readonly LibraryHolder[] => {
    const known = local.packages.get(name);
    if (known === undefined) return [];
    const libraries = librariesIn(pathsOf(name)).filter((library) => needed.has(library));
    return libraries.length === 0 ? [] : [{ ...holderOf(known), libraries }];
  });
  if (going.length === 0) return [];
  return findLostLibraries({
    going,
    coming: await describeComing(files, new Set(going.map(({ name }) => name)), installation, surroundings),
    staying: programs,
    kept: new Set(programs.flatMap(({ libraries }) => libraries)),
  });
}

/** Lists are read of those that libraries may have moved to: the next builds of what had them, and what is new. */
async function describeComing(
  files: readonly SyncPackage[],
  hadLibraries: ReadonlySet<string>,
  { local }: Installation,
  surroundings: FileSurroundings,
): Promise<readonly LibraryHolder[]> {
  const coming: LibraryHolder[] = [];
  let listings = 0;
  for (const item of files) {
    const isAsked = hadLibraries.has(item.name) || !local.packages.has(item.name);
    const listing = isAsked && listings++ < MAX_LISTINGS ? await listFiles(item, surroundings) : undefined;
    coming.push({ ...holderOf(item), libraries: listing === undefined ? undefined : librariesIn(listing) });
  }
  return coming;
}

/** Undefined when the file is not on this machine. */
async function listFiles(item: SyncPackage, surroundings: FileSurroundings): Promise<readonly string[] | undefined> {
  for (const folder of foldersFor(item, surroundings)) {
    const file = join(folder, item.filename);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFile() !== true || sizeProblem(found.size, item) !== undefined) continue;
    if ((await identityProblem(file, item)) !== undefined) continue;
    return readPackageListing(file).catch(() => undefined);
  }
  return undefined;
}

function foldersFor({ repository }: SyncPackage, { configuration, keptDir }: FileSurroundings): readonly string[] {
  const servers = configuration.repositories.find(({ name }) => name === repository)?.servers ?? [];
  const mounted = servers.filter((server) => server.startsWith("file://")).map((server) => fileURLToPath(server));
  return [...configuration.cacheDirs, ...keptFoldersOf(keptDir), ...mounted];
}

function describeProgram(name: string, paths: readonly string[], rootDir: string) {
  const libraries = librariesIn(paths);
  const own = new Set(libraries);
  const programs = paths.filter((path) => PROGRAM.test(path)).slice(0, MAX_PROGRAMS);
  const needed = programs.flatMap((path) => neededBy(join(rootDir, path)));
  return { name, libraries, needed: [...new Set(needed)].filter((library) => !own.has(library)) };
}

function neededBy(file: string): readonly string[] {
  try {
    return readElfNeeds(file)?.needed ?? [];
  } catch {
    return [];
  }
}

/** File names of the libraries among some paths. */
export function librariesIn(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => LIBRARY.test(path)).map((path) => basename(path));
}

function holderOf({ name, version, provides }: Omit<LibraryHolder, "libraries">): Omit<LibraryHolder, "libraries"> {
  return { name, version, provides };
}
