import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { computeDrift } from "../drift/compute-drift.ts";
import {
  type Build,
  CONFLICT_MODES,
  type ConflictMode,
  type ConflictTake,
  type Decision,
  findConflicts,
  keptByConflict,
  resolveConflicts,
  undecidedNames,
} from "./resolve-conflicts.ts";

/** Versions as `version` or `version @buildDate`; a base of undefined is not known. */
interface Sides {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
  /** What a frozen package had to be before its base moved on. */
  readonly carried?: string;
}

function conflictsOf({ base, ours, theirs, carried }: Sides) {
  const installed = setOf(`app ${ours}`);
  const [version = "", date = "@100"] = theirs.split(" ");
  const buildDate = Number(date.slice(1));
  const view = viewOf(available(`app ${version}`, { buildDate }));
  const target = { mode: "versions" as const, pins: new Map<string, string>(), shared: [] };
  const drift = computeDrift({
    installed,
    ownView: view,
    targetView: view,
    targetSet: undefined,
    target,
    held: new Set(),
  });
  return findConflicts({
    drift,
    installed,
    base: () => (base === undefined ? undefined : buildOf(base)),
    carried: () => (carried === undefined ? undefined : buildOf(carried)),
    targetBuildDate: () => buildDate,
  });
}

function buildOf(text: string): Build {
  const [version = "", date = "@100"] = text.split(" ");
  return { version, buildDate: Number(date.slice(1)) };
}

describe("a conflict", () => {
  it.each<[string, Sides, boolean]>([
    ["the endpoint upgraded by itself", { base: "1-1", ours: "3-1", theirs: "2-1" }, true],
    ["the endpoint went back by itself", { base: "2-1", ours: "1-1", theirs: "3-1" }, true],
    ["only the target moved on", { base: "1-1", ours: "1-1", theirs: "2-1" }, false],
    ["only the target went back", { base: "2-1", ours: "2-1", theirs: "1-1" }, false],
    ["both came to the same", { base: "1-1", ours: "2-1", theirs: "2-1" }, false],
    ["nobody moved", { base: "1-1", ours: "1-1", theirs: "1-1" }, false],
    ["the endpoint rebuilt it", { base: "1-1 @100", ours: "1-1 @200", theirs: "1-1 @100" }, true],
    ["the target was rebuilt", { base: "1-1 @100", ours: "1-1 @100", theirs: "1-1 @200" }, false],
    ["a base of any build", { base: "1-1 @0", ours: "1-1 @200", theirs: "1-1 @300" }, false],
    ["frozen at what it had to be", { base: "2-1", ours: "1-1", theirs: "2-1", carried: "1-1" }, false],
    ["frozen, and changed before that", { base: "2-1", ours: "5-1", theirs: "2-1", carried: "1-1" }, true],
    ["no base, a later version here", { base: undefined, ours: "3-1", theirs: "2-1" }, true],
    ["no base, an older version here", { base: undefined, ours: "1-1", theirs: "2-1" }, false],
    ["no base, another build here", { base: undefined, ours: "2-1 @200", theirs: "2-1 @100" }, true],
  ])("%s", (_name, sides, expected) => {
    expect(conflictsOf(sides).length).toBe(expected ? 1 : 0);
  });
});

const UP: Sides = { base: "1-1", ours: "3-1", theirs: "2-1" };
const DOWN: Sides = { base: "2-1", ours: "1-1", theirs: "3-1" };
const LATER_BUILD: Sides = { base: "1-1 @50", ours: "1-1 @200", theirs: "1-1 @100" };
const EARLIER_BUILD: Sides = { base: "1-1 @50", ours: "1-1 @80", theirs: "1-1 @100" };

describe("a mode", () => {
  const table: Readonly<Record<ConflictMode, readonly (ConflictTake | undefined)[]>> = {
    "use-target": ["target", "target", "target", "target"],
    "keep-current": ["current", "current", "current", "current"],
    newest: ["current", "target", "current", "target"],
    oldest: ["target", "current", "target", "current"],
    manual: [undefined, undefined, undefined, undefined],
  };

  it.each(CONFLICT_MODES)("%s takes what it says, and says so", (mode) => {
    const resolved = [UP, DOWN, LATER_BUILD, EARLIER_BUILD].map(
      (sides) => resolveConflicts(conflictsOf(sides), mode, [], 7)[0],
    );
    expect(resolved.map((one) => one?.take)).toEqual(table[mode]);
    for (const one of resolved) expect(one?.why).toContain(mode === "manual" ? "a person has to choose" : mode);
  });
});

describe("a person's decision", () => {
  const decision = (take: ConflictTake, targetRevision = 7, name = "app"): Decision => ({
    name,
    take,
    targetRevision,
    author: "anna",
    atMs: 5,
  });

  it.each(CONFLICT_MODES)("wins over %s", (mode) => {
    for (const take of ["target", "current"] as const) {
      const [resolved] = resolveConflicts(conflictsOf(UP), mode, [decision(take)], 7);
      expect(resolved).toMatchObject({ take, decision: { author: "anna" } });
      expect(resolved?.why).toContain("anna chose it");
    }
  });

  it("is for one package and one target", () => {
    const take = (one: Decision) => resolveConflicts(conflictsOf(UP), "manual", [one], 7)[0]?.take;
    expect(take(decision("current", 6))).toBeUndefined();
    expect(take(decision("current", 7, "other"))).toBeUndefined();
  });

  it("decides what a plan leaves alone: what is kept, and what nobody has decided", () => {
    const open = resolveConflicts(conflictsOf(UP), "manual", [], 7);
    expect(undecidedNames(open)).toEqual(["app"]);
    expect(keptByConflict(open).map((one) => one.name)).toEqual(["app"]);
    const taken = resolveConflicts(conflictsOf(UP), "manual", [decision("target")], 7);
    expect(undecidedNames(taken)).toEqual([]);
    expect(keptByConflict(taken)).toEqual([]);
  });
});
