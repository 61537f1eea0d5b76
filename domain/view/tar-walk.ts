// The regular files of a tar archive in memory: ustar, pax paths and GNU long names, which is what libarchive and bsdtar
// write. It copies nothing, knows no compression, and stops at damage instead of guessing.
import { MAX_TAR_ENTRIES } from "../limits.ts";
import { tooLarge } from "../refusal.ts";
import { decodeUtf8Tolerantly } from "../text/utf8.ts";

export interface TarFile {
  /** As stored, without a leading "./". */
  readonly path: string;
  /** A part of the archive's own bytes, not a copy. */
  readonly bytes: Uint8Array;
}

/** The archive is damaged. */
export class TarError extends Error {
  override readonly name = "TarError";
  /** Byte offset of the header concerned. */
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(`tar archive at byte ${offset}: ${reason}`);
    this.offset = offset;
  }
}

const BLOCK = 512;

/** Longer paths are damage: file systems end at 4096. */
const MAX_PATH_BYTES = 4_096;

/** Throws TarError on damage and truncation; an archive may end with or without its two empty blocks. */
export function* walkTar(archive: Uint8Array): Generator<TarFile> {
  let longPath: string | undefined;
  let entries = 0;
  for (let offset = 0; offset < archive.length; ) {
    if (offset + BLOCK > archive.length) throw new TarError(offset, "it ends inside a header");
    if (isEmptyBlock(archive, offset)) return;
    entries += 1;
    if (entries > MAX_TAR_ENTRIES) throw tooLarge("entries of a tar archive", MAX_TAR_ENTRIES);
    const size = readSize(archive, offset);
    const type = String.fromCharCode(archive[offset + 156] ?? 0);
    const start = offset + BLOCK;
    if (start + size > archive.length) throw new TarError(offset, `it ends inside a file of ${size} bytes`);
    const bytes = archive.subarray(start, start + size);
    if (type === "L" || type === "x") longPath = readLongPath(type, bytes, offset) ?? longPath;
    else if (type !== "g") {
      if (type === "0" || type === "\0" || type === "7") {
        yield { path: trimPath(longPath ?? readHeaderPath(archive, offset)), bytes };
      }
      longPath = undefined;
    }
    offset = start + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function isEmptyBlock(archive: Uint8Array, offset: number): boolean {
  for (let at = offset; at < offset + BLOCK; at += 1) if (archive[at] !== 0) return false;
  return true;
}

/** Checks the header's checksum on the way: without it any bytes would pass as a header. */
function readSize(archive: Uint8Array, offset: number): number {
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += at >= 148 && at < 156 ? 32 : (archive[offset + at] ?? 0);
  if (readOctal(archive, offset + 148, 8) !== sum) throw new TarError(offset, "the checksum of its header is wrong");
  const size = readOctal(archive, offset + 124, 12);
  if (size === undefined) throw new TarError(offset, "its size is not an octal number");
  return size;
}

function readOctal(archive: Uint8Array, offset: number, length: number): number | undefined {
  let value = 0;
  let digits = 0;
  for (let at = offset; at < offset + length; at += 1) {
    const code = archive[at] ?? 0;
    if (code === 0 || code === 32) {
      if (digits > 0) break;
    } else {
      if (code < 48 || code > 55) return undefined;
      value = value * 8 + (code - 48);
      digits += 1;
    }
  }
  return digits === 0 ? undefined : value;
}

function readText(archive: Uint8Array, offset: number, length: number): string {
  let end = offset;
  while (end < offset + length && archive[end] !== 0) end += 1;
  return decodeUtf8Tolerantly(archive.subarray(offset, end));
}

function readHeaderPath(archive: Uint8Array, offset: number): string {
  const name = readText(archive, offset, 100);
  // GNU's "ustar  " has other things where ustar has a prefix.
  const isPosix = readText(archive, offset + 257, 6) === "ustar" && archive[offset + 262] === 0;
  const prefix = isPosix ? readText(archive, offset + 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function readLongPath(type: "L" | "x", bytes: Uint8Array, offset: number): string | undefined {
  if (type === "x") return readPaxPath(bytes, offset);
  if (bytes.length > MAX_PATH_BYTES) throw new TarError(offset, "its path is too long");
  return readText(bytes, 0, bytes.length);
}

/** Records are `LENGTH KEY=VALUE\n`, the length counting all of it. */
function readPaxPath(bytes: Uint8Array, offset: number): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = space === -1 ? Number.NaN : Number(decodeUtf8Tolerantly(bytes.subarray(at, space)));
    if (!Number.isInteger(length) || length < space - at + 2 || at + length > bytes.length) {
      throw new TarError(offset, "an extended header has a record of wrong length");
    }
    const record = decodeUtf8Tolerantly(bytes.subarray(space + 1, at + length - 1));
    if (record.startsWith("path=")) path = record.slice("path=".length);
    // A size of its own only matters above 8 GiB, which no sync database entry has.
    at += length;
  }
  if (path !== undefined && path.length > MAX_PATH_BYTES) throw new TarError(offset, "its path is too long");
  return path;
}

function trimPath(path: string): string {
  return path.startsWith("./") ? path.slice(2) : path;
}
