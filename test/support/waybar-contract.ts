// WayBar's contract for one line of a custom module with "return-type": "json", as strict as its strictest version, and
// Pango's markup as strict as GMarkup reads it. Written from the manual, not from our code: it must import nothing of it.

export interface ReadLine {
  readonly text: string;
  readonly alt: string;
  readonly tooltip: string;
  readonly classes: readonly string[];
  readonly percentage: number;
  /** What stands in the bar: the text without markup. */
  readonly shown: string;
  readonly shownTooltip: string;
}

const MAX_BYTES = 4_096;
const FIELDS = ["text", "alt", "tooltip", "class", "percentage"];

const KNOWN_CLASSES = new Set(
  `in-sync behind ahead diverged syncing pending-approval blocked degraded unknown
   asleep stale offline reboot approval old-target error`.split(/\s+/),
);

/** Throws Error that names the first thing which WayBar would not take, or which it would show wrongly. */
export function readWaybarLine(bytes: Uint8Array | string): ReadLine {
  const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  if (raw.length >= MAX_BYTES) throw new Error(`${String(raw.length)} bytes`);
  const line = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  if (/[\r\n\u2028\u2029]/.test(line)) throw new Error("more than one line");
  const value = JSON.parse(line) as Record<string, unknown>;
  for (const key of Object.keys(value)) if (!FIELDS.includes(key)) throw new Error(`WayBar does not read ${key}`);
  const { text, alt, tooltip, class: classes, percentage } = value;
  if (typeof text !== "string" || typeof alt !== "string" || typeof tooltip !== "string") throw new Error("no string");
  if (!Array.isArray(classes) || classes.length === 0) throw new Error("no classes");
  for (const one of [...(classes as unknown[]), alt]) {
    if (typeof one !== "string" || !KNOWN_CLASSES.has(one)) throw new Error(`${String(one)} is not in the known list`);
  }
  if (new Set(classes).size !== classes.length) throw new Error("a class twice");
  if (!Number.isInteger(percentage) || Number(percentage) < 0 || Number(percentage) > 100) {
    throw new Error(`percentage ${String(percentage)}`);
  }
  if (text.includes("\n")) throw new Error("a text of several lines");
  // Equal to the text, WayBar would show the formatted label instead.
  if (tooltip === "" || tooltip === text) throw new Error("no tooltip of its own");
  return {
    text,
    alt,
    tooltip,
    classes: classes as string[],
    percentage: Number(percentage),
    shown: readMarkup(text),
    shownTooltip: readMarkup(tooltip),
  };
}

const ATTRIBUTES = new Set(["alpha", "color", "foreground", "background", "weight", "style", "size", "underline"]);
const ELEMENTS = new Set(["span", "b", "i", "u", "s", "big", "small", "tt", "sub", "sup"]);
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const OPENING = /^<([a-z]+)((?: [a-z_]+=(?:'[^'<&]*'|"[^"<&]*"))*)>/;

/** The text of well-formed markup. Throws on everything that GMarkup or Pango would refuse, and on what spoils a bar. */
export function readMarkup(markup: string): string {
  if (!markup.isWellFormed()) throw new Error("a lone surrogate");
  const spoils = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.exec(markup.replaceAll("\n", ""));
  if (spoils !== null) throw new Error(`U+${(spoils[0].codePointAt(0) ?? 0).toString(16)} in markup`);
  const open: string[] = [];
  let text = "";
  let rest = markup;
  while (rest !== "") {
    const plain = /^[^<&]+/.exec(rest)?.[0];
    const entity = /^&(?:([a-z]+)|#(\d{1,7})|#x([0-9a-f]{1,6}));/.exec(rest);
    const opening = OPENING.exec(rest);
    const closing = /^<\/([a-z]+)>/.exec(rest);
    if (plain !== undefined) text += plain;
    else if (entity !== null) text += entityText(entity);
    else if (opening !== null) open.push(elementName(opening));
    else if (closing === null) throw new Error(`no markup: ${rest.slice(0, 20)}`);
    else if (open.pop() !== closing[1]) throw new Error(`</${String(closing[1])}> closes nothing`);
    rest = rest.slice((plain ?? entity?.[0] ?? opening?.[0] ?? closing?.[0] ?? "").length);
  }
  if (open.length > 0) throw new Error(`<${open.join("><")}> is never closed`);
  return text;
}

function entityText([whole, name, decimal, hexadecimal]: RegExpExecArray): string {
  const named = name === undefined ? undefined : ENTITIES[name];
  if (named !== undefined) return named;
  const code = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
  if (name !== undefined || !(code >= 32 && code <= 0x10_ff_ff)) throw new Error(`no entity: ${whole}`);
  return String.fromCodePoint(code);
}

function elementName([whole, name = "", attributes = ""]: RegExpExecArray): string {
  if (!ELEMENTS.has(name)) throw new Error(`no element of Pango: ${whole}`);
  for (const [, attribute = ""] of attributes.matchAll(/ ([a-z_]+)=/g)) {
    if (!ATTRIBUTES.has(attribute)) throw new Error(`no attribute of Pango: ${whole}`);
  }
  return name;
}
