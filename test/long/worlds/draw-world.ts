// Draws one world from a seed: repositories in two moments, a machine of one moment with its owner's ways, and a target of
// the other. Says what it knows of whether the machine can get there.

import { NO_POLICY, type Policy } from "../../../domain/policy/policy.ts";
import { buildElf } from "../../support/elf.ts";
import type { PackageRecipe } from "../../support/package-archive.ts";
import { type Dice, rollDice } from "./dice.ts";
import { drawRepositories } from "./draw-repositories.ts";
import { closeOver, findLacking, isPeaceful } from "./resolve.ts";
import type { PlacedRecipe } from "./species.ts";

export interface World {
  readonly seed: number;
  readonly mode: "versions" | "mirror";
  /** Of the machine, and of the target. */
  readonly before: readonly PlacedRecipe[];
  readonly after: readonly PlacedRecipe[];
  /** Names on the machine from its repositories, and those of them that are explicit. */
  readonly installed: readonly string[];
  readonly explicit: readonly string[];
  readonly foreign: readonly PackageRecipe[];
  readonly held: readonly string[];
  /** Configuration files that the owner changed. */
  readonly edited: readonly string[];
  /** A file of nobody, in the way of a package; empty for none. */
  readonly stray: string;
  readonly shared: readonly string[];
  /** Versions that the target fixes. */
  readonly pins: Readonly<Record<string, string>>;
  /** The pool's rules. */
  readonly policy: Policy;
  /** The target's source. */
  readonly source: readonly { readonly recipe: PlacedRecipe; readonly isExplicit: boolean }[];
  /** The mirrors forget old files: before the sync, only after it, or never. */
  readonly forgets: "before" | "after" | "never";
  /** A folder of several packages becomes a link, or the other way round. */
  readonly turnsFolders: boolean;
  /** True: nothing stands in the way, so that a refusal is a mistake. False: it may be possible or not. */
  readonly isReachable: boolean;
}

/** What the owner wrote into a configuration file. */
export function editOf(path: string): string {
  return `the owner's own ${path}\n`;
}

export function drawWorld(seed: number): World {
  const dice = rollDice(seed);
  const { moments, turnsFolders } = drawRepositories(dice, dice.between(4, 14));
  const [before, after] = dice.percent(33) ? [moments[1], moments[0]] : moments;
  const installed = drawInstalled(dice, before, 60);
  const machine = installed.flatMap((name) => winnerOf(before, name) ?? []);
  const sourceNames = drawInstalled(dice, after, dice.percent(20) ? 100 : 60, dice.percent(50) ? installed : []);
  const paths = machine.flatMap(({ backup = [] }) => backup);
  const stray = dice.percent(4) ? strayPath(dice.pick(after.filter(({ name }) => !installed.includes(name)))) : "";
  const foreign = dice.percent(30) ? drawForeign(dice, machine) : [];
  const world = {
    seed,
    mode: dice.percent(50) ? ("versions" as const) : ("mirror" as const),
    before,
    after,
    installed,
    explicit: dice.some(installed, 40),
    foreign,
    held: dice.percent(12) ? dice.some(installed, 15) : [],
    edited: dice.some(paths, 40),
    stray,
    shared: dice.percent(20)
      ? dice.some(
          after.map(({ name }) => name),
          20,
        )
      : [],
    pins: dice.percent(8) ? Object.fromEntries(dice.some(machine, 20).map(({ name, version }) => [name, version])) : {},
    policy: dice.percent(12)
      ? { ...NO_POLICY, holds: dice.some(installed, 8), owns: dice.some(installed, 30) }
      : NO_POLICY,
    source: after
      .filter((one) => sourceNames.includes(one.name) && one === winnerOf(after, one.name))
      .map((recipe) => ({ recipe, isExplicit: dice.percent(40) })),
    forgets: dice.pick(["before", "after", "never"] as const) ?? "never",
    turnsFolders,
  };
  const isFree = world.policy === NO_POLICY && Object.keys(world.pins).length === 0;
  const isUndisturbed = world.held.length === 0 && stray === "" && !turnsFolders && isFree;
  return { ...world, isReachable: isUndisturbed && isReachable(world) };
}

/** Names that stand together, each with what it needs. */
function drawInstalled(
  dice: Dice,
  offered: readonly PlacedRecipe[],
  chance: number,
  preferred: readonly string[] = [],
): readonly string[] {
  let chosen: readonly string[] = [];
  const wanted = [
    ...preferred.filter((name) => offered.some((one) => one.name === name)),
    ...dice.some(offered, chance).map(({ name }) => name),
  ];
  for (const name of wanted) {
    const next = closeOver(offered, [...new Set([...chosen, name])]);
    if (next !== undefined) chosen = [...next.keys()];
  }
  return chosen.toSorted();
}

function strayPath(recipe: PackageRecipe | undefined): string {
  return Object.keys(recipe?.files ?? {})[0] ?? "";
}

/** Packages that no repository has: some say what they need, some only their programs do. */
function drawForeign(dice: Dice, machine: readonly PlacedRecipe[]): readonly PackageRecipe[] {
  return Array.from({ length: dice.between(1, 2) }, (_, index): PackageRecipe => {
    const on = dice.pick(machine);
    const libraries = Object.keys(on?.files ?? {}).flatMap(
      (path) => /^usr\/lib\/(lib\w+\.so\.\d+)$/.exec(path)?.[1] ?? [],
    );
    const told = (on?.provides ?? []).filter((text) => text.startsWith("lib"));
    const ways = [
      [],
      [],
      on === undefined ? [] : [on.name],
      on === undefined ? [] : [`${on.name}=${on.version}`],
      told,
    ];
    return {
      name: `foreign${index}`,
      version: `${dice.between(1, 3)}-1`,
      depends: dice.pick(ways) ?? [],
      conflicts: dice.percent(10) ? ["virtual0"] : [],
      files: {
        [`usr/share/foreign${index}/data`]: "foreign\n",
        [`usr/bin/foreign${index}`]: buildElf({ needed: libraries }),
      },
    };
  }).filter((one) => isPeaceful([...machine, one]));
}

/** The first repository's. */
function winnerOf(offered: readonly PlacedRecipe[], name: string): PlacedRecipe | undefined {
  return offered.find((one) => one.name === name);
}

type Drawn = Omit<World, "isReachable">;

function isReachable(world: Drawn): boolean {
  const { mode, after, source, foreign, installed, before, shared } = world;
  const strangers = foreign.filter(({ depends = [], conflicts = [] }) => depends.length + conflicts.length > 0);
  if (strangers.length > 0) return false;
  if (mode === "mirror") return isPeaceful([...source.map(({ recipe }) => recipe), ...foreign]);
  const isThere = (name: string): boolean => after.some((one) => one.name === name);
  // Replacements follow rules of their own, which the simulation has to judge.
  if (installed.some((name) => after.some(({ replaces = [] }) => replaces.includes(name)))) return false;
  const closed = closeOver(after, [...new Set([...installed.filter(isThere), ...shared])]);
  if (closed === undefined) return false;
  const left = installed.flatMap((name) => (isThere(name) ? [] : (winnerOf(before, name) ?? [])));
  const all: readonly PackageRecipe[] = [...closed.values(), ...left, ...foreign];
  return isPeaceful(all) && findLacking(all) === undefined;
}
