// The command line as a tree of spots, each with what may be typed there: what the scripts of all three shells are made of.
// Verbs and options stand in the scripts themselves, so that only names cost a start of the program.
import type { OptionWords } from "../help/record-options.ts";
import { argumentWord, valueWord } from "../help/value-word.ts";
import { type GroupPage, globalOptionWords, type Page, type VerbPage } from "../help/verb-page.ts";
import type { NameKind } from "./name-request.ts";
import { SHELLS } from "./shells.ts";

/** What is offered for a value: asked names, a closed list, files, packages that are installed here, or nothing. */
export type Values =
  | { readonly kind: "names"; readonly names: NameKind }
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "files" | "folders" | "packages" | "none" };

export interface SpotOption {
  readonly name: string;
  readonly alias: string | undefined;
  readonly describe: string;
  /** Undefined for a flag. */
  readonly values: Values | undefined;
}

export interface Spot {
  /** The words that lead there, with blanks between; empty for the program itself. */
  readonly path: string;
  readonly verbs: readonly (readonly [word: string, describe: string])[];
  /** Its own; those of the program itself count everywhere. */
  readonly options: readonly SpotOption[];
  readonly arguments: readonly Values[];
  /** The last argument may be given again. */
  readonly isRepeated: boolean;
}

export function spotsOf(pages: readonly Page[]): readonly Spot[] {
  const global = globalOptionWords().map(spotOption);
  const top: Spot = {
    path: "",
    verbs: [...pages.map(({ path, summary }) => [path.join(" "), summary] as const), ["help", "explain a verb"]],
    options: [
      ...global,
      { name: "version", alias: undefined, describe: "the version of this program", values: undefined },
    ],
    arguments: [],
    isRepeated: false,
  };
  return [top, ...pages.flatMap((page) => (page.kind === "verb" ? [verbSpot(page)] : groupSpots(page)))];
}

function groupSpots({ path, alone, verbs }: GroupPage): readonly Spot[] {
  const own = alone === undefined ? undefined : verbSpot(alone);
  const group: Spot = {
    path: path.join(" "),
    verbs: verbs.map(({ path: words, summary }) => [words.at(-1) ?? "", summary]),
    options: own?.options ?? [],
    arguments: own?.arguments ?? [],
    isRepeated: own?.isRepeated ?? false,
  };
  return [group, ...verbs.map(verbSpot)];
}

function verbSpot({ path, options, arguments: words }: VerbPage): Spot {
  return {
    path: path.join(" "),
    verbs: [],
    options: options.map(spotOption),
    arguments: words.map(({ name, choices }) => valuesOf(argumentWord(path, name), choices)),
    isRepeated: words.at(-1)?.isMany ?? false,
  };
}

function spotOption(option: OptionWords): SpotOption {
  const { name, alias, describe, choices, takes } = option;
  return { name, alias, describe, values: takes === "flag" ? undefined : valuesOf(valueWord(option), choices) };
}

const VALUES: Readonly<Record<string, Values>> = {
  ENDPOINT: { kind: "names", names: "endpoint" },
  POOL: { kind: "names", names: "pool" },
  REVISION: { kind: "names", names: "revision" },
  OPERATION: { kind: "names", names: "operation" },
  PROFILE: { kind: "names", names: "profile" },
  LABEL: { kind: "names", names: "label" },
  KEY: { kind: "names", names: "key" },
  SHELL: { kind: "choices", choices: SHELLS },
  PACKAGE: { kind: "packages" },
  FILE: { kind: "files" },
  FOLDER: { kind: "folders" },
};

function valuesOf(word: string, choices: readonly string[]): Values {
  return choices.length > 0 ? { kind: "choices", choices } : (VALUES[word] ?? { kind: "none" });
}

/** As the scripts pass it on: `@endpoint`, `@files`, or the words themselves. */
export function valuesWord(values: Values): string {
  switch (values.kind) {
    case "names":
      return `@${values.names}`;
    case "choices":
      return values.choices.join(" ");
    case "files":
    case "folders":
    case "packages":
    case "none":
      return `@${values.kind}`;
  }
}
