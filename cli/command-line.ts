// From words to a verb, its end and its exit code. It must not load a process or the wire before a verb asks for it.
import yargs, { type Argv } from "yargs";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { type GlobalOptions, withGlobalOptions } from "./options.ts";
import { reportFailure } from "./report.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";
import type { Surroundings, Verb } from "./verb.ts";
import { VERBS, type VerbEntry, type VerbGroup } from "./verbs.ts";
import { VERSION } from "./version.ts";

interface Chosen {
  readonly name: string;
  readonly verb: Verb;
  readonly options: GlobalOptions;
}

/** Runs one command line to its end. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings;
  let chosen: Chosen | undefined;
  try {
    const asked = wordsMeant(words, terminal);
    if (asked.isHelp) {
      const { showHelp } = await import("./help/show-help.ts");
      if (await showHelp(terminal, asked.words)) return EXIT.done;
    }
    const parser = buildParser((found) => {
      chosen = found;
    });
    await parser.parseAsync([...asked.words]);
    // The version is printed by the parser itself.
    if (chosen === undefined) return EXIT.done;
    return await chosen.verb.run(chosen.options, withTimeout(surroundings, chosen.options.timeout));
  } catch (error) {
    // yargs throws its own YError for what it does not understand, for example an unknown option.
    const isUsage =
      chosen === undefined && (error instanceof UsageError || (error instanceof Error && error.name === "YError"));
    const failed = { name: chosen?.name, isUsage, isVerbose: words.includes("--verbose") };
    return await reportFailure(error, failed, terminal);
  }
}

interface Asked {
  readonly words: readonly string[];
  readonly isHelp: boolean;
}

/** `pacpool` alone opens the screens where there is a terminal; `pacpool help VERB` is what fingers type. */
function wordsMeant(words: readonly string[], terminal: Terminal): Asked {
  if (words.length === 0 && terminal.isInteractive && terminal.isLive) return { words: ["tui"], isHelp: false };
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  const isHelp = words.length === 0 || words[0] === "help" || own.some((word) => word === "--help" || word === "-h");
  return isHelp ? { words: verbWords(own[0] === "help" ? own.slice(1) : own), isHelp } : { words, isHelp };
}

/** What is left without options: the verb, and perhaps arguments. */
function verbWords(words: readonly string[]): readonly string[] {
  const valued = ["--server", "--ca", "--config", "--profile", "--output", "-o", "--timeout"];
  return words.filter((word, at) => !word.startsWith("-") && !valued.includes(words[at - 1] ?? ""));
}

function buildParser(choose: (chosen: Chosen) => void): Argv<GlobalOptions> {
  const base = yargs()
    .scriptName("pacpool")
    .locale("en")
    .parserConfiguration({
      "greedy-arrays": false,
      "strip-dashed": true,
      "strip-aliased": true,
      "parse-positional-numbers": false,
    })
    .exitProcess(false)
    .strict()
    .demandCommand(1, "Say what to do: a verb is missing.")
    .recommendCommands()
    .help(false)
    .version(VERSION)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? "the command line is not understood");
    });
  const parser = withGlobalOptions(base);
  for (const entry of VERBS) addEntry(parser, entry, choose);
  return parser;
}

function addEntry(parser: Argv<GlobalOptions>, entry: VerbEntry | VerbGroup, choose: (chosen: Chosen) => void): void {
  if ("load" in entry) {
    addVerb(parser, entry, entry.command, choose);
    return;
  }
  parser.command(entry.command, entry.describe, (inner) => {
    const group = inner as unknown as Argv<GlobalOptions>;
    const hasDefault = entry.verbs.some(({ command }) => command === "$0");
    if (!hasDefault) group.demandCommand(1, `Say what to do: ${entry.describe}.`);
    for (const one of entry.verbs) addVerb(group, one, `${entry.command} ${one.command}`, choose);
    return group;
  });
}

function addVerb(parser: Argv<GlobalOptions>, entry: VerbEntry, path: string, choose: (chosen: Chosen) => void): void {
  const name = path.replaceAll(/ (?:[<[$].*)/g, "");
  let loaded: Verb | undefined;
  parser.command(
    entry.command,
    entry.describe,
    async (inner) => {
      loaded = await entry.load();
      return loaded.define(inner as unknown as Argv<GlobalOptions>);
    },
    (options) => {
      if (loaded !== undefined) choose({ name, verb: loaded, options });
    },
  );
}

function withTimeout(surroundings: Surroundings, seconds: number | undefined): Surroundings {
  if (seconds === undefined) return surroundings;
  const signal = AbortSignal.any([surroundings.signal, AbortSignal.timeout(seconds * 1_000)]);
  return { ...surroundings, signal };
}
