// What a package file says of itself, for versions that no database at hand has: pins, and the way back after the
// repositories moved on.
import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { constants, createGunzip, createZstdDecompress, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { walkTar } from "../../domain/view/tar-walk.ts";
import { ask } from "./process.ts";

/** makepkg puts .PKGINFO among the first three entries; .MTREE before it has at most a few MiB. */
const headLimitBytes = 16 * 1024 * 1024;

/** Of the compressed file: .PKGINFO has some KiB and nearly always lies in there. */
const firstBytes = 64 * 1024;

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

/** Paths of its files, without folders, from its .MTREE; undefined where that cannot be read without unpacking it all. */
export async function readPackageListing(file: string): Promise<readonly string[] | undefined> {
  const first = firstOf(file);
  const kind = kindOf(first);
  if (kind === "other") return undefined;
  const tree = memberIn(beginningOf(first, kind), ".MTREE") ?? memberIn(await headOf(file, kind), ".MTREE");
  if (tree === undefined) return undefined;
  const text = gunzipSync(tree, { maxOutputLength: headLimitBytes }).toString("latin1");
  return text.split("\n").flatMap((line) => {
    const [, path] = /^\.\/(\S+)(?!.* type=dir)/.exec(line) ?? [];
    return path === undefined || path.startsWith(".") ? [] : [unescapePath(path)];
  });
}

/** mtree writes what is not plain ASCII as \\ooo. */
function unescapePath(path: string): string {
  const bytes = path.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
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
  const first = firstOf(file);
  const kind = kindOf(first);
  if (kind !== "other") {
    const found = informationIn(beginningOf(first, kind)) ?? informationIn(await headOf(file, kind));
    if (found !== undefined) return found;
  }
  // xz, bzip2 and others that Node does not read; bsdtar comes with libarchive, which pacman needs.
  const { code, output, errors } = await ask(["bsdtar", "-xOqf", file, ".PKGINFO"]);
  if (code !== 0) throw new Error(`reading .PKGINFO of ${file} with bsdtar (exit ${code}): ${errors.trim()}`);
  return output;
}

type Compression = "zstd" | "gzip" | "none";

/** By its first bytes: a file that is still on its way has another name. */
function kindOf(first: Buffer): Compression | "other" {
  const startsWith = (...magic: readonly number[]): boolean => magic.every((byte, index) => first[index] === byte);
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
  if (startsWith(0x1f, 0x8b)) return "gzip";
  return first.toString("latin1", 257, 262) === "ustar" ? "none" : "other";
}

function firstOf(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(firstBytes);
    return buffer.subarray(0, readSync(descriptor, buffer, 0, firstBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** What can be decompressed of a cut-off beginning: a tenth of the time that a stream takes. */
function beginningOf(first: Buffer, kind: Compression): Buffer {
  const options = { maxOutputLength: headLimitBytes };
  try {
    if (kind === "zstd") return zstdDecompressSync(first, { ...options, finishFlush: constants.ZSTD_e_flush });
    return kind === "gzip" ? gunzipSync(first, { ...options, finishFlush: constants.Z_SYNC_FLUSH }) : first;
  } catch {
    return Buffer.alloc(0);
  }
}

function informationIn(head: Buffer): string | undefined {
  return memberIn(head, ".PKGINFO")?.toString("utf8");
}

function memberIn(head: Buffer, name: string): Buffer | undefined {
  try {
    for (const { path, bytes } of walkTar(head)) if (path === name) return Buffer.from(bytes);
  } catch {
    // The head is cut off somewhere after what we look for, or does not have it.
  }
  return undefined;
}

async function headOf(file: string, kind: Compression): Promise<Buffer> {
  const source = createReadStream(file, { end: headLimitBytes });
  const unpack = { zstd: createZstdDecompress, gzip: createGunzip, none: undefined }[kind];
  const plain = unpack === undefined ? source : source.pipe(unpack());
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
  } catch {
    // Cut off or damaged: what came before that is judged.
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
