import { describe, expect, it } from "vitest";
import { readWaybarLine } from "../../test/support/waybar-contract.ts";
import { NO_DRIFT } from "../drift/drift.ts";
import { TEMPLATE_FIELDS } from "./line-content.ts";
import { barLine, type LineFormat } from "./status-line.ts";
import type { StatusSummary } from "./status-summary.ts";
import { parseTemplate, type Template } from "./template.ts";

const NOW = 1_800_000_000_000;

const summary: StatusSummary = {
  endpoint: "a<b",
  pool: "home & lab",
  status: "behind",
  counts: { ...NO_DRIFT, older: 2, missing: 1, newer: 0 },
  targetRevision: 7,
  reasons: ["one", "two"],
  reportedAtMs: NOW - 90_000,
  message: "x".repeat(400),
};

function parsed(text: string): Template {
  const result = parseTemplate(text);
  if (result.kind === "mistake") throw new Error(result.sentence);
  return result.template;
}

function draw(format: LineFormat) {
  return readWaybarLine(barLine({ kind: "endpoint", endpoint: summary }, NOW, format));
}

describe("a template", () => {
  it("keeps its own markup and escapes what fills it", () => {
    const line = draw({ text: parsed("<b>{endpoint}</b> {icon}{behind} {{{pool}}}") });
    expect(line.text).toBe("<b>a&lt;b</b> ↓3 {home &amp; lab}");
  });

  it("can have lines, and the whole tooltip of before among them", () => {
    const line = draw({ tooltip: parsed("<i>{age}</i>\\n{tooltip}") });
    expect(line.shownTooltip).toMatch(/^1 min\na<b in pool home & lab: behind\n/);
  });

  it("is filled with what has a meaning, and with nothing else", () => {
    const all = TEMPLATE_FIELDS.filter((field) => field !== "tooltip");
    const { shown } = draw({ text: parsed(all.map((field) => `${field}=[{${field}}]`).join("")) });
    expect(shown).toContain("older=[2]newer=[0]missing=[1]");
    expect(shown).toContain("status=[behind]");
    expect(shown).toContain("endpoints=[]");
    expect(shown).toContain("reason=[one]");
    expect(shown).toContain("target=[7]");
  });

  it("that asks for one long thing again and again still fits", () => {
    expect(draw({ text: parsed("{message}".repeat(40)), tooltip: parsed("{tooltip}".repeat(40)) }).text).not.toBe("");
  });

  it.each([
    ["{colour}", /there is no field \{colour\}; fields are \{text\}.*\{behind\}/],
    ["{}", /there is no field \{\}/],
    ["a } b", /a lone \} means nothing; write \}\}/],
    ["{older", /a lone \{/],
    ["<b>{older}", /<b> has no counterpart/],
    ["<b><i></b></i>", /no counterpart/],
    ["</b>", /no counterpart/],
    ["1 < 2", /&lt;/],
    ["fish & chips", /&amp;/],
    ["x".repeat(501), /more than 500 characters/],
  ])("%s is refused with what would be right", (text, sentence) => {
    const result = parseTemplate(text);
    expect(result).toMatchObject({ kind: "mistake", sentence: expect.stringMatching(sentence) });
  });
});
