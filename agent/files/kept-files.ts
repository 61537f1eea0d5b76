// Package files of what is and was installed, below the state folder: the way back must need neither mirror nor cache. Flat,
// by file name; another build of the same file name lies in a folder below, by its build date. Must not know why files are
// kept.
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { listPackageFiles } from "../pacman/package-file.ts";
import type { PackageKey } from "./file-store.ts";
import { identityProblem } from "./inspect-file.ts";

/** At least so much stays free on the file system of the state folder, or a tenth of it where that is less. */
const MARGIN_BYTES = 2 * 1024 ** 3;

/** Where kept files lie: the folder itself, then those of other builds. */
export function keptFoldersOf(keptDir: string): readonly string[] {
  return [keptDir, ...otherBuildsIn(keptDir).map((build) => join(keptDir, build))];
}

/** Answers with the file in these folders that is the wanted build by its own metadata. Lists the folders once, now. */
export function listBuilds(folders: readonly string[]): (wanted: PackageKey) => Promise<string | undefined> {
  const listed = folders.map((folder) => listPackageFiles([folder]));
  return async (wanted) => {
    for (const files of listed) {
      const file = files.get(`${wanted.name}-${wanted.version}`);
      if (file !== undefined && (await identityProblem(file, wanted)) === undefined) return file;
    }
    return undefined;
  };
}

/** Links a package file and its signature into the folder of kept files. Throws when it needs a copy and has no room. */
export async function keepFile(file: string, keptDir: string, build: PackageKey): Promise<void> {
  const first = join(keptDir, basename(file));
  // A link to the very file needs no look inside.
  const isOther = existsSync(first) && !isSameFile(first, file) && (await identityProblem(first, build)) !== undefined;
  const folder = isOther ? join(keptDir, String(build.buildDate)) : keptDir;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  // The signature first: a kept file that has none looks as if it never had.
  for (const one of [`${file}.sig`, file]) {
    const target = join(folder, basename(one));
    if (existsSync(one) && !existsSync(target)) place(one, target);
  }
}

function isSameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other, { throwIfNoEntry: false })];
  return a.ino === b?.ino && a.dev === b.dev;
}

/** Bytes that may still be written for keeping's sake. */
export function roomFor(directory: string): number {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const { bavail, blocks, bsize } = statfsSync(directory);
  return Math.max(0, bavail * bsize - Math.min(MARGIN_BYTES, (blocks * bsize) / 10));
}

/** Forgets all but these builds. */
export function pruneKeptFiles(keptDir: string, wanted: readonly PackageKey[]): void {
  const names = new Set(wanted.map(fileStartOf));
  const builds = new Set(wanted.map((one) => `${fileStartOf(one)} ${one.buildDate}`));
  const prune = (folder: string, isWanted: (start: string) => boolean): void => {
    for (const file of entriesOf(folder)) {
      const end = file.indexOf(".pkg.tar");
      const isFolder = folder === keptDir && isBuild(file);
      const isLeftover = end === -1 || /\.(?:part|new)$/.test(file);
      if (!isFolder && (isLeftover || !isWanted(file.slice(0, end)))) rmSync(join(folder, file), { recursive: true });
    }
  };
  prune(keptDir, (start) => names.has(start));
  for (const build of otherBuildsIn(keptDir)) {
    prune(join(keptDir, build), (start) => builds.has(`${start} ${build}`));
    if (entriesOf(join(keptDir, build)).length === 0) rmSync(join(keptDir, build), { recursive: true });
  }
}

function fileStartOf({ name, version, architecture }: PackageKey): string {
  return `${name}-${version}-${architecture}`;
}

/** The target appears whole. A link needs no room. */
function place(from: string, to: string): void {
  const staged = `${to}.${process.pid}.new`;
  rmSync(staged, { force: true });
  try {
    linkSync(from, staged);
  } catch {
    const { size } = statSync(from);
    const folder = join(to, "..");
    if (size > roomFor(folder)) throw new Error(`no room for ${size} bytes in ${folder} that are to be kept`);
    copyFileSync(from, staged, constants.COPYFILE_FICLONE);
  }
  renameSync(staged, to);
}

function otherBuildsIn(keptDir: string): readonly string[] {
  return entriesOf(keptDir).filter(isBuild);
}

function isBuild(entry: string): boolean {
  return /^\d+$/.test(entry);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
