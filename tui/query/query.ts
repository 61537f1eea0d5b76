// The small language of filters: words, and fields like status:behind,diverged, each negated by ! or -. Text in, a test of
// rows out, compiled once for a text. It must not know what the rows are: a vocabulary says that.

/** A field that rows of one kind can be asked for. */
export interface QueryField<Row> {
  readonly name: string;
  /** For the sentence that says what is understood. */
  readonly about: string;
  /** All that it can be; absent when it is free text, of which a part is enough. */
  readonly values?: readonly string[];
  /** In lower case; a row may have several. */
  readonly of: (row: Row) => readonly string[];
}

export interface Vocabulary<Row> {
  /** What bare words are looked for in. */
  readonly text: (row: Row) => string;
  readonly fields: readonly QueryField<Row>[];
}

export interface Query<Row> {
  readonly isEmpty: boolean;
  readonly matches: (row: Row) => boolean;
  /** What was not understood, and what is; rows are tested by the rest. Undefined when all was. */
  readonly problem: string | undefined;
}

type Term<Row> = { readonly isNegated: boolean } & (
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "field"; readonly field: QueryField<Row>; readonly values: readonly string[] }
);

/** Versions have colons too ("1:2.0-1"): only letters before it make a field. */
const FIELD = /^(?<name>[a-z]+):(?<rest>.*)$/u;

/** Rows are values that never change, so the answer for a row is remembered with it. */
export function compileQuery<Row extends object>(text: string, vocabulary: Vocabulary<Row>): Query<Row> {
  const terms: Term<Row>[] = [];
  let problem: string | undefined;
  for (const word of text.toLowerCase().split(" ")) {
    if (word === "" || word === "!" || word === "-") continue;
    const read = readTerm(word, vocabulary);
    if (typeof read === "string") problem ??= read;
    else terms.push(read);
  }
  const answers = new WeakMap<Row, boolean>();
  const matches = (row: Row): boolean => {
    const known = answers.get(row);
    if (known !== undefined) return known;
    const answer = holds(terms, vocabulary, row);
    answers.set(row, answer);
    return answer;
  };
  return terms.length === 0 ? { isEmpty: true, matches: () => true, problem } : { isEmpty: false, matches, problem };
}

function readTerm<Row>(word: string, { fields }: Vocabulary<Row>): Term<Row> | string {
  const isNegated = word.startsWith("!") || word.startsWith("-");
  const said = isNegated ? word.slice(1) : word;
  const groups = FIELD.exec(said)?.groups;
  if (groups === undefined) return { kind: "word", word: said, isNegated };
  const { name = "", rest = "" } = groups;
  const field = fields.find((one) => one.name === name);
  if (field === undefined) {
    const known = wordList(fields.map((one) => one.name));
    return `there is no field ${name}; ${known === "" ? "this list knows words only" : `there are ${known}`}`;
  }
  const values = rest.split(",").filter((value) => value !== "");
  const unknown = values.find((value) => field.values?.every((one) => !one.startsWith(value)) ?? false);
  if (unknown !== undefined) return `${name} is never ${unknown}; it is ${wordList(field.values ?? [], "or")}`;
  return { kind: "field", field, values, isNegated };
}

function holds<Row>(terms: readonly Term<Row>[], { text }: Vocabulary<Row>, row: Row): boolean {
  let inText: string | undefined;
  return terms.every((term) => {
    if (term.kind === "word") {
      inText ??= text(row).toLowerCase();
      return inText.includes(term.word) !== term.isNegated;
    }
    // "status:" is being typed: it narrows nothing yet.
    return term.values.length === 0 || hasOne(term.field, term.values, row) !== term.isNegated;
  });
}

function hasOne<Row>(field: QueryField<Row>, wanted: readonly string[], row: Row): boolean {
  const has = field.of(row);
  // The beginning of a word is enough while it is typed; a whole one means only itself.
  const fits = (value: string, one: string): boolean =>
    field.values === undefined
      ? one.includes(value)
      : field.values.includes(value)
        ? one === value
        : one.startsWith(value);
  return wanted.some((value) => has.some((one) => fits(value, one)));
}

/** "a, b and c". */
export function wordList(words: readonly string[], joint: "and" | "or" = "and"): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} ${joint} ${last}`;
}

/** How the word before the cursor can go on: fields, then values of the field. Whole words, with their prefix. */
export function completeQuery<Row>(before: string, { fields }: Vocabulary<Row>): readonly string[] {
  const word = before.slice(before.lastIndexOf(" ") + 1).toLowerCase();
  const prefix = word.startsWith("!") || word.startsWith("-") ? word.slice(0, 1) : "";
  const said = word.slice(prefix.length);
  const groups = FIELD.exec(said)?.groups;
  if (groups === undefined) {
    return fields.filter(({ name }) => name.startsWith(said)).map(({ name }) => `${prefix}${name}:`);
  }
  const { name = "", rest = "" } = groups;
  const values = fields.find((one) => one.name === name)?.values ?? [];
  const at = rest.lastIndexOf(",") + 1;
  const kept = `${prefix}${name}:${rest.slice(0, at)}`;
  const taken = rest.slice(0, at).split(",");
  return values
    .filter((value) => value.startsWith(rest.slice(at)) && !taken.includes(value))
    .map((value) => `${kept}${value}`);
}
