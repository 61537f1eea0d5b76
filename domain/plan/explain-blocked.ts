// What stands in a plan's way: which package that stays as it is, by which requirement of whom, and the ways out; or a target
// that does not fit together. Looks only at metadata; whether pacman refuses is known from its simulation.
import { isSatisfiedBy, type Provider, parseRequirement } from "../view/requirement.ts";
import { indexProviders, isSatisfiedByAny } from "./closure.ts";
import type { Metadata } from "./explain-change.ts";

/** `left`: the target's repositories do not have it any more. */
export type StayingKind = "held" | "foreign" | "left";

export interface Staying {
  readonly name: string;
  readonly why: string;
  readonly kind: StayingKind;
}

export interface BlockedInput {
  readonly installed: ReadonlyMap<string, Metadata>;
  readonly staying: readonly Staying[];
  /** What is asked for, with metadata of exactly that version. */
  readonly wanted: readonly Metadata[];
  /** What pacman may pull in besides. */
  readonly candidates: readonly Metadata[];
  readonly removed: ReadonlySet<string>;
}

/** One line for each requirement or conflict that cannot be met, with its ways out; empty when metadata does not tell. */
export function explainBlocked(input: BlockedInput): readonly string[] {
  const moment = afterwards(input);
  const lines = input.staying.flatMap((one) => {
    const own = input.installed.get(one.name);
    if (own === undefined) return [];
    return [...lostRequirements(input, moment, one, own), ...conflicts(input, one, own)];
  });
  return [...new Set([...lines, ...unmetRequirements(input, moment), ...rivals(input)])];
}

interface Afterwards {
  readonly comingByName: ReadonlyMap<string, Metadata>;
  readonly providers: ReadonlyMap<string, readonly Provider[]>;
  /** What would come in the place of packages that stay. */
  readonly keptOut: readonly Metadata[];
  readonly before: ReadonlyMap<string, readonly Provider[]>;
}

function afterwards({ installed, staying, wanted, candidates, removed }: BlockedInput): Afterwards {
  const isStaying = new Set(staying.filter(({ name }) => installed.has(name)).map(({ name }) => name));
  const all = [...wanted, ...candidates];
  const coming = all.filter(({ name }) => !isStaying.has(name));
  const comingByName = new Map(coming.map((one) => [one.name, one]));
  const rest = [...installed.values()].filter(({ name }) => !removed.has(name) && !comingByName.has(name));
  return {
    comingByName,
    providers: indexProviders<Provider>([...rest, ...coming]),
    keptOut: all.filter(({ name }) => isStaying.has(name)),
    before: indexProviders<Provider>([...installed.values()]),
  };
}

/** Of a package that stays, and of which the others take something away. */
function lostRequirements(
  { removed }: BlockedInput,
  { comingByName, providers, before }: Afterwards,
  staying: Staying,
  own: Metadata,
): readonly string[] {
  return own.depends.flatMap((text) => {
    const requirement = parseRequirement(text);
    if (isSatisfiedByAny(requirement, providers)) return [];
    const owner = (before.get(requirement.name) ?? []).find((one) => isSatisfiedBy(requirement, one));
    // It was not met before either: nothing of ours.
    if (owner === undefined) return [];
    const next = comingByName.get(owner.name);
    const becomes =
      next === undefined && removed.has(owner.name) ? "goes" : `becomes ${next?.version ?? "another one"}`;
    const what = `${own.name} ${own.version} needs ${text}, but ${owner.name} ${owner.version} ${becomes}`;
    return [`${what}; ${own.name} stays as it is: ${staying.why}; ways out: ${waysOut(staying, owner.name)}`];
  });
}

function conflicts({ wanted }: BlockedInput, staying: Staying, own: Metadata): readonly string[] {
  const collides = (one: Metadata, other: Metadata): boolean =>
    one.conflicts.some((text) => isSatisfiedBy(parseRequirement(text), other));
  return wanted
    .filter((one) => one.name !== own.name && (collides(one, own) || collides(own, one)))
    .map(
      (one) =>
        `${one.name} ${one.version} and ${own.name} ${own.version} are in conflict; ${own.name} stays as it is: ${staying.why}; ways out: ${waysOut(staying, one.name)}`,
    );
}

/** Requirements of what comes: only another version of a package that stays would meet them, or nothing does. */
function unmetRequirements({ staying, installed, wanted: asked }: BlockedInput, moment: Afterwards): readonly string[] {
  const whys = new Map(staying.map((one) => [one.name, one]));
  return [...moment.comingByName.values()].flatMap((one) =>
    one.depends.flatMap((text) => {
      const requirement = parseRequirement(text);
      if (isSatisfiedByAny(requirement, moment.providers)) return [];
      const wanted = moment.keptOut.find((other) => isSatisfiedBy(requirement, other));
      const holder = wanted === undefined ? undefined : whys.get(wanted.name);
      const needs = `${one.name} ${one.version} needs ${text}`;
      // What pacman only might pull in may lack what it likes.
      if (holder === undefined)
        return asked.includes(one) ? [`${needs}, which nothing in the target's repositories provides`] : [];
      const version = installed.get(holder.name)?.version ?? "";
      return [
        `${needs}, but ${holder.name} stays at ${version}: ${holder.why}; ways out: ${waysOut(holder, one.name)}`,
      ];
    }),
  );
}

/** Both are wanted, and can no longer stand together. */
function rivals({ wanted }: BlockedInput): readonly string[] {
  return wanted.flatMap((one) =>
    one.conflicts.flatMap((text) =>
      wanted
        .filter((other) => other.name !== one.name && isSatisfiedBy(parseRequirement(text), other))
        .map(
          (other) =>
            `${one.name} ${one.version} and ${other.name} ${other.version} are in conflict (${text}), and this machine is to have both; way out: remove one of them`,
        ),
    ),
  );
}

/** `other` is the package that must stay behind as well when the staying one is to stay. */
function waysOut({ name, kind }: Staying, other: string): string {
  switch (kind) {
    case "held":
      return `lift the hold on ${name}, or extend it to ${other}`;
    case "foreign":
      return `remove ${name} for now (pacman -R ${name}) and build it again after the sync, build one now that fits, or wait and hold ${other} meanwhile`;
    case "left":
      return `remove ${name} (pacman -R ${name}), or hold ${other} meanwhile`;
  }
}
