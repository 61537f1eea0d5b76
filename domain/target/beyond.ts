// What the repositories have beyond a target: a newer view of the same class compared with the one that the target froze.
// Content only; when it was seen and by whom is the caller's.
import type { PackageSet } from "../package-set/package-set.ts";
import { compareVersions } from "../version/compare.ts";
import type { ViewIndex } from "../view/view-index.ts";
import type { Target } from "./target.ts";

export interface Beyond {
  /** Packages of the repositories that are newer than in the target. */
  readonly newer: number;
  /** Those among them that the target's source has installed. */
  readonly newerInstalled: number;
  /** When the newest package of the other view was built; Unix seconds, 0 when no package says it. */
  readonly builtAt: number;
}

/** What an endpoint of the pool has seen of its mirrors. */
export interface Upstream extends Beyond {
  /** The endpoint whose databases say so. */
  readonly endpoint: string;
}

/** Undefined when the other view is not newer than the target's own: an old mirror says nothing. */
export function computeBeyond(
  target: Pick<Target, "pins">,
  targetView: ViewIndex,
  other: ViewIndex,
  installed: PackageSet,
): Beyond | undefined {
  const builtAt = newestBuild(other);
  if (builtAt <= newestBuild(targetView)) return undefined;
  const atSource = new Set(installed.packages.map(({ name }) => name));
  let newer = 0;
  let newerInstalled = 0;
  for (const [name, { version }] of other.packages) {
    const wanted = target.pins.get(name) ?? targetView.packages.get(name)?.version;
    if (wanted === undefined || wanted === version || compareVersions(version, wanted) <= 0) continue;
    newer += 1;
    if (atSource.has(name)) newerInstalled += 1;
  }
  return newer === 0 ? undefined : { newer, newerInstalled, builtAt };
}

function newestBuild({ packages }: ViewIndex): number {
  let newest = 0;
  for (const { buildDate } of packages.values()) if (buildDate > newest) newest = buildDate;
  return newest;
}
