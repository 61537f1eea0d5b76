// The one transaction of a plan: its databases beside the machine's own, its configuration, its commands. What to put
// into it is decided elsewhere.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type InstallReason, TRANSITION_PACKAGE } from "../../domain/package-set/package-set.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { PacmanConfiguration } from "./configuration.ts";
import { planConfiguration, type SimulationPaths } from "./plan-configuration.ts";
import { packDatabase, planDatabaseOf, planDatabasePrefix } from "./plan-database.ts";
import { asStub, packStub, transitionPackage } from "./stub-package.ts";

/** What one transaction does. With no targets there is nothing to install, and the removals need no trick. */
export interface TransactionRecipe {
  /** Installed, upgraded, downgraded or installed again: exactly these, by repository, name and version. */
  readonly targets: readonly SyncPackage[];
  /** Removed in the same transaction: conflicts of the transition package, NAME=VERSION. */
  readonly conflicts: readonly string[];
  /** Removed in the same transaction, the other way: names that the transition package replaces in a system upgrade. */
  readonly replaced?: readonly string[];
  /** Removed right afterwards, together with the transition package. */
  readonly lateRemovals: readonly string[];
  /** Paths below the root that may be there already: files of packages whose entries a kill tore. */
  readonly overwrite: readonly string[];
}

export interface PreparedTransaction {
  readonly configurationFile: string;
  /** Undefined when nothing is installed. */
  readonly install: readonly string[] | undefined;
  /** What is left to remove once the installation is done; undefined when nothing of it is installed any more. */
  readonly remove: (installed: ReadonlySet<string>) => readonly string[] | undefined;
}

export interface PrepareOptions {
  /** Holds the configuration; made when missing. */
  readonly directory: string;
  /** Holds the package files; stubs and the transition package are put there. */
  readonly cacheDir: string;
  readonly simulation?: SimulationPaths & { readonly hasStubs: boolean };
  /** Packages that the databases hold beyond the targets: what pacman may pull in while simulating. */
  readonly candidates?: readonly SyncPackage[];
}

/** Bits of --ask: 64 no import of keys, 8 no deletion of files, 4 yes to conflicts, 1 no to ignored packages. */
const answers = ["--noconfirm", "--noprogressbar", "--ask", "77"];

/** Linux takes 128 KiB per argument and 2 MiB in all. */
const overwriteLimitBytes = 1_000_000;

/** Writes databases, packages that pacpool makes itself, and the configuration. Touches nothing that pacman reads by itself. */
export async function prepareTransaction(
  machine: PacmanConfiguration,
  recipe: TransactionRecipe,
  options: PrepareOptions,
): Promise<PreparedTransaction> {
  const hasStubs = options.simulation?.hasStubs === true;
  const real = [...recipe.targets, ...(options.candidates ?? [])];
  const items = hasStubs ? real.map(asStub) : real;
  const { replaced = [] } = recipe;
  const hasTransition = recipe.conflicts.length + replaced.length > 0 && recipe.targets.length > 0;
  const transition = hasTransition ? [transitionPackage(recipe.conflicts, replaced)] : [];
  mkdirSync(options.directory, { recursive: true, mode: 0o755 });
  mkdirSync(options.cacheDir, { recursive: true, mode: 0o755 });
  for (const item of [...(hasStubs ? items : []), ...transition]) {
    writeFileSync(join(options.cacheDir, item.filename), await packStub(item));
  }
  const sync = join(options.simulation?.dbPath ?? machine.dbPath, "sync");
  mkdirSync(sync, { recursive: true, mode: 0o755 });
  const byRepository = Map.groupBy([...items, ...transition], ({ repository }) => repository);
  for (const [repository, members] of byRepository) {
    const file = join(sync, `${planDatabaseOf(repository)}.db`);
    writeFileSync(
      `${file}.new`,
      await packDatabase(members, { withDigests: !hasStubs && repository !== "transition" }),
    );
    renameSync(`${file}.new`, file);
  }
  const configurationFile = join(options.directory, "plan.conf");
  const { cacheDir, simulation } = options;
  // The transition package's first: an upgrade takes the first repository that replaces a package or has it.
  const repositories = [...byRepository.keys()].toSorted((a, b) => rankOf(a) - rankOf(b));
  writeFileSync(
    configurationFile,
    planConfiguration(machine, { cacheDir, repositories, ...(simulation === undefined ? {} : { simulation }) }),
  );
  return commandsOf(machine, configurationFile, recipe, transition, options.simulation !== undefined);
}

function rankOf(repository: string): number {
  return repository === "transition" ? 0 : 1;
}

function commandsOf(
  machine: PacmanConfiguration,
  configurationFile: string,
  recipe: TransactionRecipe,
  transition: readonly SyncPackage[],
  isSimulated: boolean,
): PreparedTransaction {
  const command = [...machine.command, "--config", configurationFile];
  const dry = isSimulated ? ["--dbonly", "--noscriptlet"] : [];
  const targets = [...recipe.targets, ...transition].map(
    ({ repository, name, version }) => `${planDatabaseOf(repository)}/${name}=${version}`,
  );
  // Only an upgrade honours replacements; downgrades are in it because of what the targets' databases hold.
  const operation = (recipe.replaced ?? []).length > 0 ? "-Suu" : "-S";
  const overwrite = boundedGlobs(recipe.overwrite).flatMap((glob) => ["--overwrite", glob]);
  return {
    configurationFile,
    install: targets.length === 0 ? undefined : [...command, operation, ...answers, ...dry, ...overwrite, ...targets],
    remove: (installed) => removeCommand(machine, { configurationFile, names: recipe.lateRemovals, installed, dry }),
  };
}

/** Removes what of `names` and the transition package is installed; undefined when nothing is. */
export function removeCommand(
  machine: PacmanConfiguration,
  options: {
    readonly configurationFile: string;
    readonly names: readonly string[];
    readonly installed: ReadonlySet<string>;
    readonly dry?: readonly string[];
  },
): readonly string[] | undefined {
  // A conflict or a replacement may have taken some away already, and pacman refuses names that it does not have.
  const present = [...new Set([TRANSITION_PACKAGE, ...options.names])].filter((name) => options.installed.has(name));
  const command = [...machine.command, "--config", options.configurationFile, "-R", ...answers, ...(options.dry ?? [])];
  return present.length === 0 ? undefined : [...command, ...present];
}

/** Exact paths as globs; when they are too many for a command line, their folders. */
function boundedGlobs(paths: readonly string[]): readonly string[] {
  const bytes = paths.reduce((sum, path) => sum + path.length + 14, 0);
  if (bytes <= overwriteLimitBytes) return paths.map(asGlob);
  return [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf("/") + 1)))].map(
    (folder) => `${asGlob(folder)}*`,
  );
}

/** pacman takes a comma for the end of a glob. */
function asGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]!]/g, String.raw`\$&`).replaceAll(",", "?");
}

/** The -D commands that set install reasons; undefined where none has to be set. They write the machine's own database. */
export function reasonCommands(
  machine: PacmanConfiguration,
  reasons: readonly { readonly name: string; readonly reason: InstallReason }[],
): Readonly<Record<InstallReason, readonly string[] | undefined>> {
  const commandFor = (wanted: InstallReason, flag: string): readonly string[] | undefined => {
    const names = reasons.filter(({ reason }) => reason === wanted).map(({ name }) => name);
    return names.length === 0 ? undefined : [...machine.command, "--config", machine.file, "-D", flag, ...names];
  };
  return { dependency: commandFor("dependency", "--asdeps"), explicit: commandFor("explicit", "--asexplicit") };
}

/** Removes the databases of plans, this one's and leftovers. Call it only while no plan's pacman runs. */
export function removePlanDatabases(dbPath: string): readonly string[] {
  const folder = join(dbPath, "sync");
  const removed = entriesOf(folder).filter((name) => name.startsWith(planDatabasePrefix));
  for (const name of removed) rmSync(join(folder, name), { force: true });
  return removed;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
