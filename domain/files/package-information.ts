// What a package file says of itself: the .PKGINFO at the beginning of its archive, decompressed by the caller.
import { isBuildDate, isPackageName, isVersion, isWord } from "../package-set/package-set.ts";
import { decodeUtf8Tolerantly } from "../text/utf8.ts";
import { walkTar } from "../view/tar-walk.ts";

/** One build of a package. */
export interface PackageKey {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Unix seconds; 0 where it is unknown. */
  readonly buildDate: number;
}

/** From the first bytes of the tar, which may be cut off anywhere; undefined while .PKGINFO is not in them. */
export function findPackageKey(head: Uint8Array): PackageKey | undefined {
  try {
    for (const { path, bytes } of walkTar(head)) if (path === ".PKGINFO") return readPackageKey(bytes);
  } catch {
    // It ends after what we look for, or before it.
  }
  return undefined;
}

function readPackageKey(bytes: Uint8Array): PackageKey | undefined {
  const fields = new Map<string, string>();
  for (const line of decodeUtf8Tolerantly(bytes).split("\n")) {
    const [, key, value] = /^(\w+) = (.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !fields.has(key)) fields.set(key, value);
  }
  const name = fields.get("pkgname") ?? "";
  const version = fields.get("pkgver") ?? "";
  const architecture = fields.get("arch") ?? "";
  const buildDate = Number(fields.get("builddate") ?? "0");
  if (!isPackageName(name) || !isVersion(version) || !isWord(architecture) || !isBuildDate(buildDate)) return undefined;
  return { name, version, architecture, buildDate };
}

/** Whether a file fits what was asked for; a build date of 0 on either side fits any. */
export function isBuildOf(wanted: PackageKey, found: PackageKey): boolean {
  return (
    wanted.name === found.name &&
    wanted.version === found.version &&
    (wanted.architecture === "" || wanted.architecture === found.architecture) &&
    (wanted.buildDate === 0 || found.buildDate === 0 || wanted.buildDate === found.buildDate)
  );
}

const EXTENSION = /\.pkg\.tar(?:\.[a-z0-9]{1,5})?$/;

/** NAME-VERSION-ARCHITECTURE.pkg.tar.*, as makepkg names files and caches keep them. */
export function isFilenameOf(filename: string, key: PackageKey): boolean {
  const extension = EXTENSION.exec(filename)?.[0];
  return extension !== undefined && filename === `${key.name}-${key.version}-${key.architecture}${extension}`;
}

/** Binary OpenPGP, beginning with a signature packet: what pacman takes. Whose it is only pacman says. */
export function isSignature(bytes: Uint8Array): boolean {
  const tag = bytes[0] ?? 0;
  const isOldFormat = (tag & 0xc0) === 0x80;
  const isNewFormat = (tag & 0xc0) === 0xc0;
  return bytes.length > 2 && ((isOldFormat && (tag & 0x3c) === 0x08) || (isNewFormat && (tag & 0x3f) === 0x02));
}
