// What a person should know before approving a plan: gathers the facts of this machine, and lets the rules say the sentences.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { MAX_DETAILS } from "../../domain/limits.ts";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import { driverWarnings } from "../../domain/plan/driver-warnings.ts";
import { type HeldLibrary, heldLibraryWarnings } from "../../domain/plan/held-libraries.ts";
import { explainLostLibraries } from "../../domain/plan/lost-libraries.ts";
import type { PlanStep } from "../../domain/plan/plan.ts";
import { standInWarnings } from "../../domain/plan/stand-ins.ts";
import { computeWarnings, type EditedFile } from "../../domain/plan/warnings.ts";
import type { Explained } from "../../domain/plan/wish.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { Provider } from "../../domain/view/requirement.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import type { FileSurroundings } from "../files/file-source.ts";
import { runningKernelPackage } from "../host/kernel.ts";
import type { Installation } from "../installation.ts";
import { readInstalledFiles } from "../pacman/installed-files.ts";
import { librariesIn, lookForLostLibraries } from "./plan-libraries.ts";

export interface WarningsQuestion {
  readonly installation: Installation;
  readonly steps: readonly PlanStep[];
  readonly after: PackageSet;
  readonly leftAlone: readonly Explained[];
  /** Where the plan leads. */
  readonly index: ViewIndex;
  /** Of every step but removals. */
  readonly files: readonly SyncPackage[];
}

/** Configuration is text; what is larger is not hashed. */
const MAX_HASHED_BYTES = 4 * 1024 * 1024;

export async function gatherWarnings(
  { installation, steps, after, leftAlone, index, files }: WarningsQuestion,
  surroundings: FileSurroundings,
): Promise<readonly string[]> {
  const { foreign, configuration } = installation;
  const whys = new Map(leftAlone.filter(({ name }) => !foreign.has(name)).map(({ name, why }) => [name, why]));
  const changing = new Set(steps.map(({ name }) => name));
  for (const { name, version } of after.packages) {
    if (changing.has(name) || foreign.has(name) || whys.has(name) || index.packages.get(name)?.version === version)
      continue;
    whys.set(name, "the target wants it as it is, and its repositories have another version");
  }
  const staying = [...new Set([...foreign, ...whys.keys()])];
  const lost = await lookForLostLibraries({ installation, steps, files, staying }, surroundings);
  return [
    ...computeWarnings({
      steps,
      foreign,
      kernelPackage: runningKernelPackage(configuration.rootDir),
      hasSystemdBoot: hasSystemdBoot(configuration.rootDir),
      edited: findEdited(installation, steps),
    }),
    ...driverWarnings({ steps, after: new Set(after.packages.map(({ name }) => name)) }),
    ...bounded(lost.map((one) => explainLostLibraries(one, whys.get(one.name) ?? ""))),
    ...heldLibraryWarnings(findHeldLibraries(installation, [...whys.keys()], index), files),
    ...standInWarnings({ after: providersOf(installation, after, files), coming: files, target: index.packages }),
  ];
}

/** What comes as the plan brings it, the rest as it is. */
function providersOf({ local }: Installation, after: PackageSet, files: readonly SyncPackage[]): readonly Provider[] {
  const coming = new Map(files.map((one) => [one.name, one]));
  return after.packages.flatMap(({ name }) => coming.get(name) ?? local.packages.get(name) ?? []);
}

function bounded(lines: readonly string[]): readonly string[] {
  const rest = lines.length - MAX_DETAILS;
  return rest > 0 ? [...lines.slice(0, MAX_DETAILS), `${rest} more packages lose libraries`] : lines;
}

/** Of what stays although the target has it: those that others may link against. */
function findHeldLibraries(
  { local, configuration }: Installation,
  names: readonly string[],
  index: ViewIndex,
): readonly HeldLibrary[] {
  return names.flatMap((name) => {
    const [own, wanted] = [local.packages.get(name), index.packages.get(name)];
    if (own === undefined || wanted === undefined) return [];
    const { paths } = readInstalledFiles(configuration.dbPath, own.entry);
    return librariesIn(paths).length === 0 ? [] : [{ ...own, wanted }];
  });
}

function hasSystemdBoot(rootDir: string): boolean {
  return ["boot", "efi", "boot/efi"].some((folder) => existsSync(join(rootDir, folder, "loader/loader.conf")));
}

/** Configuration of changing packages that is not as its package brought it. */
function findEdited({ local, configuration }: Installation, steps: readonly PlanStep[]): readonly EditedFile[] {
  const { rootDir, dbPath } = configuration;
  return steps
    .flatMap(({ name }) => {
      const entry = local.packages.get(name)?.entry;
      if (entry === undefined) return [];
      const { backups } = readInstalledFiles(dbPath, entry);
      const edited = backups.filter(({ path, md5 }) => isEdited(join(rootDir, path), md5));
      return edited.map(({ path }) => ({ name, path: `/${path}` }));
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What is gone or may not be read has nothing that could be lost. */
function isEdited(file: string, md5: string): boolean {
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > MAX_HASHED_BYTES) return false;
    return createHash("md5").update(readFileSync(file)).digest("hex") !== md5;
  } catch {
    return false;
  }
}
