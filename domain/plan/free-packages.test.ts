import { describe, expect, it } from "vitest";
import { available, setOf } from "../../test/support/sample-packages.ts";
import type { PackageSet } from "../package-set/package-set.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { compareSimulation } from "./compare-simulation.ts";
import type { Wish } from "./wish.ts";

interface Case {
  readonly before: PackageSet;
  readonly after: PackageSet;
  readonly exact: PackageSet;
  readonly free: readonly string[];
  /** `name version`. */
  readonly set?: readonly string[];
  readonly says?: readonly SyncPackage[];
}

function judge({ before, after, exact, free, set = [], says = [] }: Case): readonly string[] {
  const metadataOf = (packages: PackageSet) =>
    new Map(
      packages.packages.map((one) => [
        one.name,
        says.find((each) => each.name === one.name) ?? available(`${one.name} ${one.version}`),
      ]),
    );
  const wished = set.map((line) => {
    const [name = "", version = ""] = line.split(" ");
    return { name, version, buildDate: 100, repository: "core", why: "older" };
  });
  const wish: Wish = { kind: "exact", set: wished, remove: [], reasons: [], leftAlone: [], free: new Set(free) };
  const verdict = compareSimulation({
    before,
    after,
    wish,
    exact,
    metadataBefore: metadataOf(before),
    metadataAfter: metadataOf(after),
    source: () => undefined,
    guard: new Set(),
  });
  return verdict.kind === "refused" ? verdict.details : verdict.steps.map((one) => `${one.action} ${one.name}`);
}

describe("packages whose presence is the endpoint's affair, in mode mirror", () => {
  const exact = setOf("app 2-1");

  it("stay beside the source's set, in the version that was wished", () => {
    const before = setOf("app 2-1", "game 1-1");
    const moved = { before, after: setOf("app 2-1", "game 2-1"), exact, free: ["game"], set: ["game 2-1"] };
    expect(judge(moved)).toEqual(["upgrade game"]);
    expect(judge({ ...moved, after: before })).toEqual(["game would be 1-1 instead of 2-1"]);
    expect(judge({ ...moved, free: [] })).toEqual(["game 2-1 would be left over"]);
  });

  it("are not taken away, and may lack where the source has them", () => {
    const before = setOf("app 2-1", "game 1-1");
    expect(judge({ before, after: exact, exact, free: ["game"] })).toEqual([
      "game would be removed, but is this endpoint's own",
    ]);
    const wider = setOf("app 2-1", "tool 1-1");
    expect(judge({ before: exact, after: exact, exact: wider, free: ["tool"] })).toEqual([]);
    expect(judge({ before: exact, after: exact, exact: wider, free: [] })).toEqual(["tool 1-1 would be missing"]);
  });

  it("bring what they need, and nothing that nobody needs", () => {
    const before = setOf("app 2-1", "game 1-1");
    const says = [available("game 2-1", { depends: ["gamelib"] })];
    const after = setOf("app 2-1", "game 2-1", "gamelib 1-1");
    const moved = { before, exact, free: ["game"], set: ["game 2-1"] };
    expect(judge({ ...moved, after, says })).toEqual(["upgrade game", "install gamelib"]);
    expect(judge({ ...moved, after })).toEqual(["gamelib 1-1 would be left over"]);
  });

  it("that must be there are missed when they do not come", () => {
    expect(judge({ before: exact, after: exact, exact, free: ["tool"], set: ["tool 1-1"] })).toEqual([
      "tool 1-1 would not be installed",
    ]);
  });
});
