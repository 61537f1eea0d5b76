import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { canonicalBytes } from "../package-set/canonical.ts";
import { finish } from "../steps.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { type Member, type PoolFacts, SUGGESTION_KINDS, type SuggestionKind } from "./analysis.ts";
import { computeAvailability } from "./availability.ts";
import { computeAnalysis } from "./compute-analysis.ts";
import { makeInstalledTable } from "./installed-table.ts";
import { makeOfferTable } from "./offer-table.ts";
import { computeStanding } from "./standing.ts";
import { makeViewOffers } from "./view-offers.ts";

const DAY = 86_400;

interface Machine {
  readonly name: string;
  /** Place of its view; undefined for one that has brought none. */
  readonly view?: number;
  readonly installed?: readonly string[];
  readonly isDegraded?: boolean;
  readonly isOnline?: boolean;
}

interface Pool {
  readonly views: readonly (readonly (SyncPackage | string)[])[];
  /** By view; one class for all unless said. */
  readonly classes?: readonly string[];
  readonly machines: readonly Machine[];
  readonly facts?: Partial<PoolFacts>;
}

function analyse({ views: lists, classes, machines, facts }: Pool) {
  const table = makeOfferTable();
  const views = lists.map((list, place) => {
    const about = { digest: `view-${place}`, class: classes?.[place] ?? "arch", architecture: "x86_64" };
    return finish(makeViewOffers(table, about, viewOf(...list)));
  });
  const lines = makeInstalledTable(table);
  const availability = finish(computeAvailability(table, views));
  const members = machines.map(({ name, view, installed = [], isDegraded = false, isOnline = true }): Member => {
    const numbers = lines.intern(canonicalBytes(setOf(...installed)));
    const standing =
      view === undefined
        ? undefined
        : computeStanding(table, { lines, installed: numbers, own: view, views, held: new Set() });
    return { name, view, isBeyond: false, isDegraded, isOnline, standing };
  });
  const all: PoolFacts = {
    pool: "desks",
    mode: "versions",
    viewsBeyond: 0,
    targetViews: undefined,
    shared: [],
    ...facts,
  };
  return computeAnalysis(table, availability, members, all, new Int32Array(table.names));
}

/** Each kind: a pool that provokes it, and what a person reads. */
const TABLE: Readonly<Record<SuggestionKind, readonly [Pool, RegExp, RegExp]>> = {
  incomplete: [
    { views: [["a 1-1"]], machines: [{ name: "atlas", view: 0 }, { name: "x" }, { name: "y" }] },
    /^x and y have not brought their repositories yet/,
    /pacpool doctor/,
  ],
  build: [
    {
      views: [["a 1-1"], [available("a 1-1", { buildDate: 999 })].map((one) => ({ ...one, sha256: "cd".repeat(32) }))],
      machines: [
        { name: "atlas", view: 0 },
        { name: "borealis", view: 1 },
      ],
    },
    /^a is another file of the same version on atlas and borealis, although these are of one class\.$/,
    /Compare their mirrors/,
  ],
  signer: [
    {
      views: [["a 1-1"], [{ ...available("a 1-1"), signature: "damaged" }]],
      machines: [
        { name: "atlas", view: 0 },
        { name: "borealis", view: 1 },
      ],
    },
    /^a is signed by another key in the same version on atlas and borealis/,
    /pacman-key/,
  ],
  shared: [
    {
      views: [["a 1-1"]],
      machines: [{ name: "atlas", view: 0 }],
      facts: { targetViews: ["view-0"], shared: ["a", "tool"] },
    },
    /^The shared name tool is in no repository: the endpoints there cannot have it\.$/,
    /pacpool share add/,
  ],
  classes: [
    {
      views: [["a 1-1"], ["a 1-1"]],
      classes: ["arch", "cachy"],
      machines: [
        { name: "atlas", view: 0 },
        { name: "zephyr", view: 1 },
      ],
      facts: { mode: "mirror" },
    },
    /^2 classes share the pool: arch \(1 endpoint\) and cachy \(1 endpoint\)\.$/,
    /Split the pool: a mirror reaches the source's class only/,
  ],
  repository: [
    {
      views: [["a 2-1 @200"], ["a 1-1", available("lib32 1-1", {}, "multilib")]],
      machines: [
        { name: "atlas", view: 0, installed: ["a 2-1 @200"] },
        { name: "borealis", view: 1, installed: ["a 1-1", "lib32 1-1"] },
      ],
    },
    /^A target from atlas would leave 1 package of borealis behind: lib32 comes from multilib, which atlas does not have\.$/,
    /Enable multilib on atlas, take the target from borealis, or hold it/,
  ],
  dropped: [
    {
      views: [["a 2-1 @200"], ["a 1-1", "old 1-1"]],
      machines: [
        { name: "atlas", view: 0, installed: ["a 2-1 @200"] },
        { name: "borealis", view: 1, installed: ["a 1-1", "old 1-1"] },
      ],
    },
    /^old is not in core any more, and still installed on borealis\.$/,
    /nothing updates it from now on/,
  ],
  source: [
    {
      views: [[`a 2-1 @${DAY}`], ["a 1-1 @100"]],
      machines: [
        { name: "atlas", view: 0, installed: [`a 2-1 @${DAY}`] },
        { name: "borealis", view: 1, installed: ["a 1-1"] },
      ],
    },
    /^The newest possible source is atlas: all 2 endpoints of its class can follow\.$/,
    /pacpool set-latest --endpoint atlas/,
  ],
  partial: [
    { views: [["a 2-1", "b 1-1"]], machines: [{ name: "atlas", view: 0, installed: ["a 1-1", "b 1-1"] }] },
    /^atlas has 1 package in another version or build than its own repositories: a\.$/,
    /until then it is no source/,
  ],
  behind: [
    {
      views: [[`a 2-1 @${9 * DAY}`], [`a 1-1 @${2 * DAY}`]],
      machines: [
        { name: "atlas", view: 0 },
        { name: "borealis", view: 1 },
      ],
    },
    /^Refresh borealis: its databases are 7 days older than those of atlas\.$/,
    /pacpool sync/,
  ],
  skew: [
    {
      views: [[`a 2-1 @${9 * DAY}`], [`a 1-1 @${2 * DAY}`]],
      classes: ["arch", "manjaro"],
      machines: [
        { name: "atlas", view: 0 },
        { name: "zephyr", view: 1 },
      ],
    },
    /^The newest moment of class manjaro is 7 days older than that of class arch\.$/,
    /pacpool update` on zephyr/,
  ],
  foreign: [
    {
      views: [["a 1-1"]],
      machines: [
        { name: "atlas", view: 0, installed: ["yay 1-1"] },
        { name: "borealis", view: 0, installed: ["yay 2-1"] },
      ],
    },
    /^yay is in no repository, and installed in several versions/,
    /repository of your own/,
  ],
};

describe("suggestions", () => {
  it.each(SUGGESTION_KINDS)("tell what is and what to do: %s", (kind) => {
    const [pool, sentence, advice] = TABLE[kind];
    const found = analyse(pool).suggestions.find((one) => one.kind === kind);
    expect(found?.sentence).toMatch(sentence);
    expect(found?.advice).toMatch(advice);
  });

  it("are none for machines of one moment that are the target", () => {
    const { suggestions } = analyse({
      views: [["a 1-1", "b 1-1"]],
      machines: ["atlas", "borealis"].map((name) => ({ name, view: 0, installed: ["a 1-1"] })),
      facts: { targetViews: ["view-0"] },
    });
    expect(suggestions).toEqual([]);
  });

  it("take an older moment for the source when nobody of the newest may be it", () => {
    const pool = {
      views: [[`a 3-1 @${3 * DAY}`], [`a 2-1 @${2 * DAY}`]],
      machines: [
        { name: "atlas", view: 0, installed: ["a 2-1"] },
        { name: "borealis", view: 1, installed: [`a 2-1 @${2 * DAY}`], isOnline: false },
        { name: "cygnus", view: 1, installed: [`a 2-1 @${2 * DAY}`] },
      ],
    };
    expect(analyse(pool).suggestions.find(({ kind }) => kind === "source")?.sentence).toContain("is cygnus");
    const degraded = pool.machines.map((one) => ({ ...one, isDegraded: one.view === 1 }));
    expect(analyse({ ...pool, machines: degraded }).suggestions.find(({ kind }) => kind === "source")?.sentence).toBe(
      "No endpoint can become a source now (atlas: installed packages differ from its own repositories: a).",
    );
  });

  it("say that a source is too old for packages that came later, and not that they are gone", () => {
    const { suggestions } = analyse({
      views: [[`a 3-1 @${3 * DAY}`, "young 1-1"], [`a 2-1 @${2 * DAY}`]],
      machines: [
        { name: "atlas", view: 0, installed: ["a 2-1", "young 1-1"] },
        { name: "borealis", view: 1, installed: [`a 2-1 @${2 * DAY}`] },
      ],
    });
    expect(suggestions.find(({ kind }) => kind === "repository")?.sentence).toBe(
      "A target from borealis would leave 1 package of atlas behind: young is newer than its databases.",
    );
    expect(suggestions.some(({ kind }) => kind === "dropped")).toBe(false);
  });

  it("suggest one source for a pool of classes: its target freezes the others' moments with it", () => {
    const pool: Pool = {
      views: [["a 1-1"], ["a 1-1"]],
      classes: ["arch", "cachy"],
      machines: [
        { name: "atlas", view: 0, installed: ["a 1-1"] },
        { name: "borealis", view: 0, installed: ["a 1-1"] },
        { name: "zephyr", view: 1, installed: ["a 1-1"] },
      ],
    };
    const sources = (facts: Partial<PoolFacts>) =>
      analyse({ ...pool, facts }).suggestions.filter(({ kind }) => kind === "source");
    expect(sources({})).toMatchObject([
      {
        weight: "act",
        sentence: "The newest possible source of class arch is atlas: all 2 endpoints of its class can follow.",
        advice: expect.stringContaining("freshest moment of every other class") as unknown,
      },
    ]);
    expect(sources({ targetViews: ["view-0"] })).toMatchObject([{ weight: "consider", endpoints: ["zephyr"] }]);
    expect(sources({ targetViews: ["view-0", "view-1"] })).toEqual([]);
  });

  it("name a hundred endpoints at most, and count the rest in words", () => {
    const machines = Array.from({ length: 150 }, (_, at) => ({ name: `m${String(at).padStart(3, "0")}` }));
    const [found] = analyse({ views: [], machines }).suggestions;
    expect(found?.endpoints).toHaveLength(100);
    expect(found?.sentence).toContain("m000, m001, m002 and 147 more have not");
  });
});

describe("classes", () => {
  it("are compared with the largest one's newest moment", () => {
    const { classes } = analyse({
      views: [["a 2-1", "b 1-1", "c 1-1", "d 1-1"], ["a 1-1"], ["a 1-1", "b 2-1", "c 1-1"]],
      classes: ["arch", "arch", "cachy"],
      machines: [
        { name: "zephyr", view: 2 },
        { name: "atlas", view: 0 },
        { name: "borealis", view: 1 },
      ],
    });
    expect(classes).toMatchObject([
      { class: "arch", endpoints: 2, views: [0, 1], beside: { equal: 4, older: 0, newer: 0, lacking: 0 } },
      { class: "cachy", endpoints: 1, views: [2], beside: { equal: 1, older: 1, newer: 1, lacking: 1 } },
    ]);
  });
});

describe("possible targets", () => {
  it("count who can follow, who would keep packages, who would go back, and who is of another class", () => {
    const { targets } = analyse({
      views: [["a 2-1 @200", "b 1-1"], ["a 1-1", "b 1-1", "c 1-1"], ["a 1-1"]],
      classes: ["arch", "arch", "cachy"],
      machines: [
        { name: "atlas", view: 0, installed: ["a 2-1 @200", "b 1-1"] },
        { name: "borealis", view: 1, installed: ["a 1-1", "c 1-1", "yay 1-1"] },
        { name: "cygnus", view: 1, installed: ["a 1-1"] },
        { name: "zephyr", view: 2, installed: ["a 1-1"] },
      ],
    });
    expect(targets).toMatchObject([
      { sources: ["atlas"], followers: 2, excepted: 1, downgraded: 0, strangers: 1 },
      { sources: ["borealis", "cygnus"], followers: 3, excepted: 0, downgraded: 1, strangers: 1 },
      { sources: ["zephyr"], followers: 1, excepted: 0, downgraded: 0, strangers: 3 },
    ]);
    expect(targets[0]?.exceptions).toEqual([{ endpoint: "borealis", lacking: 1, examples: ["c"] }]);
  });
});
