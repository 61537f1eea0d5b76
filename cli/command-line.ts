// From words to a verb, its end and its exit code. It must not load a process or the wire before a verb asks for it.
import yargs, { type Argv } from "yargs";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { tellFailure, unwrap } from "./failure.ts";
import { type GlobalOptions, withGlobalOptions } from "./options.ts";
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
  const asked = wordsMeant(words, terminal);
  let chosen: Chosen | undefined;
  try {
    const parser = buildParser(terminal, (found) => {
      chosen = found;
    });
    await parser.parseAsync([...asked]);
    // Help, the version and completions are printed by the parser itself.
    if (chosen === undefined) return EXIT.done;
    return await chosen.verb.run(chosen.options, withTimeout(surroundings, chosen.options.timeout));
  } catch (error) {
    return await report(error, chosen, terminal, words.includes("--verbose"));
  }
}

/** `pacpool` alone opens the screens where there is a terminal; `pacpool help VERB` is what fingers type. */
function wordsMeant(words: readonly string[], terminal: Terminal): readonly string[] {
  if (words.length === 0) return [terminal.isInteractive && terminal.isLive ? "tui" : "--help"];
  return words[0] === "help" ? [...words.slice(1), "--help"] : words;
}

function buildParser(terminal: Terminal, choose: (chosen: Chosen) => void): Argv<GlobalOptions> {
  const base = yargs()
    .scriptName("pacpool")
    .locale("en")
    .usage("$0 <verb>\n\nKeeps Arch machines on the same package versions.")
    .parserConfiguration({
      "greedy-arrays": false,
      "strip-dashed": true,
      "strip-aliased": true,
      "parse-positional-numbers": false,
    })
    .exitProcess(false)
    .wrap(Math.min(100, terminal.width))
    .strict()
    .demandCommand(1, "Say what to do: a verb is missing.")
    .recommendCommands()
    .help()
    .alias("help", "h")
    .version(VERSION)
    .completion("completion", "print the completion script for your shell: source <(pacpool completion)")
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? "the command line is not understood");
    })
    .epilog(
      "Every verb explains itself with --help. Exit codes: 0 done, 1 failed, 2 usage, 3 network, 4 refused, 5 permission.",
    );
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

async function report(
  thrown: unknown,
  chosen: Chosen | undefined,
  terminal: Terminal,
  isVerbose: boolean,
): Promise<ExitCode> {
  const { attempts, error } = unwrap(thrown);
  // yargs throws its own YError for what it does not understand, for example an unknown option.
  const isUsage =
    chosen === undefined && (error instanceof UsageError || (error instanceof Error && error.name === "YError"));
  const story = isUsage
    ? { exitCode: EXIT.usage, why: error.message, advice: "See `pacpool --help`." }
    : await tellFailure(error);
  const what = chosen === undefined ? "pacpool" : `pacpool ${chosen.name} failed`;
  terminal.note([what, ...attempts, story.why].join(": "));
  if (story.advice !== undefined) terminal.note(`  ${story.advice}`);
  if (isVerbose && error instanceof Error) terminal.note(stackOf(error));
  return story.exitCode;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
