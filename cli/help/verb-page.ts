// Every verb as a page: what it is called, takes, does, ends with and belongs to. Made from the table of verbs, from what
// each verb defines, and from about.ts; the terminal, man pages and completion draw it.
import { withGlobalOptions } from "../options.ts";
import { VERBS, type VerbEntry, type VerbGroup } from "../verbs.ts";
import type { About } from "./about.ts";
import { ABOUT_FLEET } from "./about-fleet.ts";
import { ABOUT_MACHINE } from "./about-machine.ts";
import { type OptionWords, type Recording, recordOptions } from "./record-options.ts";

export interface ArgumentWords {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isMany: boolean;
  readonly describe: string;
  readonly choices: readonly string[];
}

export interface VerbPage {
  readonly kind: "verb";
  /** For example ["pool", "edit"]. */
  readonly path: readonly string[];
  /** Half a sentence, without a full stop. */
  readonly summary: string;
  readonly arguments: readonly ArgumentWords[];
  readonly options: readonly OptionWords[];
  readonly examples: Recording["examples"];
  readonly notes: readonly string[];
  readonly about: About;
}

export interface GroupPage {
  readonly kind: "group";
  readonly path: readonly string[];
  readonly summary: string;
  /** What the word does alone, where it does something. */
  readonly alone: VerbPage | undefined;
  readonly verbs: readonly VerbPage[];
}

export type Page = VerbPage | GroupPage;

const ABOUT: Readonly<Record<string, About>> = { ...ABOUT_MACHINE, ...ABOUT_FLEET };
/** Of a verb that nobody has written about yet; a test names it. */
const NOTHING: About = { says: "", ends: "reads", see: [] };

/** In the order of the table. Loads every verb's file, not the processes behind them. */
export async function readPages(): Promise<readonly Page[]> {
  return await Promise.all(VERBS.map(readPage));
}

/** The page of a path, or undefined: `pool edit` and `pool` both have one. */
export async function findPage(path: readonly string[]): Promise<Page | undefined> {
  const [first, second] = path;
  const entry = VERBS.find(({ command }) => firstWord(command) === first);
  if (entry === undefined) return undefined;
  const page = await readPage(entry);
  if (second === undefined || page.kind === "verb") return page;
  return page.verbs.find((one) => one.path[1] === second) ?? (page.alone === undefined ? undefined : page);
}

/** The options that every verb takes. */
export function globalOptionWords(): readonly OptionWords[] {
  const help = { alias: "h", takes: "flag", choices: [], default: undefined, isRequired: false } as const;
  return [
    ...recordOptions((yargs) => withGlobalOptions(yargs)).options,
    { ...help, name: "help", describe: "this page" },
  ];
}

async function readPage(entry: VerbEntry | VerbGroup): Promise<Page> {
  if ("load" in entry) return await readVerb([], entry);
  const path = [entry.command];
  const verbs = await Promise.all(entry.verbs.map((one) => readVerb(path, one)));
  return {
    kind: "group",
    path,
    summary: entry.describe,
    alone: verbs.find((one) => one.path.length === 1),
    verbs: verbs.filter((one) => one.path.length > 1),
  };
}

async function readVerb(above: readonly string[], { command, describe, load }: VerbEntry): Promise<VerbPage> {
  const [word = "", ...rest] = command.split(" ");
  const path = word === "$0" ? above : [...above, word];
  const recorded = recordOptions((await load()).define);
  return {
    kind: "verb",
    path,
    summary: describe,
    arguments: rest.map((written) => argumentWords(written, recorded)),
    options: recorded.options,
    examples: recorded.examples,
    notes: recorded.notes,
    about: ABOUT[path.join(" ")] ?? NOTHING,
  };
}

/** `<pool>` must be given, `[pool]` may; two dots mean several. */
function argumentWords(written: string, { positionals }: Recording): ArgumentWords {
  const name = written.replace(/[^a-z-]/g, "");
  const { describe = "", choices = [] } = positionals.get(name) ?? {};
  return { name, isRequired: written.startsWith("<"), isMany: written.includes(".."), describe, choices };
}

function firstWord(command: string): string | undefined {
  return command.split(" ")[0];
}
