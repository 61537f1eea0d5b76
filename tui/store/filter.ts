// The filter of a list, compiled once for a text: lists that are drawn for every change must not read it again.
import { compileQuery, type Query, type Vocabulary } from "../query/query.ts";

/** The query of the newest text; rows that did not change keep their answers. */
export function createFilter<Row extends object>(vocabulary: Vocabulary<Row>): (text: string) => Query<Row> {
  let last: { readonly text: string; readonly query: Query<Row> } | undefined;
  const remembered = { ...vocabulary, text: rememberTexts(vocabulary.text) };
  return (text) => {
    if (last?.text !== text) last = { text, query: compileQuery(text, remembered) };
    return last.query;
  };
}

/** Each letter that is typed is another query of the same rows: their texts are made once. */
function rememberTexts<Row extends object>(textOf: (row: Row) => string): (row: Row) => string {
  const texts = new WeakMap<Row, string>();
  return (row) => {
    const known = texts.get(row);
    if (known !== undefined) return known;
    const made = textOf(row).toLowerCase();
    texts.set(row, made);
    return made;
  };
}

/** Every word must occur in the text, and none that ! or - negates: for rows that have no fields. */
export function matches(text: string, filter: string): boolean {
  return filter === "" || compileQuery(filter, WORDS_ONLY).matches({ text });
}

const WORDS_ONLY: Vocabulary<{ readonly text: string }> = { text: ({ text }) => text, fields: [] };
