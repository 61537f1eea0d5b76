// A package repository in a folder, as a mirror serves it: NAME.db and package files. Publishing again is a new moment:
// the database then holds only the new packages, older files stay unless asked otherwise.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { packArchive } from "../../agent/pacman/tar-archive.ts";
import { buildPackage, defaultBuildDate, type PackageArchive, type PackageRecipe } from "./package-archive.ts";
import type { Signer } from "./signer.ts";

export interface RepositoryOptions {
  readonly directory: string;
  readonly name: string;
  readonly packages?: readonly PackageRecipe[];
  /** Signs every package file (not the database). */
  readonly signer?: Signer;
}

export interface PublishOptions {
  /** Deletes package files that the new moment does not name, as mirrors do. */
  readonly dropOldFiles?: boolean;
}

export interface Repository {
  readonly name: string;
  readonly directory: string;
  /** As written into pacman.conf. */
  readonly server: string;
  readonly signed: boolean;
  readonly archives: readonly PackageArchive[];
  publish(packages: readonly PackageRecipe[], options?: PublishOptions): Promise<void>;
  /** Writes the database again from the files that lie there, signatures included. */
  republish(): Promise<void>;
  /** As a builder whose disk was full publishes: the archive's content ends early, what the database says of the file fits it. */
  republishCut(name: string, part: number): Promise<void>;
  /** The full path of a package file, for `pacman -U`. */
  path(name: string): string;
}

/** Opens a repository in a folder of its own and publishes its first moment. */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const { directory, name, signer } = options;
  mkdirSync(directory, { recursive: true });
  let archives: readonly PackageArchive[] = [];
  let moment = 0;
  const repository: Repository = {
    name,
    directory,
    server: pathToFileURL(directory).href,
    signed: signer !== undefined,
    get archives() {
      return archives;
    },
    async publish(packages, { dropOldFiles = false } = {}) {
      archives = await Promise.all(packages.map(buildPackage));
      const present = new Set(readdirSync(directory));
      for (const archive of archives) {
        const file = join(directory, archive.fileName);
        writeFileSync(file, archive.bytes);
        if (signer !== undefined) await signer.sign(file);
      }
      if (dropOldFiles) {
        const wanted = new Set(archives.flatMap(({ fileName }) => [fileName, `${fileName}.sig`]));
        for (const file of present) if (file.includes(".pkg.tar") && !wanted.has(file)) rmSync(join(directory, file));
      }
      await repository.republish();
    },
    async republish() {
      const database = join(directory, `${name}.db`);
      writeFileSync(`${database}.new`, await databaseOf(archives, directory));
      renameSync(`${database}.new`, database);
      // pacman -Sy compares times in whole seconds: every moment must look later than the one before.
      moment += 1;
      const time = defaultBuildDate + moment * 3600;
      utimesSync(database, time, time);
    },
    async republishCut(packageName, part) {
      archives = archives.map((archive) => {
        if (archive.recipe.name !== packageName) return archive;
        const content = zstdDecompressSync(archive.bytes);
        const bytes = zstdCompressSync(content.subarray(0, Math.floor(content.length * part)));
        writeFileSync(join(directory, archive.fileName), bytes);
        return { ...archive, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
      });
      await repository.republish();
    },
    path(packageName) {
      const archive = archives.find(({ recipe }) => recipe.name === packageName);
      if (archive === undefined) throw new Error(`repository ${name} has no package ${packageName}`);
      return join(directory, archive.fileName);
    },
  };
  await repository.publish(options.packages ?? []);
  return repository;
}

/** A gzipped tar of NAME-VERSION/desc, as repo-add writes it. */
async function databaseOf(archives: readonly PackageArchive[], directory: string): Promise<Buffer> {
  const entries = archives.flatMap((archive) => {
    const folder = `${archive.recipe.name}-${archive.recipe.version}`;
    return [{ path: `${folder}/` }, { path: `${folder}/desc`, content: descriptionOf(archive, directory) }];
  });
  return gzipSync(await packArchive(entries, defaultBuildDate));
}

function descriptionOf(archive: PackageArchive, directory: string): string {
  const { recipe } = archive;
  const field = (title: string, values: readonly (string | number)[] | undefined): string =>
    values === undefined || values.length === 0 ? "" : `%${title}%\n${values.join("\n")}\n\n`;
  return [
    field("FILENAME", [archive.fileName]),
    field("NAME", [recipe.name]),
    field("BASE", [recipe.name]),
    field("VERSION", [recipe.version]),
    field("DESC", [recipe.description ?? `the ${recipe.name} package`]),
    field("GROUPS", recipe.groups),
    field("CSIZE", [archive.bytes.length]),
    field("ISIZE", [archive.installedBytes]),
    field("SHA256SUM", [archive.sha256]),
    field("URL", ["https://example.invalid/"]),
    field("LICENSE", ["MIT"]),
    field("ARCH", [recipe.architecture ?? "any"]),
    field("BUILDDATE", [recipe.buildDate ?? defaultBuildDate]),
    field("PACKAGER", ["A Test <test@example.invalid>"]),
    field("REPLACES", recipe.replaces),
    field("CONFLICTS", recipe.conflicts),
    field("PROVIDES", recipe.provides),
    field("DEPENDS", recipe.depends),
    field("OPTDEPENDS", recipe.optionalDepends),
    field("PGPSIG", signatureOf(join(directory, archive.fileName))),
  ].join("");
}

function signatureOf(file: string): readonly string[] {
  try {
    return [readFileSync(`${file}.sig`).toString("base64")];
  } catch {
    return [];
  }
}

/** Lower-case hex, for comparing files in tests. */
export function sha256Of(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
