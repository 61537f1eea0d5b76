// A sync database, decompressed by the caller, becomes its packages.
import { MAX_DESC_BYTES, MAX_PACKAGES } from "../limits.ts";
import { isBuildDate, isPackageName, isVersion, isWord } from "../package-set/package-set.ts";
import { tooLarge } from "../refusal.ts";
import { decodeUtf8Tolerantly } from "../text/utf8.ts";
import { type Desc, DescError, parseDesc, readNumberField, requireField } from "./parse-desc.ts";
import type { Provider } from "./requirement.ts";
import { walkTar } from "./tar-walk.ts";

export interface SyncPackage extends Provider {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly repository: string;
  /** Unix seconds; 0 where the database has none. */
  readonly buildDate: number;
  readonly filename: string;
  /** Bytes of the package file. */
  readonly compressedSize: number;
  /** Bytes when installed. */
  readonly installedSize: number;
  /** Lower-case hex; absent in databases made without checksums. */
  readonly sha256: string | undefined;
  /** Detached signature, base64; absent when the repository ships it beside the file only. */
  readonly signature: string | undefined;
  /** The source package that it was built from; its own name where the database has none. */
  readonly base: string;
  readonly depends: readonly string[];
  readonly provides: readonly string[];
  readonly conflicts: readonly string[];
  readonly replaces: readonly string[];
  readonly groups: readonly string[];
}

/** Tar bytes to packages in the database's order. Throws DescError or TarError, naming repository and entry. */
export function readSyncDatabase(tar: Uint8Array, repository: string): readonly SyncPackage[] {
  return [...walkSyncDatabase(tar, repository)];
}

/** The same one by one, for callers that have other things to do meanwhile: a large database takes 0.3 s. */
export function* walkSyncDatabase(tar: Uint8Array, repository: string): Generator<SyncPackage> {
  let packages = 0;
  for (const { path, bytes } of walkTar(tar)) {
    if (!path.endsWith("/desc")) continue;
    packages += 1;
    if (packages > MAX_PACKAGES) throw tooLarge(`packages of repository ${repository}`, MAX_PACKAGES);
    if (bytes.length > MAX_DESC_BYTES) throw tooLarge(`${path} of repository ${repository}`, MAX_DESC_BYTES);
    yield readEntry(bytes, path, repository);
  }
}

function readEntry(bytes: Uint8Array, path: string, repository: string): SyncPackage {
  try {
    return readSyncPackage(parseDesc(decodeUtf8Tolerantly(bytes)), repository);
  } catch (error) {
    throw new Error(`reading ${path} of repository ${repository}`, { cause: error });
  }
}

const NONE: readonly string[] = [];

/** One desc of a sync database. Throws DescError. */
export function readSyncPackage(desc: Desc, repository: string): SyncPackage {
  const name = requireField(desc, "NAME");
  const version = requireField(desc, "VERSION");
  const architecture = requireField(desc, "ARCH");
  const filename = requireField(desc, "FILENAME");
  const buildDate = readNumberField(desc, "BUILDDATE");
  if (!isPackageName(name)) throw new DescError(0, name, "expected a package name");
  if (!isVersion(version)) throw new DescError(0, version, "expected a version");
  if (!isWord(architecture)) throw new DescError(0, architecture, "expected an architecture");
  if (!isBuildDate(buildDate)) throw new DescError(0, String(buildDate), "expected a build date");
  // A file name becomes a path below our artifact directory.
  if (filename.includes("/") || filename.startsWith("."))
    throw new DescError(0, filename, "expected a file name without folder");
  return {
    name,
    version,
    architecture,
    repository,
    buildDate,
    filename,
    compressedSize: readNumberField(desc, "CSIZE"),
    installedSize: readNumberField(desc, "ISIZE"),
    sha256: desc.get("SHA256SUM")?.[0],
    signature: desc.get("PGPSIG")?.[0],
    base: desc.get("BASE")?.[0] ?? name,
    depends: desc.get("DEPENDS") ?? NONE,
    provides: desc.get("PROVIDES") ?? NONE,
    conflicts: desc.get("CONFLICTS") ?? NONE,
    replaces: desc.get("REPLACES") ?? NONE,
    groups: desc.get("GROUPS") ?? NONE,
  };
}
