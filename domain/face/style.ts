// A style in words, as a person writes it in a configuration ("bold #fabd2f on 236"), and as the parameters of an SGR
// sequence for what a terminal can show: true colours become the nearest of 256 or of 16. docs/spec/look.md.

export type ColourDepth = "none" | "16" | "256" | "truecolour";

export type Attribute = "bold" | "dim" | "italic" | "underline" | "reverse";

export type Colour =
  /** One of the terminal's own palette, 0 to 255. */
  | { readonly kind: "palette"; readonly index: number }
  | { readonly kind: "rgb"; readonly red: number; readonly green: number; readonly blue: number };

export interface Style {
  readonly attributes: readonly Attribute[];
  readonly text?: Colour | undefined;
  readonly behind?: Colour | undefined;
}

const ATTRIBUTE_CODES: Readonly<Record<Attribute, string>> = {
  bold: "1",
  dim: "2",
  italic: "3",
  underline: "4",
  reverse: "7",
};

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** Longer is no style but a mistake. */
const MAX_LENGTH = 80;

export const STYLE_SYNTAX =
  "words of bold, dim, italic, underline, reverse, and a colour, with another one after on: red, bright-red, default, 0 to 255 or #rrggbb";

/** Undefined when the words are no style. Empty and "default" are the text's own colour. */
export function parseStyle(text: string): Style | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const attributes: Attribute[] = [];
  const colours: { text?: Colour | undefined; behind?: Colour | undefined } = {};
  let place: "text" | "behind" = "text";
  const set = new Set<string>();
  for (const word of text.toLowerCase().split(" ")) {
    if (word === "") continue;
    if (isAttribute(word)) attributes.push(word);
    else if (word === "on" && place === "text") place = "behind";
    else {
      const colour = word === "default" ? "default" : parseColour(word);
      if (colour === undefined || set.has(place)) return undefined;
      set.add(place);
      if (colour !== "default") colours[place] = colour;
    }
  }
  return place === "behind" && !set.has("behind") ? undefined : { attributes, ...colours };
}

/** Parameters between ESC [ and m; empty for no style at all. Without colours, weight and reverse are left. */
export function sgrOf({ attributes, text, behind }: Style, depth: ColourDepth): string {
  const codes = attributes.map((one) => ATTRIBUTE_CODES[one]);
  if (depth !== "none" && text !== undefined) codes.push(colourCode(text, depth, 30));
  if (depth !== "none" && behind !== undefined) codes.push(colourCode(behind, depth, 40));
  return codes.join(";");
}

function isAttribute(word: string): word is Attribute {
  return Object.hasOwn(ATTRIBUTE_CODES, word);
}

function parseColour(word: string): Colour | undefined {
  const [, red, green, blue] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/u.exec(word) ?? [];
  if (red !== undefined && green !== undefined && blue !== undefined) {
    return { kind: "rgb", red: parseInt(red, 16), green: parseInt(green, 16), blue: parseInt(blue, 16) };
  }
  if (/^\d{1,3}$/u.test(word)) return Number(word) <= 255 ? { kind: "palette", index: Number(word) } : undefined;
  const isBright = word.startsWith("bright-");
  const index = NAMES.findIndex((name) => name === (isBright ? word.slice(7) : word));
  return index < 0 ? undefined : { kind: "palette", index: isBright ? index + 8 : index };
}

function colourCode(colour: Colour, depth: Exclude<ColourDepth, "none">, base: 30 | 40): string {
  if (colour.kind === "rgb" && depth === "truecolour") {
    return `${base + 8};2;${colour.red};${colour.green};${colour.blue}`;
  }
  const index = colour.kind === "palette" ? colour.index : nearestOf256(colour);
  if (index < 16) return String(index < 8 ? base + index : base + 60 + index - 8);
  return depth === "16" ? colourCode(nearestOf16(rgbOf(index)), depth, base) : `${base + 8};5;${index}`;
}

interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** The six levels of the colour cube of terminals. */
const LEVELS = [0, 95, 135, 175, 215, 255] as const;

/** Usual values of the sixteen; a person's own differ, so that nothing depends on the exact shade. */
const SIXTEEN = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
] as const;

/** Of the cube and the greys; the first sixteen are the person's own and not known. */
function nearestOf256(colour: Rgb): number {
  return nearest(colour, 16, 256, rgbOf);
}

function nearestOf16(colour: Rgb): Colour {
  return { kind: "palette", index: nearest(colour, 0, 16, rgbOf) };
}

function nearest(colour: Rgb, from: number, to: number, at: (index: number) => Rgb): number {
  let best = from;
  let least = Infinity;
  for (let index = from; index < to; index += 1) {
    const other = at(index);
    const distance =
      (colour.red - other.red) ** 2 + (colour.green - other.green) ** 2 + (colour.blue - other.blue) ** 2;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function rgbOf(index: number): Rgb {
  if (index < 16) {
    const [red, green, blue] = SIXTEEN[index] ?? SIXTEEN[0];
    return { red, green, blue };
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { red: grey, green: grey, blue: grey };
  }
  const level = (divisor: number): number => LEVELS[Math.floor((index - 16) / divisor) % 6] ?? 0;
  return { red: level(36), green: level(6), blue: level(1) };
}
