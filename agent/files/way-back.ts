// The way back from a plan: the files of everything that it replaces or removes. Which of them can be had is said before the
// plan is approved, and they are brought into the folder of kept files before anything changes. Best effort: what cannot be
// kept never stops a plan.
import { mkdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { describeBuild } from "./describe-build.ts";
import { fetchFiles } from "./fetch-files.ts";
import { ALONE, type FileSurroundings } from "./file-source.ts";
import { keepFile, keptFoldersOf, listBuilds, roomFor } from "./kept-files.ts";
import { locateFiles } from "./locate-files.ts";

/** What looking at web servers may add to a plan. */
const LOOK_BUDGET_MS = 10_000;
/** What keeping may add to an operation. */
const FETCH_LIMIT_MS = 5 * 60_000;
const FETCH_LIMIT_BYTES = 4 * 1024 ** 3;
/** Names in one warning; the rest is counted. */
const TOLD_NAMES = 10;

export interface WayBack {
  /** Every file that can be kept: what its execution needs to find it again. */
  readonly items: readonly SyncPackage[];
  /** What a person must know before approving; empty when everything can be kept. */
  readonly warnings: readonly string[];
}

export interface GoingPackages {
  /** Installed builds that the plan replaces or removes. */
  readonly going: readonly InstalledPackage[];
  /** Installed builds of no repository: their files are kept where a cache has them. */
  readonly foreign: readonly InstalledPackage[];
  /** A build as some view describes it; undefined when none does. */
  readonly describe: (installed: InstalledPackage) => SyncPackage | undefined;
  /** Whose demands on signatures hold for a build that no view describes. */
  readonly repositoryOf: (name: string) => string;
}

/** Finds the files of packages that are about to go, without fetching any. */
export async function findWayBack(
  { going, foreign, describe, repositoryOf }: GoingPackages,
  files: FileSurroundings,
): Promise<WayBack> {
  const builds = listBuilds([...files.configuration.cacheDirs, ...keptFoldersOf(files.keptDir)]);
  const items: SyncPackage[] = [];
  for (const installed of going) {
    const known = describe(installed);
    const file = known === undefined ? await builds(installed) : undefined;
    items.push(known ?? describeBuild(installed, repositoryOf(installed.name), file && basename(file)));
  }
  const lonely: SyncPackage[] = [];
  for (const installed of foreign.filter((one) => !going.includes(one))) {
    const file = await builds(installed);
    if (file !== undefined) lonely.push(describeBuild(installed, "", basename(file)));
  }
  const { found, missing } = await locateFiles(items, { ...files, budgetMs: LOOK_BUDGET_MS });
  const lost = missing.map(({ item }) => item);
  const remote = found.filter(({ isRemote }) => isRemote).map(({ item }) => item);
  const isMetered = remote.length > 0 && (await (files.access ?? ALONE).isMetered());
  const fitting = new Set(isMetered ? [] : withinRoom(remote, files.keptDir));
  const left = remote.filter((item) => !fitting.has(item));
  return {
    items: [...found.map(({ item }) => item), ...lonely],
    warnings: [
      ...warningsOf(lost, "in no cache, not kept, and nowhere to be fetched"),
      ...warningsOf(left, isMetered ? "not fetched over a metered connection" : "not fetched onto a nearly full disk"),
    ],
  };
}

function warningsOf(lost: readonly SyncPackage[], why: string): readonly string[] {
  if (lost.length === 0) return [];
  const names = lost.slice(0, TOLD_NAMES).map(({ name, version }) => `${name} ${version}`);
  const rest = lost.length > TOLD_NAMES ? ` and ${lost.length - TOLD_NAMES} more` : "";
  const files = lost.length === 1 ? "whose file is" : "whose files are";
  return [`there is no way back to ${names.join(", ")}${rest}, ${files} ${why}`];
}

export interface KeepOptions extends FileSurroundings {
  readonly signal: AbortSignal;
}

/** Keeps what is at hand, then fetches what is not, within bounds. Answers what was not kept. Rejects only when aborted. */
export async function keepWayBack(
  items: readonly SyncPackage[],
  options: KeepOptions,
): Promise<readonly SyncPackage[]> {
  const { keptDir, configuration } = options;
  mkdirSync(keptDir, { recursive: true, mode: 0o755 });
  const isKept = fileFinder(keptFoldersOf(keptDir));
  const isCached = fileFinder(configuration.cacheDirs);
  const lacking: SyncPackage[] = [];
  for (const item of items) {
    options.signal.throwIfAborted();
    if ((await isKept(item)) !== undefined) continue;
    const file = await isCached(item);
    if (file === undefined || !(await tryKeep(file, keptDir, item))) lacking.push(item);
  }
  if (lacking.length === 0 || (await (options.access ?? ALONE).isMetered())) return lacking;
  return fetchLacking(lacking, options);
}

/** By name and size where a view knows these: reading the metadata of hundreds of files takes longer than linking them. */
function fileFinder(folders: readonly string[]): (item: SyncPackage) => Promise<string | undefined> {
  const builds = listBuilds(folders);
  return async (item) => {
    if (item.sha256 === undefined || item.compressedSize === 0) return builds(item);
    return folders
      .map((folder) => join(folder, item.filename))
      .find((file) => statSync(file, { throwIfNoEntry: false })?.size === item.compressedSize);
  };
}

async function fetchLacking(lacking: readonly SyncPackage[], options: KeepOptions): Promise<readonly SyncPackage[]> {
  const { keptDir, signal } = options;
  const directory = join(keptDir, "coming");
  const kept = new Set<SyncPackage>();
  const limit = AbortSignal.timeout(FETCH_LIMIT_MS);
  try {
    await fetchFiles(withinRoom(lacking, keptDir), directory, {
      ...options,
      signal: AbortSignal.any([signal, limit]),
      onFile: async (item, file) => {
        if (await tryKeep(file, keptDir, item)) kept.add(item);
      },
    });
  } catch {
    // Out of time or room: what is not kept now is only the way back.
    signal.throwIfAborted();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return lacking.filter((item) => !kept.has(item));
}

/** As many as fit, in their order. A file of unknown size is taken for a small one. */
function withinRoom(items: readonly SyncPackage[], keptDir: string): readonly SyncPackage[] {
  if (items.length === 0) return [];
  let room = Math.min(FETCH_LIMIT_BYTES, roomFor(keptDir));
  return items.filter(({ compressedSize }) => {
    const fits = compressedSize <= room;
    if (fits) room -= compressedSize;
    return fits;
  });
}

async function tryKeep(file: string, keptDir: string, item: SyncPackage): Promise<boolean> {
  try {
    await keepFile(file, keptDir, item);
    return true;
  } catch {
    return false;
  }
}
