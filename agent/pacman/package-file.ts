// What a package file says of itself, for versions that no database at hand has: pins, and the way back after the
// repositories moved on.
import { createReadStream, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { createGunzip, createZstdDecompress } from "node:zlib";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { walkTar } from "../../domain/view/tar-walk.ts";
import { ask } from "./process.ts";

/** makepkg puts .PKGINFO among the first three entries; .MTREE before it has at most a few MiB. */
const headLimitBytes = 16 * 1024 * 1024;

/** Package files in some folders, by NAME-VERSION; the first folder that has one wins. */
export type PackageFiles = ReadonlyMap<string, string>;

/** Lists folders once: a cache has thousands of files, and a plan asks for hundreds. A missing folder is empty. */
export function listPackageFiles(folders: readonly string[]): PackageFiles {
  const files = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of entriesOf(folder)) {
      const [, key] = /^(.+)-[^-]+\.pkg\.tar(?:\.(?!sig$|part$)\w+)?$/.exec(entry) ?? [];
      if (key !== undefined && !files.has(key)) files.set(key, join(folder, entry));
    }
  }
  return files;
}

/** Reads a file's .PKGINFO. The digest stays unknown: what vouches for the file is its signature. */
export async function readPackageFile(file: string, repository: string): Promise<SyncPackage> {
  const fields = parseInformation(await informationOf(file));
  const one = (key: string): string => fields.get(key)?.[0] ?? "";
  const all = (key: string): readonly string[] => fields.get(key) ?? [];
  const name = one("pkgname");
  if (name === "") throw new Error(`reading ${file}: its .PKGINFO has no pkgname`);
  return {
    name,
    version: one("pkgver"),
    architecture: one("arch"),
    repository,
    buildDate: Number(one("builddate")) || 0,
    filename: basename(file),
    compressedSize: statSync(file).size,
    installedSize: Number(one("size")) || 0,
    sha256: undefined,
    signature: undefined,
    base: one("pkgbase") || name,
    depends: all("depend"),
    provides: all("provides"),
    conflicts: all("conflict"),
    replaces: all("replaces"),
    groups: all("group"),
  };
}

function parseInformation(text: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) fields.set(key, [...(fields.get(key) ?? []), value]);
  }
  return fields;
}

async function informationOf(file: string): Promise<string> {
  if (/\.(zst|gz|tar)$/.test(file)) {
    const found = informationIn(await headOf(file));
    if (found !== undefined) return found;
  }
  // xz, bzip2 and others that Node does not read; bsdtar comes with libarchive, which pacman needs.
  const { code, output, errors } = await ask(["bsdtar", "-xOqf", file, ".PKGINFO"]);
  if (code !== 0) throw new Error(`reading .PKGINFO of ${file} with bsdtar (exit ${code}): ${errors.trim()}`);
  return output;
}

function informationIn(head: Buffer): string | undefined {
  try {
    for (const { path, bytes } of walkTar(head)) if (path === ".PKGINFO") return Buffer.from(bytes).toString("utf8");
  } catch {
    // The head is cut off somewhere after what we look for, or does not have it.
  }
  return undefined;
}

async function headOf(file: string): Promise<Buffer> {
  if (file.endsWith(".tar")) return readFileSync(file).subarray(0, headLimitBytes);
  const source = createReadStream(file);
  const plain = source.pipe(file.endsWith(".zst") ? createZstdDecompress() : createGunzip());
  source.on("error", (error) => plain.destroy(error));
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of plain) {
      if (!Buffer.isBuffer(chunk)) break;
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= headLimitBytes || informationIn(Buffer.concat(chunks)) !== undefined) break;
    }
  } finally {
    source.destroy();
    plain.destroy();
  }
  return Buffer.concat(chunks);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
