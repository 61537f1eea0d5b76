// JSON with comments and trailing commas, as WayBar reads it, into a tree that remembers where everything stands: what is
// edited is the text, so that a person's comments and layout stay. Must not know what the text configures.

interface Span {
  /** Offsets into the text; `to` is one behind the end. */
  readonly from: number;
  readonly to: number;
}

export type JsoncNode = Span &
  (
    | { readonly kind: "object"; readonly members: readonly JsoncMember[] }
    | { readonly kind: "array"; readonly elements: readonly JsoncNode[] }
    | { readonly kind: "plain"; readonly value: string | number | boolean | null }
  );

export interface JsoncMember extends Span {
  readonly name: string;
  readonly value: JsoncNode;
}

/** The text is not what WayBar could read; the message has line and column, from 1. */
export class JsoncError extends Error {
  override readonly name = "JsoncError";
}

/** Configurations are some KiB, and some levels deep. */
const MAX_CHARACTERS = 1 << 20;
const MAX_DEPTH = 64;

const BLANK = /(?:[\s\ufeff]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TEXT = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /[-+.\w]+/y;

/** Throws JsoncError. */
export function parseJsonc(text: string): JsoncNode {
  if (text.length > MAX_CHARACTERS) throw new JsoncError(`it has more than ${String(MAX_CHARACTERS)} characters`);
  const reader = new Reader(text);
  reader.skipBlank();
  const root = reader.readValue(0);
  reader.skipBlank();
  if (reader.at < text.length) throw reader.error("something follows the end");
  return root;
}

/** A member's value by its name; the last one counts, as in WayBar. */
export function memberOf(node: JsoncNode | undefined, name: string): JsoncMember | undefined {
  return node?.kind === "object" ? node.members.findLast((member) => member.name === name) : undefined;
}

/** The texts of a list; undefined when it is none or holds something else. */
export function textsOf(node: JsoncNode | undefined): readonly string[] | undefined {
  if (node?.kind !== "array") return undefined;
  const texts = node.elements.map((element) => (element.kind === "plain" ? element.value : undefined));
  return texts.every((value) => typeof value === "string") ? texts : undefined;
}

class Reader {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipBlank(): void {
    BLANK.lastIndex = this.at;
    BLANK.exec(this.#text);
    this.at = Math.max(this.at, BLANK.lastIndex);
  }

  readValue(depth: number): JsoncNode {
    if (depth > MAX_DEPTH) throw this.error("it is nested too deeply");
    const from = this.at;
    const next = this.#text[from];
    if (next === "{") return this.#readObject(depth);
    if (next === "[") return this.#readArray(depth);
    if (next === '"') return { kind: "plain", value: this.#readText(), from, to: this.at };
    const word = this.#match(WORD);
    const isNumber = word !== undefined && word !== "" && Number.isFinite(Number(word));
    if (isNumber) return { kind: "plain", value: Number(word), from, to: this.at };
    if (word === "true" || word === "false") return { kind: "plain", value: word === "true", from, to: this.at };
    if (word === "null") return { kind: "plain", value: null, from, to: this.at };
    this.at = from;
    throw this.error("a value is expected here");
  }

  #readObject(depth: number): JsoncNode {
    const from = this.at;
    const members = this.#readList("}", () => {
      const start = this.at;
      if (this.#text[start] !== '"') throw this.error("a name in quotes is expected here");
      const name = this.#readText();
      this.skipBlank();
      if (this.#text[this.at] !== ":") throw this.error("a colon is expected here");
      this.at += 1;
      this.skipBlank();
      const value = this.readValue(depth + 1);
      return { name, value, from: start, to: value.to };
    });
    return { kind: "object", members, from, to: this.at };
  }

  #readArray(depth: number): JsoncNode {
    const from = this.at;
    const elements = this.#readList("]", () => this.readValue(depth + 1));
    return { kind: "array", elements, from, to: this.at };
  }

  #readList<Item>(end: string, readItem: () => Item): readonly Item[] {
    const items: Item[] = [];
    this.at += 1;
    this.skipBlank();
    while (this.#text[this.at] !== end) {
      items.push(readItem());
      this.skipBlank();
      if (this.#text[this.at] === ",") {
        this.at += 1;
        this.skipBlank();
      } else if (this.#text[this.at] !== end) throw this.error(`a comma or ${end} is expected here`);
    }
    this.at += 1;
    return items;
  }

  #readText(): string {
    const from = this.at;
    const quoted = this.#match(TEXT);
    try {
      if (quoted !== undefined) return JSON.parse(quoted) as string;
    } catch {
      // Told below, with its place.
    }
    this.at = from;
    throw this.error("this text in quotes has no end, or an escape that is none");
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  error(what: string): JsoncError {
    const before = this.#text.slice(0, this.at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return new JsoncError(`line ${String(before.length)}, column ${String(column)}: ${what}`);
  }
}
