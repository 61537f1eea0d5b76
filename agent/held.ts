// Names that the machine's own pacman.conf holds, resolved against what is installed. Pure.
import { matchesGlob } from "node:path";

interface Holdable {
  readonly name: string;
  readonly groups: readonly string[];
}

interface Holds {
  /** IgnorePkg: shell patterns over names. */
  readonly ignoredPackages: readonly string[];
  /** IgnoreGroup: shell patterns over groups. */
  readonly ignoredGroups: readonly string[];
}

/** Ascending. */
export function heldNames(holds: Holds, installed: Iterable<Holdable>): readonly string[] {
  const held: string[] = [];
  for (const { name, groups } of installed) {
    const isHeld =
      holds.ignoredPackages.some((pattern) => matchesGlob(name, pattern)) ||
      groups.some((group) => holds.ignoredGroups.some((pattern) => matchesGlob(group, pattern)));
    if (isHeld) {
      held.push(name);
    }
  }
  return held.sort();
}
