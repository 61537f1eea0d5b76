// Rows of lists that are made once, when what they show came: sections with a heading, and items with their cells. What is
// drawn of them, and in which colours, is not known here.
import type { Cell } from "../../cells.ts";
import { compileQuery, type Vocabulary } from "../../query/query.ts";
import type { Route } from "../state.ts";

export interface ListCell extends Cell {
  /** Only in rows of at least that many columns. */
  readonly from?: number;
}

export interface ListItem {
  readonly kind: "item";
  readonly id: string;
  readonly cells: readonly ListCell[];
  /** The whole sentence, for below the list. */
  readonly why: string;
  /** What is copied; the first cell with words when absent. */
  readonly name?: string;
  /** What a filter looks into besides the cells. */
  readonly words?: string;
  /** Where Enter leads. */
  readonly opens?: Route | undefined;
}

export type ListRow =
  | { readonly kind: "heading"; readonly id: string; readonly text: string }
  /** Names of columns, below a heading. */
  | { readonly kind: "titles"; readonly id: string; readonly cells: readonly ListCell[] }
  | ListItem;

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly items: readonly ListItem[];
  readonly titles?: readonly ListCell[];
  /** Said in the place of items when there are none; without it an empty section is left out. */
  readonly none?: string;
}

/** Sections one below the other, each heading with its count; items that the filter does not leave are out. */
export function sectionRows(sections: readonly Section[], filter: string): readonly ListRow[] {
  // Compiled once: ten thousand rows may be asked.
  const query = compileQuery(filter, ITEMS);
  return sections.flatMap(({ id, title, items, titles, none }): readonly ListRow[] => {
    const shown = filter === "" ? items : items.filter((item) => query.matches(item));
    if (shown.length === 0) {
      if (none === undefined || filter !== "" || items.length > 0) return [];
      return [heading(id, title), { kind: "item", id: `${id} none`, cells: [{ text: none, tone: "muted" }], why: "" }];
    }
    const columns: readonly ListRow[] =
      titles === undefined ? [] : [{ kind: "titles", id: `# ${id} titles`, cells: titles }];
    return [heading(id, `${title} (${shown.length})`), ...columns, ...shown];
  });
}

function heading(id: string, text: string): ListRow {
  return { kind: "heading", id: `# ${id}`, text };
}

const ITEMS: Vocabulary<ListItem> = { text: itemText, fields: [] };

function itemText({ cells, why, words = "" }: ListItem): string {
  return `${cells.map(({ text }) => text).join(" ")} ${words} ${why}`;
}

/** The selected item; a heading is none. */
export function itemAt(rows: readonly ListRow[], id: string): ListItem | undefined {
  const found = rows.find((row) => row.id === id);
  return found?.kind === "item" ? found : undefined;
}
