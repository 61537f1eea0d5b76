// What a build that no view describes must look like: enough to look for its file, to know it when it comes, and no more.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { PackageKey } from "./file-store.ts";

/** makepkg's usual compression; other files of that build are found by what they are, not by their names. */
const EXTENSION = ".pkg.tar.zst";

/** Size and digest are unknown: what comes is judged by its own metadata. */
export function describeBuild(build: PackageKey, repository: string, filename?: string): SyncPackage {
  const { name, version, architecture, buildDate } = build;
  return {
    name,
    version,
    architecture,
    repository,
    buildDate,
    filename: filename ?? `${name}-${version}-${architecture}${EXTENSION}`,
    compressedSize: 0,
    installedSize: 0,
    sha256: undefined,
    signature: undefined,
    base: name,
    depends: [],
    provides: [],
    conflicts: [],
    replaces: [],
    groups: [],
  };
}
