// A page on the terminal: what a verb does, takes and ends with, examples, and what belongs to it. The same page is a man
// page in tools/generators; neither knows the other.
import type { Terminal } from "../terminal.ts";
import { endsOf } from "./ends.ts";
import type { OptionWords } from "./record-options.ts";
import { valueWord } from "./value-word.ts";
import { findPage, type GroupPage, globalOptionWords, type Page, readPages, type VerbPage } from "./verb-page.ts";

/** Lines of prose longer than this are hard to read. */
const MAX_WIDTH = 100;
/** Beyond this the explanation stands on a line of its own. */
const MAX_NAME_COLUMNS = 34;

type HelpTerminal = Pick<Terminal, "print" | "paint" | "width">;

/** False when there is no such verb: the parser says it better. No words mean the program itself. */
export async function showHelp(terminal: HelpTerminal, words: readonly string[]): Promise<boolean> {
  if (words.length === 0) {
    showAll(terminal, await readPages());
    return true;
  }
  const page = await findPage(words);
  if (page !== undefined) showPage(terminal, page);
  return page !== undefined;
}

function showPage(terminal: HelpTerminal, page: Page): void {
  const show = shower(terminal);
  if (page.kind === "group") {
    showGroup(show, page);
  } else {
    showVerb(show, page);
    showGlobal(show);
  }
}

function showGroup(show: Shower, { path, summary, alone, verbs }: GroupPage): void {
  if (alone === undefined) show.paragraph(`pacpool ${path.join(" ")}: ${summary}.`);
  else showVerb(show, alone);
  show.title(alone === undefined ? "Verbs" : "Verbs of its own");
  show.pairs(verbs.map((verb) => [usageOf(verb), verb.summary]));
  const [first] = verbs;
  if (first !== undefined) show.paragraph(`\nEach explains itself: pacpool help ${first.path.join(" ")}`);
  showGlobal(show);
}

function showVerb(show: Shower, page: VerbPage): void {
  const { path, summary, about, notes } = page;
  show.paragraph(`pacpool ${path.join(" ")}: ${summary}.`);
  show.title("Usage");
  show.line(`  ${usageOf(page)} [options]`);
  if (about.says !== "") show.paragraph(`\n${about.says}`);
  for (const note of notes) show.paragraph(`\n${note}`);
  const described = page.arguments.filter(({ describe }) => describe !== "");
  if (described.length > 0) {
    show.title("Arguments");
    show.pairs(described.map(({ name, describe, choices }) => [name, withChoices(describe, choices)]));
  }
  if (page.options.length > 0) {
    show.title("Options");
    show.pairs(page.options.map(optionPair));
  }
  if (page.examples.length > 0) {
    show.title("Examples");
    for (const [command, does] of page.examples) show.example(command.replaceAll("$0", "pacpool"), does);
  }
  show.title("Exit codes");
  show.pairs(endsOf(about.ends).map(([code, meaning]) => [String(code), meaning]));
  if (about.see.length > 0) {
    show.title("See also");
    show.paragraph(`  ${about.see.map((one) => (one.endsWith(")") ? one : `pacpool ${one}`)).join(", ")}`);
  }
}

function showGlobal(show: Shower): void {
  show.title("For every verb");
  show.pairs(globalOptionWords().map(optionPair));
}

/** `pacpool` itself: all verbs, and where to go on. */
function showAll(terminal: HelpTerminal, pages: readonly Page[]): void {
  const show = shower(terminal);
  show.paragraph("pacpool keeps Arch machines on the same package versions.");
  show.title("Usage");
  show.line("  pacpool [verb] [options]");
  show.title("Verbs");
  show.pairs(
    pages.map((page) => [page.kind === "verb" ? usageOf(page) : `pacpool ${page.path.join(" ")}`, page.summary]),
  );
  show.title("For every verb");
  show.pairs([...globalOptionWords().map(optionPair), ["    --version", "the version of this program"]]);
  show.paragraph(
    "\nEvery verb explains itself: `pacpool help VERB`, or `man pacpool-VERB`. Exit codes: 0 done, 1 failed, 2 usage, 3 network, 4 refused, 5 permission.",
  );
}

/** For example "pacpool target diff <from> [to]". */
function usageOf({ path, arguments: words }: VerbPage): string {
  const shown = words.map(({ name, isRequired, isMany }) => {
    const word = isMany ? `${name}..` : name;
    return isRequired ? `<${word}>` : `[${word}]`;
  });
  return ["pacpool", ...path, ...shown].join(" ");
}

function optionPair(option: OptionWords): readonly [string, string] {
  const { name, alias, choices, describe, isRequired } = option;
  const value = valueWord(option);
  const shown = `${alias === undefined ? "    " : `-${alias}, `}--${name}${value === "" ? "" : ` ${value}`}`;
  const remarks = [
    ...(isRequired ? ["must be given"] : []),
    ...(option.takes === "list" ? [AGAIN] : []),
    ...(option.default === undefined ? [] : [`${option.default} when left out`]),
  ].filter((remark) => remark !== AGAIN || !/more than once|repeat/.test(describe));
  const words = value.includes("|") ? describe : withChoices(describe, choices);
  return [shown, [words, ...remarks].filter((part) => part !== "").join("; ")];
}

function withChoices(describe: string, choices: readonly string[]): string {
  const isSaid = choices.every((choice) => describe.includes(choice));
  return isSaid ? describe : [describe, choices.join(", ")].filter((part) => part !== "").join(": ");
}

const AGAIN = "may be given again";

interface Shower {
  readonly line: (text: string) => void;
  readonly title: (text: string) => void;
  readonly paragraph: (text: string) => void;
  readonly pairs: (pairs: readonly (readonly [string, string])[]) => void;
  readonly example: (command: string, does: string) => void;
}

function shower({ print, paint, width }: HelpTerminal): Shower {
  const columns = Math.min(MAX_WIDTH, width);
  const paragraph = (text: string): void => {
    for (const line of wrapWords(text, columns)) print(line);
  };
  return {
    line: print,
    title: (text) => print(`\n${paint("strong", text)}`),
    paragraph,
    pairs: (pairs) => {
      const names = pairs.map(([name]) => name.length).filter((length) => length <= MAX_NAME_COLUMNS);
      const indent = Math.max(...names, 0) + 4;
      for (const [name, text] of pairs) {
        const lines = wrapWords(text, Math.max(20, columns - indent)).map((line) => `${" ".repeat(indent)}${line}`);
        const [first = "", ...rest] = name.length + 4 > indent ? ["", ...lines] : lines;
        print(`  ${paint("ahead", name)}${first.slice(name.length + 2)}`.trimEnd());
        for (const line of rest) print(line);
      }
    },
    example: (command, does) => {
      print(`  ${paint("strong", command)}`);
      if (does !== "") for (const line of wrapWords(does, columns - 6)) print(`      ${line}`);
    },
  };
}

/** Lines of at most `width` columns; the indent of the text is that of all its lines. */
function wrapWords(text: string, width: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  return text.split("\n").flatMap((part) => {
    const lines: string[] = [];
    let line = indent;
    for (const word of part.trim().split(/ +/)) {
      const longer = line.trim() === "" ? `${indent}${word}` : `${line} ${word}`;
      if (longer.length > width && line.trim() !== "") {
        lines.push(line);
        line = `${indent}${word}`;
      } else line = longer;
    }
    return [...lines, line];
  });
}
