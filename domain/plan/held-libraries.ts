// Packages that are held while others, built beside a newer version of them, come in: without a versioned dependency pacman
// sees nothing wrong, and the newcomers may look for libraries that the held version does not have.
import { parseRequirement } from "../view/requirement.ts";

export interface HeldLibrary {
  readonly name: string;
  readonly version: string;
  /** What the target's repositories have. */
  readonly wanted: { readonly version: string; readonly provides: readonly string[] };
  readonly provides: readonly string[];
}

/** Names in one warning; the rest is counted. */
const TOLD_NAMES = 10;

/** `held` are those that have libraries; `coming` is what the plan installs. */
export function heldLibraryWarnings(
  held: readonly HeldLibrary[],
  coming: readonly { readonly name: string; readonly depends: readonly string[] }[],
): readonly string[] {
  return held.flatMap((one) => {
    if (one.version === one.wanted.version || saysTheSame(one)) return [];
    const answers = new Set([one.name, ...one.provides.map((text) => parseRequirement(text).name)]);
    const names = coming
      .filter(({ depends }) => depends.some((text) => answers.has(parseRequirement(text).name)))
      .map(({ name }) => name)
      .toSorted();
    if (names.length === 0) return [];
    const rest = names.length - TOLD_NAMES;
    const told = `${names.slice(0, TOLD_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
    return [
      `${one.name} stays at ${one.version}, but what comes was built beside ${one.wanted.version} and may look for its libraries: ${told}`,
    ];
  });
}

/** Both versions name their libraries, and name the same ones. */
function saysTheSame({ provides, wanted }: HeldLibrary): boolean {
  const libraries = (texts: readonly string[]): string =>
    texts
      .filter((text) => parseRequirement(text).name.endsWith(".so"))
      .toSorted()
      .join("\n");
  return libraries(provides) !== "" && libraries(provides) === libraries(wanted.provides);
}
