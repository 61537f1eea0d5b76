// What is known becomes the one JSON line that WayBar reads. Agent and WayBar module draw the same line with it, so it
// knows neither; the clock is passed in.
import { MAX_STATUS_LINE_BYTES } from "../limits.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import type { BarSummary } from "./bar-summary.ts";
import { endpointContent } from "./endpoint-content.ts";
import type { LineContent, TemplateField } from "./line-content.ts";
import { escapePango, shorten } from "./pango.ts";
import { poolsContent } from "./pools-content.ts";
import { problemContent, withProblem } from "./problem-content.ts";
import type { StatusSummary } from "./status-summary.ts";
import type { Template } from "./template.ts";

/** How a person wants it. */
export interface LineFormat {
  readonly text?: Template;
  readonly tooltip?: Template;
  /** Without text while all is well: WayBar shows no module then. */
  readonly isHiddenInSync?: boolean;
}

const PLAIN: LineFormat = {};
const MAX_TEXT_CHARACTERS = 60;
const MAX_LINE_CHARACTERS = 200;
/** Longest value of a field, one try after the other until the whole fits; without values it always does. */
const FIELD_CHARACTERS = [200, 80, 30, 10, 0] as const;
/** Of a line that nobody vouches for; the style sheet of `waybar style` adds to it. */
const DIM_ALPHA = "75%";

/** One endpoint's line without its newline, under 4 KiB, as a bar shows it that wants nothing special. */
export function statusLine(summary: StatusSummary, nowMs: number): string {
  return barLine({ kind: "endpoint", endpoint: summary }, nowMs);
}

/** The same for everything that a bar may show. `beside` is said in front: a mistake in the bar's own set-up. */
export function barLine(
  summary: BarSummary,
  nowMs: number,
  format: LineFormat = PLAIN,
  beside?: Extract<BarSummary, { kind: "problem" }>,
): string {
  const known = contentOf(summary, nowMs);
  const isSaid = summary.kind === "problem" && summary.problem === beside?.problem;
  return drawLine(beside === undefined || isSaid ? known : withProblem(known, beside), format);
}

function contentOf(summary: BarSummary, nowMs: number): LineContent {
  switch (summary.kind) {
    case "endpoint":
      return endpointContent(summary.endpoint, nowMs);
    case "pools":
      return poolsContent(summary.pools, nowMs);
    case "problem":
      return problemContent(summary);
  }
}

function drawLine(content: LineContent, format: LineFormat): string {
  const { alt, classes, percentage } = content;
  let line = "";
  for (const limit of FIELD_CHARACTERS) {
    const text = textOf(content, format, limit);
    const rest = { alt, class: classes, percentage };
    const lines = tooltipOf(content, format, limit);
    // Lines go from the end until it fits: the first ones say what matters.
    for (let kept = lines.length; kept > 0; kept -= 1) {
      line = JSON.stringify({ text, ...rest, tooltip: lines.slice(0, kept).join("\n") });
      if (encodeUtf8(line).length < MAX_STATUS_LINE_BYTES) return line;
      if (format.tooltip !== undefined) break;
    }
  }
  return JSON.stringify({
    text: escapePango(shorten(content.text, MAX_TEXT_CHARACTERS)),
    alt,
    class: classes,
    percentage,
    tooltip: "",
  });
}

function textOf(content: LineContent, { text, isHiddenInSync }: LineFormat, limit: number): string {
  if (isHiddenInSync === true && content.isQuiet) return "";
  const shown =
    text === undefined
      ? escapePango(oneLine(shorten(content.text, MAX_TEXT_CHARACTERS)))
      : fill(text, content, limit).replaceAll("\n", " ");
  return content.isDim ? `<span alpha='${DIM_ALPHA}'>${shown}</span>` : shown;
}

/** With a template one piece, since its markup may span lines. */
function tooltipOf(content: LineContent, { tooltip }: LineFormat, limit: number): readonly string[] {
  return tooltip === undefined ? plainTooltip(content, MAX_LINE_CHARACTERS) : [fill(tooltip, content, limit)];
}

function plainTooltip({ tooltip }: LineContent, limit: number): readonly string[] {
  return tooltip.map((one) => escapePango(oneLine(shorten(one, limit))));
}

function fill(template: Template, content: LineContent, limit: number): string {
  return template.map((part) => (part.kind === "words" ? part.words : valueOf(part.field, content, limit))).join("");
}

function valueOf(field: TemplateField, content: LineContent, limit: number): string {
  // As many lines as a tooltip of that size has room for.
  if (field === "tooltip")
    return plainTooltip(content, limit)
      .slice(0, Math.ceil(limit / 10))
      .join("\n");
  const value = field === "text" ? content.text : (content.fields[field] ?? "");
  return limit === 0 ? "" : escapePango(oneLine(shorten(value, limit)));
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}
