// Plain text as roff with the man macros: what is escaped is escaped here and nowhere else. It must not know what is said.

/** The release that the pages are of; formatters want a date. */
const RELEASED = "2026-11-23";

export interface ManPage {
  readonly name: string;
  readonly section: 1 | 5;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly version: string;
  /** Roff lines below NAME. */
  readonly body: readonly string[];
}

export function formatPage({ name, section, summary, version, body }: ManPage): string {
  const lines = [
    '.\\" Made by `make generate`: change what it is made from, not this file.',
    `.TH ${name.toUpperCase()} ${String(section)} "${RELEASED}" "pacpool ${version}"`,
    ".SH NAME",
    `${roff(name)} \\- ${roff(summary)}`,
    ...body,
  ];
  // A paragraph right below a heading begins by itself.
  const needed = lines.filter((line, at) => line !== ".PP" || !/^\.S[HS] /.test(lines[at - 1] ?? ""));
  return `${needed.join("\n")}\n`;
}

/** A sentence of half a one. */
export function sentence(text: string): string {
  const whole = /^[a-z]+[ ,;]/.test(text) ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}` : text;
  return prose(/[.!?]$/.test(whole) ? whole : `${whole}.`);
}

/** A word or sentence, safe anywhere but at the start of a line. */
export function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("`", "\\(ga")
    .replaceAll("'", "\\(aq")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll('"', "\\(dq")
    .replace(/[^\u0020-\u007e]/gu, (character) => `\\[u${hex(character)}]`);
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0xfffd).toString(16).toUpperCase().padStart(4, "0");
}

/** A paragraph: nothing in it can be taken for a request. What stands in backticks is bold. */
export function prose(text: string): string {
  const parts = text.replaceAll(/\s+/g, " ").split("`");
  const lines = parts.map((part, at) => (at % 2 === 1 ? bold(part) : roff(part))).join("");
  return `${/^[.']/.test(lines) ? "\\&" : ""}${lines}`;
}

export function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

export function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

export function heading(text: string): string {
  return `.SH ${text.toUpperCase()}`;
}

export function subheading(text: string): string {
  return `.SS ${roff(text)}`;
}

/** A term with what it means below; nothing without a meaning. */
export function item(term: string, ...meaning: readonly string[]): readonly string[] {
  return [".TP", term, ...meaning.filter((line) => line !== "")];
}

/** Lines as they are, for what one types. */
export function verbatim(lines: readonly string[]): readonly string[] {
  return [".PP", ".RS 4", ".nf", ...lines.map((line) => `\\&${roff(line)}`), ".fi", ".RE"];
}
