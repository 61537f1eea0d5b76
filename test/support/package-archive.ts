// Builds valid pacman packages in memory, without a child process: .PKGINFO, .MTREE, .INSTALL and files. Knows nothing
// of repositories and roots.
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type ArchiveEntry, packArchive } from "../../agent/pacman/tar-archive.ts";

/** One file of a package: its text, or bytes, or where a symbolic link points. */
export type PackagedFile =
  | string
  | Buffer
  | { readonly link: string }
  | { readonly text: string; readonly mode: number };

/** What a package is made of. Lists default to empty; paths are relative to the root, without a leading slash. */
export interface PackageRecipe {
  readonly name: string;
  /** With pkgrel and, where wanted, epoch: "1:2.0-1". */
  readonly version: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly depends?: readonly string[];
  readonly optionalDepends?: readonly string[];
  readonly provides?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly replaces?: readonly string[];
  readonly groups?: readonly string[];
  readonly backup?: readonly string[];
  /** Unix seconds; one version with another build date is a rebuild. */
  readonly buildDate?: number;
  readonly files?: Readonly<Record<string, PackagedFile>>;
  /** The whole .INSTALL file: shell functions such as post_install. */
  readonly install?: string;
}

/** A built package: the file that a mirror serves, and what a repository database says about it. */
export interface PackageArchive {
  readonly recipe: PackageRecipe;
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  readonly installedBytes: number;
}

/** 2025-06-01; a fixed time keeps archives of one recipe equal byte by byte. */
export const defaultBuildDate = 1_748_736_000;

/** Builds one package. Every package gets a licence file of its own, so none is empty unless `files` is {}. */
export async function buildPackage(recipe: PackageRecipe): Promise<PackageArchive> {
  const buildDate = recipe.buildDate ?? defaultBuildDate;
  const files = Object.entries(
    recipe.files ?? { [`usr/share/licenses/${recipe.name}/LICENSE`]: `${recipe.name} ${recipe.version}\n` },
  ).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const installedBytes = files.reduce((sum, [, file]) => sum + contentOf(file).length, 0);
  const entries: ArchiveEntry[] = [
    { path: ".PKGINFO", content: packageInfo(recipe, buildDate, installedBytes) },
    { path: ".MTREE", content: gzipSync(treeListing(recipe, files, buildDate)) },
    ...(recipe.install === undefined ? [] : [{ path: ".INSTALL", content: recipe.install }]),
    ...foldersOf(files.map(([path]) => path)).map((folder) => ({ path: `${folder}/` })),
    ...files.map(([path, file]) =>
      isLink(file) ? { path, link: file.link } : { path, content: contentOf(file), mode: modeOf(path, file) },
    ),
  ];
  const bytes = zstdCompressSync(await packArchive(entries, buildDate));
  return {
    recipe,
    fileName: `${recipe.name}-${recipe.version}-${recipe.architecture ?? "any"}.pkg.tar.zst`,
    bytes,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    installedBytes,
  };
}

function packageInfo(recipe: PackageRecipe, buildDate: number, installedBytes: number): string {
  const line = (key: string, values: readonly string[] | undefined): readonly string[] =>
    (values ?? []).map((value) => `${key} = ${value}`);
  return `${[
    `pkgname = ${recipe.name}`,
    `pkgbase = ${recipe.name}`,
    `pkgver = ${recipe.version}`,
    `pkgdesc = ${recipe.description ?? `the ${recipe.name} package`}`,
    "url = https://example.invalid/",
    `builddate = ${buildDate}`,
    "packager = A Test <test@example.invalid>",
    `size = ${installedBytes}`,
    `arch = ${recipe.architecture ?? "any"}`,
    "license = MIT",
    ...line("replaces", recipe.replaces),
    ...line("group", recipe.groups),
    ...line("conflict", recipe.conflicts),
    ...line("provides", recipe.provides),
    ...line("backup", recipe.backup),
    ...line("depend", recipe.depends),
    ...line("optdepend", recipe.optionalDepends),
  ].join("\n")}\n`;
}

function treeListing(
  recipe: PackageRecipe,
  files: readonly (readonly [string, PackagedFile])[],
  buildDate: number,
): string {
  const lines = ["#mtree", "/set type=file uid=0 gid=0 mode=644"];
  const time = `time=${buildDate}.0`;
  for (const folder of foldersOf(files.map(([path]) => path))) lines.push(`./${folder} ${time} mode=755 type=dir`);
  const regular = (path: string, content: Buffer, mode: number): void => {
    const digest = (algorithm: string): string => createHash(algorithm).update(content).digest("hex");
    // pacman 6.0 compares the MD5 as well and takes a missing one for a mismatch.
    const digests = `md5digest=${digest("md5")} sha256digest=${digest("sha256")}`;
    lines.push(`./${path} ${time} mode=${mode.toString(8)} size=${content.length} ${digests}`);
  };
  if (recipe.install !== undefined) regular(".INSTALL", Buffer.from(recipe.install), 0o644);
  for (const [path, file] of files) {
    if (isLink(file)) lines.push(`./${path} ${time} mode=777 type=link link=${file.link}`);
    else regular(path, contentOf(file), modeOf(path, file));
  }
  return `${lines.join("\n")}\n`;
}

function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/");
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join("/"));
  }
  return [...folders].toSorted();
}

function isLink(file: PackagedFile): file is { readonly link: string } {
  return typeof file === "object" && "link" in file;
}

function contentOf(file: PackagedFile): Buffer {
  if (typeof file === "string") return Buffer.from(file);
  if (Buffer.isBuffer(file)) return file;
  return "text" in file ? Buffer.from(file.text) : Buffer.alloc(0);
}

function modeOf(path: string, file: PackagedFile): number {
  if (typeof file === "object" && "mode" in file) return file.mode;
  return path.startsWith("usr/bin/") ? 0o755 : 0o644;
}
