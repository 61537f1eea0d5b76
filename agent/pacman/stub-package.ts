// Packages that pacpool makes itself: a stub carries a real package's metadata and no files, so that a simulation needs
// no download; the transition package carries the conflicts that name what a transaction removes.
import { TRANSITION_PACKAGE } from "../../domain/package-set/package-set.ts";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { packArchive } from "./tar-archive.ts";

/** The transition package, in a repository of its own. `conflicts` are NAME=VERSION, `replaces` names. */
export function transitionPackage(conflicts: readonly string[], replaces: readonly string[] = []): SyncPackage {
  return {
    repository: "transition",
    name: TRANSITION_PACKAGE,
    version: "1-1",
    architecture: "any",
    filename: `${TRANSITION_PACKAGE}-1-1-any.pkg.tar`,
    sha256: undefined,
    signature: undefined,
    base: TRANSITION_PACKAGE,
    compressedSize: 0,
    installedSize: 0,
    buildDate: 0,
    depends: [],
    provides: [],
    conflicts,
    replaces,
    groups: [],
  };
}

/** The same package under the name of its stub: uncompressed, because a compressor would only cost time. */
export function asStub(item: SyncPackage): SyncPackage {
  const filename = `${item.name}-${item.version}-${item.architecture}.pkg.tar`;
  return { ...item, filename, sha256: undefined, signature: undefined };
}

/** The bytes of a package with this metadata and no files. */
export function packStub(item: SyncPackage): Promise<Buffer> {
  const lines = (key: string, values: readonly string[]): readonly string[] =>
    values.map((value) => `${key} = ${value}`);
  const information = [
    `pkgname = ${item.name}`,
    `pkgver = ${item.version}`,
    `size = ${item.installedSize}`,
    `arch = ${item.architecture}`,
    ...(item.buildDate === 0 ? [] : [`builddate = ${item.buildDate}`]),
    ...lines("replaces", item.replaces),
    ...lines("group", item.groups),
    ...lines("conflict", item.conflicts),
    ...lines("provides", item.provides),
    ...lines("depend", item.depends),
  ];
  return packArchive([{ path: ".PKGINFO", content: `${information.join("\n")}\n` }]);
}
