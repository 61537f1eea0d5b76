// Texts with fields in braces, as people write them for their bar: the text's own markup stays, what fills the fields is
// escaped by the caller.
import { TEMPLATE_FIELDS, type TemplateField } from "./line-content.ts";
import { cleanText } from "./pango.ts";

export type TemplatePart =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "field"; readonly field: TemplateField };

export type Template = readonly TemplatePart[];

export type ParsedTemplate =
  | { readonly kind: "template"; readonly template: Template }
  | { readonly kind: "mistake"; readonly sentence: string };

/** Characters; a bar and a tooltip take no more, and the line has to stay bounded whatever the fields hold. */
const MAX_LENGTH = 500;

const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** `{field}` is filled in, `{{` and `}}` are braces, `\n` written as two characters is a new line. */
export function parseTemplate(text: string): ParsedTemplate {
  if (text.length > MAX_LENGTH) return mistake(`it has more than ${String(MAX_LENGTH)} characters`);
  const parts: TemplatePart[] = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, name] = match;
    parts.push(words(text.slice(at, match.index)));
    at = match.index + token.length;
    if (token === "{{" || token === "}}") parts.push(words(token.slice(1)));
    else if (name === undefined)
      return mistake(`a lone ${token} means nothing; write ${token}${token} for the character`);
    else if (isField(name)) parts.push({ kind: "field", field: name });
    else return mistake(`there is no field {${name.slice(0, 40)}}`);
  }
  parts.push(words(text.slice(at)));
  const flaw = markupFlaw(parts.map((part) => (part.kind === "words" ? part.words : "")).join(""));
  return flaw === undefined ? { kind: "template", template: parts } : mistake(flaw);
}

function words(text: string): TemplatePart {
  return { kind: "words", words: cleanText(text.replaceAll("\\n", "\n")) };
}

function mistake(why: string): ParsedTemplate {
  return { kind: "mistake", sentence: `${why}; fields are ${TEMPLATE_FIELDS.map((one) => `{${one}}`).join(" ")}` };
}

function isField(name: string): name is TemplateField {
  return (TEMPLATE_FIELDS as readonly string[]).includes(name);
}

const TAG = /<(\/?)([a-z]+)((?:\s+[a-z_]+\s*=\s*(?:'[^'<]*'|"[^"<]*"))*)\s*(\/?)>/g;

/** Markup that Pango would refuse leaves the bar without a label; undefined when it is well-formed. */
function markupFlaw(text: string): string | undefined {
  const open: string[] = [];
  const rest = text.replace(TAG, (_tag, slash: string, name: string, _attributes: string, end: string) => {
    if (slash === "" && end === "") open.push(name);
    else if (slash !== "" && open.pop() !== name) open.push(`/${name}`);
    return "";
  });
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return `the tag <${unclosed}> has no counterpart`;
  if (rest.includes("<")) return "a < that begins no tag is written &lt;";
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[0-9a-f]{1,5});)/i.test(rest)) return "an & is written &amp;";
  return undefined;
}
