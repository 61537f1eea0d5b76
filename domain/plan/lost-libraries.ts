// Which packages that stay as they are lose a library that they need. pacman does not look: without a versioned dependency
// the transaction succeeds and the program no longer starts. Knows libraries by file name, which is what programs ask for.
import { parseRequirement } from "../view/requirement.ts";

/** What is known of the libraries of one build. */
export interface LibraryHolder {
  readonly name: string;
  readonly version: string;
  readonly provides: readonly string[];
  /** File names such as libfoo.so.1; undefined when the build's list of files is not at hand. */
  readonly libraries: readonly string[] | undefined;
}

export interface LibraryMoves {
  /** Installed builds that the plan replaces or removes. */
  readonly going: readonly LibraryHolder[];
  /** Builds that the plan installs. */
  readonly coming: readonly LibraryHolder[];
  /** Packages that stay although others move, with what their programs ask for. */
  readonly staying: readonly { readonly name: string; readonly needed: readonly string[] }[];
  /** Libraries of everything that stays. */
  readonly kept: ReadonlySet<string>;
}

/** Libraries that one package takes from another. */
export interface LostLibraries {
  /** The package that needs them. */
  readonly name: string;
  readonly libraries: readonly string[];
  /** What had them, and what becomes of that: a version, or empty for a removal. */
  readonly from: string;
  readonly toVersion: string;
  /** False: only the version's first number tells that they may go. */
  readonly isCertain: boolean;
}

/** By package, then by what had the libraries. */
export function findLostLibraries(moves: LibraryMoves): readonly LostLibraries[] {
  const coming = new Map(moves.coming.map((one) => [one.name, one]));
  const there = new Set([...moves.kept, ...moves.coming.flatMap((one) => [...(one.libraries ?? []), ...told(one)])]);
  const owners = new Map(moves.going.flatMap((one) => (one.libraries ?? []).map((library) => [library, one] as const)));
  const lost = new Map<string, LostLibraries>();
  for (const { name, needed } of moves.staying) {
    for (const library of needed) {
      const owner = owners.get(library);
      if (owner === undefined || there.has(library)) continue;
      const successor = coming.get(owner.name);
      const isCertain = isSurelyGone(library, owner, successor, moves.coming);
      if (!isCertain && successor !== undefined && leading(successor.version) === leading(owner.version)) continue;
      const key = `${name} ${owner.name} ${isCertain}`;
      const libraries = [...(lost.get(key)?.libraries ?? []), library].sort();
      lost.set(key, { name, libraries, from: owner.name, toVersion: successor?.version ?? "", isCertain });
    }
  }
  return [...lost].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** The sentence of a plan. `why` says why the package stays; empty when it is of no repository. */
export function explainLostLibraries(lost: LostLibraries, why: string): string {
  const { name, libraries, from, toVersion, isCertain } = lost;
  const move = toVersion === "" ? `${from} is removed` : `${from} becomes ${toVersion}`;
  const stays = why === "" ? "" : `; it stays as it is: ${why}`;
  const list = libraries.join(", ");
  if (!isCertain) return `${name} may have to be rebuilt afterwards: it needs ${list}, and ${move}${stays}`;
  return `${name} must be rebuilt afterwards: ${list} ${libraries.length === 1 ? "goes" : "go"}, because ${move}${stays}`;
}

function isSurelyGone(
  library: string,
  owner: LibraryHolder,
  successor: LibraryHolder | undefined,
  coming: readonly LibraryHolder[],
): boolean {
  if (told(owner).includes(library)) return true;
  // It may move into a package that is new: then only lists of files could tell.
  if (successor === undefined) return coming.every((one) => one.libraries !== undefined);
  return successor.libraries !== undefined || told(successor).some((one) => stemOf(one) === stemOf(library));
}

/** File names of libraries that a package says it provides: `libfoo.so=1-64` stands for libfoo.so.1. */
function told({ provides }: LibraryHolder): readonly string[] {
  return provides.flatMap((text) => {
    const { name, version } = parseRequirement(text);
    const number = /^(.+)-\d+$/.exec(version)?.[1];
    return name.endsWith(".so") && number !== undefined ? [`${name}.${number}`] : [];
  });
}

function stemOf(library: string): string {
  return library.replace(/\.so\..*$/, ".so");
}

/** Epoch and first number: where libraries break, these usually change. */
function leading(version: string): string {
  return /^(?:\d+:)?[^.-]*/.exec(version)?.[0] ?? "";
}
