// What a verb is: its options, its examples and what it does. Each lives in its own file below commands/, loaded only when it
// is typed.
import type { ArgumentsCamelCase, Argv } from "yargs";
import { EXIT, type ExitCode } from "./exit-code.ts";
import type { GlobalOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

export interface Surroundings {
  readonly terminal: Terminal;
  /** Ends with Ctrl-C and with --timeout. */
  readonly signal: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What most of a verb's parts need; a verb's own options come with VerbContext. */
export interface Context extends Surroundings {
  readonly options: GlobalOptions;
}

export interface VerbContext<Options> extends Context {
  readonly options: ArgumentsCamelCase<Options> & GlobalOptions;
}

export interface Verb {
  readonly define: (yargs: Argv<GlobalOptions>) => Argv<GlobalOptions>;
  readonly run: (parsed: GlobalOptions, surroundings: Surroundings) => Promise<ExitCode>;
}

export interface VerbDefinition<Options> {
  readonly options: (yargs: Argv<GlobalOptions>) => Argv<Options>;
  /** Options that may be given more than once. */
  readonly repeatable?: readonly string[];
  /** Undefined means done. */
  readonly run: (context: VerbContext<Options>) => Promise<ExitCode | undefined>;
}

export function verb<Options extends GlobalOptions>(definition: VerbDefinition<Options>): Verb {
  return {
    define: (yargs) => definition.options(yargs) as unknown as Argv<GlobalOptions>,
    run: async (parsed, surroundings) => {
      refuseRepetition(parsed, definition.repeatable ?? []);
      // yargs parsed with exactly the options that `define` gave it.
      const options = parsed as ArgumentsCamelCase<Options>;
      return (await definition.run({ ...surroundings, options })) ?? EXIT.done;
    },
  };
}

/** yargs makes an array of an option that is given twice, whatever its type. */
function refuseRepetition(parsed: object, repeatable: readonly string[]): void {
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && name !== "_" && name !== "--" && !repeatable.includes(name)) {
      throw new UsageError(`--${name} is given ${String(value.length)} times; it takes one value`);
    }
  }
}
