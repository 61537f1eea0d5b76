// Finds a package of an exact version with all that its database says: in the views at hand, in those of earlier
// operations, and last in package files on the machine.
import type { SyncPackage } from "../domain/view/read-sync-database.ts";
import type { ViewIndex } from "../domain/view/view-index.ts";
import type { PacmanConfiguration } from "./pacman/configuration.ts";
import { listPackageFiles, type PackageFiles, readPackageFile } from "./pacman/package-file.ts";

export interface PackageFinder {
  /** `buildDate` 0 takes any build. Undefined when nobody knows that version. */
  find(wanted: WantedPackage): Promise<SyncPackage | undefined>;
}

export interface WantedPackage {
  readonly name: string;
  readonly version: string;
  readonly buildDate: number;
}

export interface FinderOptions {
  readonly configuration: PacmanConfiguration;
  /** In order of preference; later ones are only read when the earlier do not have it. */
  readonly views: readonly (() => ViewIndex)[];
  readonly keptDirs: readonly string[];
}

export function openPackageFinder({ configuration, views, keptDirs }: FinderOptions): PackageFinder {
  const opened: (ViewIndex | undefined)[] = [];
  let files: PackageFiles | undefined;
  const viewAt = (at: number): ViewIndex | undefined => (opened[at] ??= views[at]?.());
  return {
    async find(wanted) {
      for (const at of views.keys()) {
        const found = viewAt(at)?.packages.get(wanted.name);
        if (found !== undefined && isWanted(found, wanted)) return found;
      }
      const file = (files ??= listPackageFiles([...keptDirs, ...configuration.cacheDirs])).get(
        `${wanted.name}-${wanted.version}`,
      );
      if (file === undefined) return undefined;
      // Its own repository's demands on signatures hold for an older version as well.
      const repository =
        viewAt(0)?.packages.get(wanted.name)?.repository ?? viewAt(1)?.packages.get(wanted.name)?.repository;
      const read = await readPackageFile(file, repository ?? "kept").catch(() => undefined);
      return read !== undefined && isWanted(read, wanted) ? read : undefined;
    },
  };
}

function isWanted(found: SyncPackage, { name, version, buildDate }: WantedPackage): boolean {
  return (
    found.name === name &&
    found.version === version &&
    (buildDate === 0 || found.buildDate === 0 || found.buildDate === buildDate)
  );
}
