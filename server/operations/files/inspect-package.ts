// Reads what a package file on this disk says of itself. It runs no program: what Node cannot decompress stays unread.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { findPackageKey, type PackageKey } from "../../../domain/files/package-information.ts";
import { MAX_PACKAGE_HEAD_BYTES } from "../../../domain/limits.ts";

export type Inspection =
  | { readonly kind: "package"; readonly key: PackageKey }
  /** Compressed with something that Node does not read (xz of old archives). */
  | { readonly kind: "unreadable" }
  | { readonly kind: "not-a-package" };

/** Decompressed bytes between two looks: .PKGINFO mostly lies in the first ones. */
const LOOK_BYTES = 256 * 1024;

export async function inspectPackage(path: string): Promise<Inspection> {
  const magic = await readMagic(path);
  if (isUnreadable(magic)) return { kind: "unreadable" };
  const source = createReadStream(path);
  const decompressor = decompressorFor(magic);
  const plain = decompressor === undefined ? source : source.pipe(decompressor);
  source.on("error", (error) => plain.destroy(error));
  try {
    const key = await findKey(plain);
    return key === undefined ? { kind: "not-a-package" } : { kind: "package", key };
  } catch {
    return { kind: "not-a-package" };
  } finally {
    source.destroy();
    plain.destroy();
  }
}

async function findKey(plain: AsyncIterable<unknown>): Promise<PackageKey | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let lookAt = 0;
  for await (const chunk of plain) {
    if (!Buffer.isBuffer(chunk)) break;
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < lookAt) continue;
    const key = findPackageKey(Buffer.concat(chunks));
    if (key !== undefined || bytes >= MAX_PACKAGE_HEAD_BYTES) return key;
    lookAt = bytes + LOOK_BYTES;
  }
  return findPackageKey(Buffer.concat(chunks));
}

async function readMagic(path: string): Promise<Buffer> {
  await using handle = await open(path, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(6), 0, 6, 0);
  return buffer.subarray(0, bytesRead);
}

const starts = (magic: Buffer, hex: string): boolean => magic.toString("hex").startsWith(hex);

function decompressorFor(magic: Buffer): ReturnType<typeof createGunzip | typeof createZstdDecompress> | undefined {
  if (starts(magic, "1f8b")) return createGunzip();
  return starts(magic, "28b52ffd") ? createZstdDecompress() : undefined;
}

/** xz, bzip2, lz4, lzip. */
function isUnreadable(magic: Buffer): boolean {
  return ["fd377a585a00", "425a68", "04224d18", "4c5a4950"].some((hex) => starts(magic, hex));
}
