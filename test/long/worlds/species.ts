// What a drawn package is like in two moments of its repositories: versions, libraries, relations, files. One kind of
// package for each way in which real ones change. Knows nothing of machines.

import { buildElf } from "../../support/elf.ts";
import { defaultBuildDate, type PackagedFile, type PackageRecipe } from "../../support/package-archive.ts";
import type { Dice } from "./dice.ts";

export type Repository = "core" | "extra";

export interface PlacedRecipe extends PackageRecipe {
  readonly repository: Repository;
}

/** Index 0 is the earlier moment. */
export type Moment = 0 | 1;

/** A package through both moments. */
export interface Species {
  readonly name: string;
  readonly exists: readonly [boolean, boolean];
  readonly version: readonly [string, string];
  readonly buildDate: readonly [number, number];
  /** Number in the name of its library; undefined for what is no library. */
  readonly soname: readonly [number, number] | undefined;
  /** Whether its provisions name the library, as pacman's own tools make it. */
  readonly tellsSoname: boolean;
  readonly isMeta: boolean;
  readonly virtual: string | undefined;
  readonly repository: readonly [Repository, Repository];
}

export function drawSpecies(dice: Dice, index: number): Species {
  const isLibrary = dice.percent(35);
  const [version, buildDate] = drawVersions(dice);
  const life = dice.between(1, 100);
  const major = dice.between(1, 3);
  const home: Repository = dice.percent(50) ? "core" : "extra";
  return {
    name: `p${index}`,
    exists: [life > 12, life <= 12 || life > 24],
    version,
    buildDate,
    soname: isLibrary ? [major, version[0] !== version[1] && dice.percent(45) ? major + 1 : major] : undefined,
    tellsSoname: dice.percent(60),
    isMeta: !isLibrary && dice.percent(10),
    virtual: dice.percent(15) ? `virtual${dice.between(0, 1)}` : undefined,
    repository: [home, dice.percent(6) ? (home === "core" ? "extra" : "core") : home],
  };
}

type Versions = readonly [readonly [string, string], readonly [number, number]];

function drawVersions(dice: Dice): Versions {
  const [major, minor, release] = [dice.between(1, 3), dice.between(0, 3), dice.between(1, 2)];
  const old = `${major}.${minor}-${release}`;
  const built: readonly [number, number] = [defaultBuildDate, defaultBuildDate];
  const kind = dice.between(1, 100);
  if (kind <= 30) return [[old, old], built];
  if (kind <= 40)
    return [
      [old, old],
      [defaultBuildDate, defaultBuildDate + 1000],
    ];
  if (kind <= 48) return [[old, `1:${Math.max(0, major - 1)}.0-1`], built];
  if (kind <= 55) return [[old, `${major}.${minor}-${release + 1}`], built];
  if (kind <= 60) return [[`1:${old}`, `2:${old}`], built];
  if (kind <= 75) return [[old, `${major + 1}.0-1`], built];
  return [[old, `${major}.${minor + 1}-1`], built];
}

export function libraryOf(species: Species, moment: Moment): string | undefined {
  return species.soname === undefined ? undefined : `lib${species.name}.so.${species.soname[moment]}`;
}

/** `libp1.so=1-64`, where the package says so. */
export function provisionOf(species: Species, moment: Moment): string | undefined {
  if (species.soname === undefined || !species.tellsSoname) return undefined;
  return `lib${species.name}.so=${species.soname[moment]}-64`;
}

/** The relations and files that were drawn for a package, the same or different ones in each moment. */
export interface Traits {
  readonly depends: readonly string[];
  readonly needed: readonly string[];
  readonly conflicts: readonly string[];
  readonly provides: readonly string[];
  readonly replaces: readonly string[];
  readonly files: Readonly<Record<string, PackagedFile>>;
  readonly backup: readonly string[];
}

export function recipeOf(species: Species, moment: Moment, traits: Traits): PlacedRecipe {
  const { name, isMeta } = species;
  const version = species.version[moment];
  const buildDate = species.buildDate[moment];
  const mark = `${name} ${version} ${buildDate}`;
  const library = libraryOf(species, moment);
  const told = provisionOf(species, moment);
  const own: Record<string, PackagedFile> = isMeta ? {} : { [`usr/share/${name}/data`]: `${mark}\n` };
  if (library !== undefined) {
    own[`usr/lib/${library}`] = buildElf({ soname: library, needed: traits.needed, mark });
    own[`usr/lib/lib${name}.so`] = { link: library };
  } else if (traits.needed.length > 0) own[`usr/bin/${name}`] = buildElf({ needed: traits.needed, mark });
  return {
    name,
    version,
    buildDate,
    repository: species.repository[moment],
    depends: traits.depends,
    conflicts: traits.conflicts,
    provides: [...traits.provides, ...(told === undefined ? [] : [told])],
    replaces: traits.replaces,
    backup: traits.backup,
    groups: name.endsWith("3") ? ["threes"] : [],
    files: { ...own, ...traits.files },
  };
}
