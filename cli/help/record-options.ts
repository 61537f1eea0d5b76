// What a verb says of itself, without yargs: it is defined onto a recorder instead. Help, man pages and completion are all
// made from what it wrote down, so that none of them says something else than the parser does.
import type { Argv } from "yargs";
import type { GlobalOptions } from "../options.ts";

export interface OptionWords {
  readonly name: string;
  readonly alias: string | undefined;
  /** `flag` takes no value, `list` may be given again. */
  readonly takes: "flag" | "text" | "number" | "list";
  readonly choices: readonly string[];
  readonly default: string | undefined;
  readonly describe: string;
  readonly isRequired: boolean;
}

export interface PositionalWords {
  readonly describe: string;
  readonly choices: readonly string[];
}

export interface Recording {
  readonly options: readonly OptionWords[];
  /** By name; the order and what may be left out stand in the command. */
  readonly positionals: ReadonlyMap<string, PositionalWords>;
  /** What to type, and what it does. `$0` stands for the program. */
  readonly examples: readonly (readonly [command: string, does: string])[];
  readonly notes: readonly string[];
}

interface Specification {
  readonly type?: string;
  readonly alias?: string;
  readonly choices?: readonly unknown[];
  readonly default?: unknown;
  readonly describe?: string;
  readonly array?: boolean;
  readonly hidden?: boolean;
  readonly demandOption?: boolean;
}

/** The part of yargs that verbs use. A method that is not here throws, in the tests already. */
class Recorder {
  readonly options = new Map<string, OptionWords>();
  readonly positionals = new Map<string, PositionalWords>();
  readonly examples: (readonly [string, string])[] = [];
  readonly notes: string[] = [];

  option(name: string, specification: Specification): this {
    if (specification.hidden !== true) this.options.set(name, optionWords(name, specification));
    return this;
  }

  positional(name: string, { describe = "", choices = [] }: Specification): this {
    this.positionals.set(name, { describe, choices: choices.map(String) });
    return this;
  }

  example(command: string, does = ""): this {
    this.examples.push([command, does]);
    return this;
  }

  epilog(note: string): this {
    this.notes.push(note);
    return this;
  }

  epilogue(note: string): this {
    return this.epilog(note);
  }

  conflicts(): this {
    return this;
  }

  implies(): this {
    return this;
  }

  check(): this {
    return this;
  }
}

function optionWords(name: string, specification: Specification): OptionWords {
  const { type, alias, array = false, choices = [], describe = "", demandOption = false } = specification;
  const isFlag = type === "boolean" || (type === undefined && choices.length === 0);
  const takes = array || type === "array" ? "list" : isFlag ? "flag" : type === "number" ? "number" : "text";
  return {
    name,
    alias,
    takes,
    choices: choices.map(String).filter((choice) => choice !== ""),
    default: defaultWords(specification.default),
    describe,
    isRequired: demandOption,
  };
}

/** Only what says something: not "off", not an empty list. */
function defaultWords(value: unknown): string | undefined {
  return typeof value === "number" || (typeof value === "string" && value !== "") ? String(value) : undefined;
}

export function recordOptions(define: (yargs: Argv<GlobalOptions>) => unknown): Recording {
  const recorder = new Recorder();
  define(recorder as unknown as Argv<GlobalOptions>);
  const { options, positionals, examples, notes } = recorder;
  return { options: [...options.values()], positionals, examples, notes };
}
