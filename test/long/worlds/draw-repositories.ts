// Draws two moments of two repositories: packages that need, replace, split, rename and rebuild each other the way real
// ones do. In each moment the packages are meant for each other; between the moments anything may have moved.
import { isDeepStrictEqual } from "node:util";
import { defaultBuildDate, type PackagedFile } from "../../support/package-archive.ts";
import type { Dice } from "./dice.ts";
import {
  drawSpecies,
  libraryOf,
  type Moment,
  type PlacedRecipe,
  provisionOf,
  recipeOf,
  type Species,
  type Traits,
} from "./species.ts";

export interface Repositories {
  /** Index 0 is the earlier moment. */
  readonly moments: readonly [readonly PlacedRecipe[], readonly PlacedRecipe[]];
  readonly species: readonly Species[];
  /** A folder becomes a link or the other way round, which pacman refuses in some cases. */
  readonly turnsFolders: boolean;
}

export function drawRepositories(dice: Dice, size: number): Repositories {
  const species = Array.from({ length: size }, (_, index) => drawSpecies(dice, index));
  const links = species.map((one) => drawLinks(dice, one, species));
  const moved = drawMovedFiles(dice, species);
  const turning = dice.percent(5) ? dice.pick(species.filter(({ isMeta }) => !isMeta)) : undefined;
  const isGuest = species.map(({ isMeta }) => !isMeta && dice.percent(20));
  const draw = (moment: Moment): readonly PlacedRecipe[] =>
    species.flatMap((one, index) => {
      const link = links[index];
      if (!one.exists[moment] || link === undefined) return [];
      const traits = traitsOf(one, link, moment, species);
      const turned = turning !== undefined && (turning === one || isGuest[index] === true) ? turning : undefined;
      const extra = { ...moved(one, moment), ...(turned === undefined ? {} : turnedFolder(turned, one, moment)) };
      const backup = Object.keys({ ...traits.files, ...extra }).filter((path) => path.startsWith("etc/"));
      return [recipeOf(one, moment, { ...traits, files: { ...traits.files, ...extra }, backup })];
    });
  const shadowed = species.map(() => dice.percent(5));
  const withShadows = (recipes: readonly PlacedRecipe[]): readonly PlacedRecipe[] => [
    ...recipes,
    ...recipes.filter(({ name }) => shadowed[species.findIndex((one) => one.name === name)] === true).flatMap(shadowOf),
  ];
  const first = draw(0);
  const second = draw(1).map((later) =>
    rebuiltIfChanged(
      first.find(({ name }) => name === later.name),
      later,
    ),
  );
  return { moments: [withShadows(first), withShadows(second)], species, turnsFolders: turning !== undefined };
}

/** The same name in a later repository, of a higher version that nobody should take. */
function shadowOf(recipe: PlacedRecipe): readonly PlacedRecipe[] {
  return recipe.repository === "core" ? [{ ...recipe, repository: "extra", version: "9:9-1" }] : [];
}

/** What changes without a new version is at least another build. */
function rebuiltIfChanged(earlier: PlacedRecipe | undefined, later: PlacedRecipe): PlacedRecipe {
  const isSame = earlier?.version === later.version && earlier.buildDate === later.buildDate;
  if (!isSame || isDeepStrictEqual(earlier, { ...later, repository: earlier.repository })) return later;
  return { ...later, buildDate: (later.buildDate ?? defaultBuildDate) + 1000 };
}

interface Links {
  /** Per moment, because a new version may need other packages. */
  readonly needs: readonly [readonly Need[], readonly Need[]];
  readonly conflicts: string | undefined;
  readonly replaces: { readonly name: string; readonly provides: string; readonly conflicts: boolean } | undefined;
  /** Answers to the very name and version of another one. */
  readonly answersFor: string | undefined;
  readonly virtualVersion: boolean;
  readonly isRival: boolean;
  readonly hasSettings: boolean;
}

interface Need {
  readonly on: Species;
  readonly how: "name" | "exact" | "at-least" | "below" | "soname" | "virtual";
}

function drawLinks(dice: Dice, one: Species, all: readonly Species[]): Links {
  // Mostly downwards, so that cycles are rare, as they are in repositories.
  const index = all.indexOf(one);
  const below = all.slice(0, index);
  const drawNeeds = (): readonly Need[] =>
    Array.from({ length: dice.between(0, one.isMeta ? 4 : 2) }, () =>
      drawNeed(dice, dice.percent(4) ? all.filter((other) => other !== one) : below),
    ).filter((need) => need !== undefined);
  const first = drawNeeds();
  const gone = below.filter(({ exists }) => exists[0] && !exists[1]);
  const replaced = !one.exists[0] ? dice.pick(gone) : undefined;
  return {
    needs: [first, dice.percent(70) ? first : drawNeeds()],
    conflicts: dice.percent(12) ? conflictWith(dice, dice.pick(below)) : undefined,
    replaces:
      replaced === undefined || dice.percent(25)
        ? undefined
        : { name: replaced.name, provides: drawProvision(dice, replaced, one), conflicts: dice.percent(80) },
    // Not for a library: who answers for one and has it not has a fault that no plan can mend.
    answersFor: dice.percent(6)
      ? drawProvision(dice, dice.pick(below.filter(({ soname }) => soname === undefined)), one)
      : undefined,
    virtualVersion: dice.percent(50),
    isRival: dice.percent(50),
    hasSettings: dice.percent(30),
  };
}

function drawNeed(dice: Dice, from: readonly Species[]): Need | undefined {
  const on = dice.pick(from);
  if (on === undefined) return undefined;
  if (on.virtual !== undefined && dice.percent(50)) return { on, how: "virtual" };
  if (on.soname !== undefined && dice.percent(50)) return { on, how: on.tellsSoname ? "soname" : "name" };
  return { on, how: dice.pick(["name", "name", "exact", "at-least", "below"]) ?? "name" };
}

/** Empty for none. */
function drawProvision(dice: Dice, other: Species | undefined, one: Species): string {
  if (other === undefined) return "";
  const ways = ["", other.name, `${other.name}=${one.version[1]}`, `${other.name}=${other.version[0]}`];
  return dice.pick(ways) ?? "";
}

function conflictWith(dice: Dice, other: Species | undefined): string | undefined {
  if (other === undefined) return undefined;
  return dice.percent(50) ? other.name : `${other.name}<${other.version[1]}`;
}

function traitsOf(one: Species, links: Links, moment: Moment, species: readonly Species[]): Traits {
  const there = links.needs[moment].filter(({ on, how }) => on.exists[moment] || how === "virtual");
  // Whoever asks for a virtual package takes any provider, and links against none.
  const needed = there.flatMap(({ on, how }) => (how === "virtual" ? [] : (libraryOf(on, moment) ?? [])));
  const { replaces, virtualVersion, isRival, conflicts } = links;
  const virtual = one.virtual === undefined ? [] : [one.virtual];
  const settings: Record<string, PackagedFile> =
    links.hasSettings && !one.isMeta ? { [`etc/${one.name}.conf`]: `settings of ${one.version[moment]}\n` } : {};
  return {
    depends: [...new Set(there.map((need) => requirementOf(need, moment, species)))],
    needed: [...new Set(needed)],
    conflicts: [
      ...(conflicts === undefined ? [] : [conflicts]),
      ...(isRival ? virtual : []),
      ...(replaces?.conflicts === true ? [replaces.name] : []),
    ],
    provides: [
      ...virtual.map((name) => (virtualVersion ? `${name}=${one.version[moment]}` : name)),
      ...[replaces?.provides ?? "", links.answersFor ?? ""].filter((text) => text !== ""),
    ],
    replaces: replaces === undefined ? [] : [replaces.name],
    files: settings,
    backup: [],
  };
}

function requirementOf({ on, how }: Need, moment: Moment, species: readonly Species[]): string {
  const version = on.version[moment];
  switch (how) {
    case "name":
      return on.name;
    case "exact":
      return `${on.name}=${version}`;
    case "at-least":
      return `${on.name}>=${version}`;
    case "below":
      return `${on.name}<${Number.parseInt(version.replace(/^\d+:/, ""), 10) + 1}:0`;
    case "soname":
      return provisionOf(on, moment) ?? on.name;
    case "virtual":
      return species.some((one) => one.virtual === on.virtual && one.exists[moment])
        ? (on.virtual ?? on.name)
        : on.name;
  }
}

/** Files that one package has in the earlier moment and perhaps another in the later: splits, merges, moves. */
function drawMovedFiles(dice: Dice, species: readonly Species[]) {
  const files = Array.from({ length: dice.between(0, 3) }, (_, index) => {
    const owners = [0, 1].map((moment) =>
      dice.pick(species.filter(({ exists, isMeta }) => exists[moment === 0 ? 0 : 1] && !isMeta)),
    );
    const path = dice.percent(40) ? `etc/moved${index}.conf` : `usr/share/moved/${index}`;
    const isChanged = dice.percent(50);
    return { path, owners, contents: [`moved ${index}\n`, isChanged ? `moved ${index} later\n` : `moved ${index}\n`] };
  });
  return (one: Species, moment: Moment): Record<string, PackagedFile> =>
    Object.fromEntries(
      files
        .filter(({ owners }) => owners[moment] === one)
        .map(({ path, contents }) => [path, contents[moment] ?? ""] as const),
    );
}

/** Guests have files in the folder before, and where the link leads to after. */
function turnedFolder(turning: Species, one: Species, moment: Moment): Record<string, PackagedFile> {
  const path = `usr/share/turned/${turning.name}`;
  if (moment === 0) return { [`${path}/${one.name}`]: "in a folder\n" };
  return turning === one
    ? { [path]: { link: "elsewhere" } }
    : { [`usr/share/turned/elsewhere/${one.name}`]: "there\n" };
}
