import fc from "fast-check";
import { expect, it } from "vitest";
import { readWaybarLine } from "../../test/support/waybar-contract.ts";
import type { DriftKind } from "../drift/drift.ts";
import { NO_DRIFT } from "../drift/drift.ts";
import { SYNC_STATUSES } from "../drift/sync-status.ts";
import { DRIFT_FACES } from "../face/faces.ts";
import type { BarSummary, Problem } from "./bar-summary.ts";
import { TEMPLATE_FIELDS } from "./line-content.ts";
import { barLine } from "./status-line.ts";
import type { StatusSummary } from "./status-summary.ts";
import { parseTemplate, type Template } from "./template.ts";

const NOW = 1_800_000_000_000;

/** What packages, people and damaged files may be called or say. */
const words = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.string({ maxLength: 3_000 }),
  fc.constantFrom(
    "<b>&amp;\n\"'",
    "\ud800",
    "a\udc00b\ud83d",
    "x".repeat(9_000),
    "界".repeat(4_000),
    "&".repeat(5_000),
    "</span><span alpha='0%'>",
    "\u202eevil\u2066",
    "\u2028\u2029\u0085\r\n\0\u001b[31m",
    "\ufffe\uffff\u{e0041}",
    "e\u0301\u0323".repeat(2_000),
    "in sync ✓",
    "",
  ),
);
const number = fc.oneof(fc.double(), fc.integer(), fc.nat(100), fc.constantFrom(Number.NaN, -0, 1e300, 2 ** 53));
const counts = fc.record(Object.fromEntries(Object.keys(NO_DRIFT).map((kind) => [kind, number])));
const byStatus = fc.record(Object.fromEntries(SYNC_STATUSES.map((status) => [status, number])));
const status = fc.constantFrom(...SYNC_STATUSES);
const deed = fc.record({ what: words, who: words, atMs: number });

const endpoint = fc.record(
  {
    endpoint: words,
    pool: words,
    status,
    counts,
    targetRevision: number,
    reasons: fc.array(words, { maxLength: 12 }),
    reportedAtMs: fc.oneof(number, fc.constant(NOW)),
    percent: number,
    step: words,
    rebootRequired: fc.boolean(),
    offlineSinceMs: number,
    asleepSinceMs: number,
    isAgentStopped: fc.boolean(),
    targetAge: words,
    targetIsOld: fc.boolean(),
    message: words,
    drift: fc.array(
      fc.record(
        {
          name: words,
          kind: fc.constantFrom(...(Object.keys(DRIFT_FACES) as DriftKind[])),
          installed: words,
          wanted: words,
        },
        { requiredKeys: ["name", "kind"] },
      ),
      { maxLength: 20 },
    ),
    lastDeed: deed,
    inbox: number,
    fleet: fc.record({ endpoints: number, online: number, counts: byStatus }),
  },
  { requiredKeys: ["endpoint", "pool", "status", "counts", "targetRevision", "reasons", "reportedAtMs"] },
) as unknown as fc.Arbitrary<StatusSummary>;

const pool = fc.record(
  {
    name: words,
    counts: byStatus,
    online: number,
    endpoints: number,
    targetRevision: number,
    message: words,
    hint: words,
    lastDeed: deed,
    inbox: number,
  },
  { requiredKeys: ["name", "counts", "online", "endpoints", "targetRevision", "message"] },
);

const problem = fc.constantFrom<Problem>("setup", "config", "server", "key", "pool", "endpoint", "defect");
const problemSummary = fc.record({ kind: fc.constant("problem"), problem, sentence: words });

const summary = fc.oneof(
  fc.record({ kind: fc.constant("endpoint"), endpoint }),
  fc.record({
    kind: fc.constant("pools"),
    pools: fc.record({
      pools: fc.array(pool, { maxLength: 20 }),
      offlineSinceMs: fc.option(number, { nil: undefined }),
      reportedAtMs: fc.oneof(number, fc.constant(NOW)),
    }),
  }),
  problemSummary,
) as unknown as fc.Arbitrary<BarSummary>;

/** Whatever a person may write that parses: words, markup that is whole, every field, often more than once. */
const template = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }).map((text) => text.replace(/[<&{}]/g, "")),
      fc.constantFrom("<b>", "</b>", "<span color='#fff'>", "</span>", "\\n", "{{", "}}", "&amp;", '"', "\u0001"),
      fc.constantFrom(...TEMPLATE_FIELDS).map((field) => `{${field}}`),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parseTemplate(parts.join("")))
  .filter((parsed) => parsed.kind === "template")
  .map(({ template: parsed }): Template => parsed);

const format = fc.record({ text: template, tooltip: template, isHiddenInSync: fc.boolean() }, { requiredKeys: [] });

it("is a line that WayBar takes, whatever is known and whatever anything is called", () => {
  fc.assert(
    fc.property(summary, fc.option(problemSummary, { nil: undefined }), (known, beside) => {
      const line = readWaybarLine(barLine(known, NOW, {}, beside as Parameters<typeof barLine>[3]));
      expect(line.shown).not.toBe("");
    }),
    { numRuns: 600 },
  );
});

it("is one as well with a person's own templates around it", () => {
  fc.assert(
    fc.property(summary, format, (known, wanted) => {
      // What a person's tooltip says is theirs, also when it says nothing.
      const line = barLine(known, NOW, {
        ...wanted,
        tooltip: [{ kind: "words", words: "t:" }, ...(wanted.tooltip ?? [])],
      });
      readWaybarLine(line);
    }),
    { numRuns: 400 },
  );
});

it("never looks in sync when nobody vouches for it", () => {
  fc.assert(
    fc.property(summary, fc.double({ min: 120_000, noNaN: true }), (known, ageMs) => {
      const old = aged(known, NOW - ageMs);
      const line = readWaybarLine(barLine(old, NOW, { isHiddenInSync: true }));
      expect(line.alt).not.toBe("in-sync");
      expect(line.text).not.toBe("");
    }),
    { numRuns: 200 },
  );
});

function aged(known: BarSummary, reportedAtMs: number): BarSummary {
  if (known.kind === "endpoint") return { kind: "endpoint", endpoint: { ...known.endpoint, reportedAtMs } };
  return known.kind === "pools" ? { kind: "pools", pools: { ...known.pools, reportedAtMs } } : known;
}
