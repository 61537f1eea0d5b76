// Step 4 and what it may need first: pacman tries the real files on a copy of the database. When signatures are by keys
// that only the plan's own keyring packages bring, those are installed before the rest (step 7).
import { join } from "node:path";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { placeOtherSignatures } from "../files/other-signatures.ts";
import type { Installation } from "../installation.ts";
import { artifactsDirOf, beginStep, checkStop, filesOf, type Operation, refused } from "../operation.ts";
import type { PacmanConfiguration } from "../pacman/configuration.ts";
import { readInstalledFiles } from "../pacman/installed-files.ts";
import { ask } from "../pacman/process.ts";
import type { TransactionRecipe } from "../pacman/transaction.ts";
import { findRecipe, type TriedRecipe, type Wanted } from "../planning/recipe.ts";
import { scratchDirOf } from "../state-folders.ts";
import { preflight } from "./preflight.ts";
import { buildDifferences, type Task } from "./prepare.ts";

export type Rehearsal =
  | { readonly kind: "recipe"; readonly recipe: TransactionRecipe }
  /** pacman misses keys, and these packages of the plan may bring them; they can be installed by themselves. */
  | { readonly kind: "keys"; readonly recipe: TransactionRecipe };

/** pacman's words for a signature that it cannot check or does not trust. */
const keyWords = /signature|required key missing|unknown trust|could not be looked up/;

/** pacman's words for one package's signature: `NAME: signature from "..." is invalid`, `NAME: key "..." is unknown`. */
const signedName = /^(?:error: )?(\S+): (?:signature from|key) ".*" is \w/;

/** More places than a file has. */
const SIGNATURE_ROUNDS = 8;

/** The result must be the plan's, removals included. Throws OperationEnd; nothing on the machine has changed. */
export async function rehearse(operation: Operation, task: Task): Promise<Rehearsal> {
  const { installation, targets, removals, interruption } = task;
  beginStep(operation, "simulate", "simulating the transaction on a copy of the database");
  const names = [...(interruption?.tornNames ?? []), ...(operation.prepared.repair?.names ?? [])];
  const isResumed = interruption?.planDigest === operation.prepared.plan.digest;
  const overwrite =
    names.length === 0 && interruption === undefined
      ? []
      : await filesWithoutOwner(operation, task, { names, isResumed });
  const nothing: TransactionRecipe = { targets, conflicts: [], lateRemovals: [], overwrite };
  if (targets.length === 0 && removals.length === 0) return { kind: "recipe", recipe: nothing };
  const { recipe, simulation } = await tryWithOtherSignatures(operation, task, { targets, removals, overwrite });
  if (simulation.kind === "refused") {
    const isAboutKeys = simulation.complaints.some((line) => keyWords.test(line));
    const keyrings = isAboutKeys ? await rehearseKeyrings(operation, task, overwrite) : undefined;
    if (keyrings !== undefined) return { kind: "keys", recipe: keyrings };
    throw refused("pacman refuses the transaction", ...simulation.complaints);
  }
  const differences = buildDifferences(simulation.after.set, operation.prepared.after);
  if (differences.length > 0) {
    throw refused("the simulation came to another result than the plan", ...differences.slice(0, 50));
  }
  checkStop(operation);
  preflight(operation, installation.configuration.rootDir);
  return { kind: "recipe", recipe };
}

/** A signature that is wrong costs only the place that it came from. */
async function tryWithOtherSignatures(operation: Operation, task: Task, wanted: Wanted): Promise<TriedRecipe> {
  const surroundings = { ...filesOf(operation, task.installation.configuration), tried: new Set<string>() };
  let tried = await tryRecipe(operation, task, wanted);
  for (let round = 0; round < SIGNATURE_ROUNDS && tried.simulation.kind === "refused"; round++) {
    const names = new Set(tried.simulation.complaints.map((line) => signedName.exec(line)?.[1]));
    const items = wanted.targets.filter(({ name, signature }) => names.has(name) && signature === undefined);
    checkStop(operation);
    if (items.length === 0 || (await placeOtherSignatures(items, artifactsDirOf(operation), surroundings)) === 0) break;
    tried = await tryRecipe(operation, task, wanted);
  }
  return tried;
}

/** Keyrings that move forward and that pacman takes alone; undefined when there are none. They are never downgraded first. */
async function rehearseKeyrings(
  operation: Operation,
  task: Task,
  overwrite: readonly string[],
): Promise<TransactionRecipe | undefined> {
  const forward = new Set(
    operation.prepared.plan.steps
      .filter(({ name, action }) => name.endsWith("-keyring") && (action === "upgrade" || action === "install"))
      .map(({ name }) => name),
  );
  const isDone = ({ name, version }: SyncPackage): boolean =>
    task.installation.local.packages.get(name)?.version === version;
  const targets = task.targets.filter((item) => forward.has(item.name) && !isDone(item));
  if (targets.length === 0) return undefined;
  const { recipe, simulation } = await tryRecipe(operation, task, { targets, removals: [], overwrite });
  return simulation.kind === "result" ? recipe : undefined;
}

function tryRecipe(operation: Operation, { installation }: Task, wanted: Wanted): Promise<TriedRecipe> {
  const { configuration, local } = installation;
  const scratchDir = scratchDirOf(operation.options.stateDir);
  const cacheDir = artifactsDirOf(operation);
  const lateConflicts = (late: readonly string[]): Promise<readonly string[]> =>
    findLateConflicts(operation, installation, { targets: wanted.targets, late });
  return findRecipe(
    local,
    { ...wanted, lateConflicts },
    { configuration, scratchDir, cacheDir, signal: operation.hooks.stopped },
  );
}

/** Files of packages that a kill took out of the database: theirs again, though pacman does not know it. */
async function filesWithoutOwner(
  operation: Operation,
  task: Task,
  { names, isResumed }: { readonly names: readonly string[]; readonly isResumed: boolean },
): Promise<readonly string[]> {
  const { configuration, local } = task.installation;
  const torn = new Set(names);
  // The first attempt had no file conflict: whatever of the plan's own packages lies there now, it put there.
  const files = task.targets
    .filter(({ name }) => isResumed || torn.has(name) || !local.packages.has(name))
    .map(({ filename }) => join(artifactsDirOf(operation), filename));
  return listFiles(configuration, files);
}

/** Of two packages that have the same file, pacman installs none while the other is there. */
async function findLateConflicts(
  operation: Operation,
  { configuration, local }: Installation,
  { targets, late }: { readonly targets: readonly SyncPackage[]; readonly late: readonly string[] },
): Promise<readonly string[]> {
  const taken = new Set(
    await listFiles(
      configuration,
      targets.map(({ filename }) => join(artifactsDirOf(operation), filename)),
    ),
  );
  return late.flatMap((name) => {
    const entry = local.packages.get(name)?.entry;
    const paths = entry === undefined ? [] : readInstalledFiles(configuration.dbPath, entry).paths;
    const both = paths.filter((path) => taken.has(path));
    return both.map((path) => `/${path} belongs to ${name}, which can only be removed after the rest is there`);
  });
}

/** What package files hold, without folders, relative to the root. Throws OperationEnd. */
async function listFiles(configuration: PacmanConfiguration, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const { code, output, errors } = await ask([
    ...configuration.command,
    "--config",
    configuration.file,
    "-Qlpq",
    ...files,
  ]);
  if (code !== 0) throw refused(`listing the packages' files failed: ${errors.trim()}`);
  const root = configuration.rootDir === "/" ? "/" : `${configuration.rootDir}/`;
  return output
    .split("\n")
    .filter((line) => line !== "" && !line.endsWith("/"))
    .map((line) => (line.startsWith(root) ? line.slice(root.length) : line.replace(/^\//, "")));
}
