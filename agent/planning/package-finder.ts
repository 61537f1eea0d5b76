// Finds a package of an exact version with all that its database says: in the views at hand, in those of earlier
// operations, in package files on the machine, and last in files that others have.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import { openUnknownFetcher } from "../files/fetch-unknown.ts";
import type { FileSurroundings } from "../files/file-source.ts";
import { keptFoldersOf, listBuilds } from "../files/kept-files.ts";
import { readPackageFile } from "../pacman/package-file.ts";

export interface PackageFinder {
  /** `buildDate` 0 takes any build. Undefined when nobody knows that version. */
  find(wanted: WantedPackage): Promise<SyncPackage | undefined>;
  /** By name: places that were asked for what was not found, and what was wrong there. */
  readonly lookedFor: ReadonlyMap<string, readonly string[]>;
}

export interface WantedPackage {
  readonly name: string;
  readonly version: string;
  readonly buildDate: number;
}

export interface FinderOptions {
  /** In order of preference; later ones are only read when the earlier do not have it. */
  readonly views: readonly (() => ViewIndex)[];
  readonly files: FileSurroundings;
}

export function openPackageFinder({ views, files }: FinderOptions): PackageFinder {
  const opened: (ViewIndex | undefined)[] = [];
  let builds: ReturnType<typeof listBuilds> | undefined;
  const lookedFor = new Map<string, readonly string[]>();
  const fetchUnknown = openUnknownFetcher(files);
  const viewAt = (at: number): ViewIndex | undefined => (opened[at] ??= views[at]?.());
  const inViews = (wanted: WantedPackage): SyncPackage | undefined => {
    for (const at of views.keys()) {
      const found = viewAt(at)?.packages.get(wanted.name);
      if (found !== undefined && isWanted(found, wanted)) return found;
    }
    return undefined;
  };
  return {
    async find(wanted) {
      const known = inViews(wanted);
      if (known !== undefined) return known;
      const { configuration, keptDir } = files;
      builds ??= listBuilds([...keptFoldersOf(keptDir), ...configuration.cacheDirs]);
      const build = { ...wanted, architecture: "" };
      // Its own repository's demands on signatures hold for an older version as well.
      const repository =
        viewAt(0)?.packages.get(wanted.name)?.repository ?? viewAt(1)?.packages.get(wanted.name)?.repository ?? "kept";
      const here = await builds(build);
      const found = here === undefined ? await fetchUnknown(build, repository) : { file: here };
      if ("file" in found) return readPackageFile(found.file, repository);
      lookedFor.set(wanted.name, found.lookedFor);
      return undefined;
    },
    lookedFor,
  };
}

function isWanted(found: SyncPackage, { name, version, buildDate }: WantedPackage): boolean {
  return (
    found.name === name &&
    found.version === version &&
    (buildDate === 0 || found.buildDate === 0 || found.buildDate === buildDate)
  );
}
