// The moments that this machine can be returned to, with what each would need. Reads only what is on disk: neither server
// nor network.
import { isSameBuild, pairPackages } from "../domain/package-set/delta.ts";
import type { InstalledPackage } from "../domain/package-set/package-set.ts";
import type { AgentConfig } from "./config.ts";
import { findRevertRecord, readHistory } from "./history.ts";
import { type Installation, openInstallationReader } from "./installation.ts";
import { listPackageFiles } from "./pacman/package-file.ts";
import { keptPackagesDirOf } from "./state-folders.ts";

/** The machine as it was right before an operation. */
export interface Moment {
  /** What `revert --operation` takes. */
  readonly operationId: string;
  readonly atMs: number;
  /** The target that the operation led to; 0 for an update. */
  readonly targetRevision: number;
  readonly isRevert: boolean;
  /** Packages installed then. */
  readonly packages: number;
  /** Packages that differ now: those to install or move, and those to remove. */
  readonly changes: number;
  /** Files that the way back needs and that are not on the machine: "NAME VERSION", sorted. */
  readonly missingFiles: readonly string[];
  /** Where a plain `revert` leads. */
  readonly isNext: boolean;
}

/** Newest first. Needs no lock. Throws when the configuration or a database cannot be read. */
export async function readMoments({ stateDir, pacmanConfig }: AgentConfig): Promise<readonly Moment[]> {
  return listMoments(stateDir, await openInstallationReader(pacmanConfig).read());
}

function listMoments(stateDir: string, { local, configuration, foreign }: Installation): readonly Moment[] {
  const files = listPackageFiles([keptPackagesDirOf(stateDir), ...configuration.cacheDirs]);
  const next = findRevertRecord(stateDir, undefined)?.operationId;
  return readHistory(stateDir)
    .map(({ operationId, atMs, targetRevision, isRevert, set }): Moment => {
      const pairs = [...pairPackages(local.set, set)].filter(
        ({ before, after }) => before === undefined || after === undefined || !isSameBuild(before, after),
      );
      // A revert leaves foreign packages to their owner.
      const wanted = pairs.flatMap(({ after }) => (after === undefined || foreign.has(after.name) ? [] : after));
      const isHere = ({ name, version }: InstalledPackage): boolean => files.has(`${name}-${version}`);
      return {
        operationId,
        atMs,
        targetRevision,
        isRevert,
        packages: set.packages.length,
        changes: pairs.length,
        missingFiles: wanted
          .filter((one) => !isHere(one))
          .map(({ name, version }) => `${name} ${version}`)
          .toSorted(),
        isNext: operationId === next,
      };
    })
    .toReversed();
}
