// Which installed builds a plan makes go away, and what the views at hand know of their files: the input of the way back.
import { isSameBuild, pairPackages } from "../../domain/package-set/delta.ts";
import type { InstalledPackage, PackageSet } from "../../domain/package-set/package-set.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import type { FileSurroundings } from "../files/file-source.ts";
import { findWayBack, type WayBack } from "../files/way-back.ts";
import type { Installation } from "../installation.ts";

/** `earlier`: views of earlier operations, the newest first; read only for builds that the machine's own does not have. */
export async function planWayBack(
  { local, own, foreign }: Installation,
  after: PackageSet,
  earlier: readonly (() => ViewIndex)[],
  files: FileSurroundings,
): Promise<WayBack> {
  const going = [...pairPackages(local.set, after)].flatMap(({ before, after: now }) =>
    before === undefined || (now !== undefined && isSameBuild(before, now)) ? [] : [before],
  );
  const views = [() => own.index, ...earlier];
  return findWayBack(
    {
      going,
      foreign: local.set.packages.filter(({ name }) => foreign.has(name)),
      describe: (installed) => {
        for (const view of views) {
          const known = view().packages.get(installed.name);
          if (known !== undefined && isBuild(known, installed)) return known;
        }
        return undefined;
      },
      repositoryOf: (name) => own.index.packages.get(name)?.repository ?? "",
    },
    files,
  );
}

function isBuild(known: Omit<InstalledPackage, "reason">, installed: InstalledPackage): boolean {
  return (
    known.version === installed.version &&
    known.architecture === installed.architecture &&
    known.buildDate === installed.buildDate
  );
}
