import { describe, expect, it } from "vitest";
import { available, setOf } from "../../test/support/sample-packages.ts";
import type { PackageSet } from "../package-set/package-set.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { compareSimulation, type SimulationInput, type SimulationVerdict } from "./compare-simulation.ts";
import type { Wish } from "./wish.ts";

const nothing: Wish = { kind: "versions", set: [], remove: [], reasons: [], leftAlone: [] };

const wanted = (name: string, version: string): Wish["set"][number] => ({
  name,
  version,
  buildDate: 100,
  repository: "core",
  why: "older",
});

type Some = Partial<Omit<SimulationInput, "wish">> & {
  readonly before: PackageSet;
  readonly after: PackageSet;
  readonly wish?: Partial<Wish>;
  readonly says?: readonly SyncPackage[];
};

function judge({ wish, says = [], ...rest }: Some): SimulationVerdict {
  const describeSet = (set: PackageSet) =>
    new Map(
      set.packages.map((one) => {
        const known = says.find((each) => each.name === one.name && each.version === one.version);
        return [one.name, known ?? available(`${one.name} ${one.version}`)];
      }),
    );
  return compareSimulation({
    exact: undefined,
    metadataBefore: describeSet(rest.before),
    metadataAfter: describeSet(rest.after),
    source: () => ({ repository: "core", compressedSize: 500 }),
    guard: new Set(["pacman"]),
    ...rest,
    wish: { ...nothing, ...wish },
  });
}

const summary = (verdict: SimulationVerdict): unknown =>
  verdict.kind === "refused"
    ? { reason: verdict.reason, details: verdict.details }
    : verdict.steps.map((one) => `${one.action} ${one.name}: ${one.why}`);

describe("a simulation in mode versions", () => {
  it("becomes a plan when pacman did what was wished, with dependencies and conflicts explained", () => {
    const verdict = judge({
      before: setOf("app 1-1", "old-lib 1-1", "down 2-1"),
      after: setOf("app 2-1", "lib 1-1", "down 1-1"),
      wish: { set: [wanted("app", "2-1"), wanted("down", "1-1")] },
      says: [available("app 2-1", { depends: ["lib>=1"] }), available("lib 1-1", { conflicts: ["old-lib"] })],
    });
    expect(summary(verdict)).toEqual([
      "remove old-lib: lib conflicts with it",
      "upgrade app: older",
      "downgrade down: older",
      "install lib: needed by app",
    ]);
    expect(verdict).toMatchObject({ downloadBytes: 1_500, reasons: [{ name: "lib", reason: "dependency" }] });
  });

  it("keeps the reason of what it changes, whatever the simulation left", () => {
    const verdict = judge({
      before: setOf("app 1-1 dependency"),
      after: setOf("app 2-1 explicit"),
      wish: { set: [wanted("app", "2-1")] },
    });
    expect(verdict).toMatchObject({ kind: "agreed", after: setOf("app 2-1 dependency"), reasons: [] });
  });

  it("is refused when a wished package did not come, came in another version or another build", () => {
    const verdict = judge({
      before: setOf("a 1-1", "b 1-1", "c 1-1"),
      after: setOf("a 1-1", "b 3-1", "c 2-1 @7"),
      wish: { set: [wanted("a", "2-1"), wanted("b", "2-1"), wanted("c", "2-1"), wanted("d", "1-1")] },
    });
    expect(summary(verdict)).toEqual({
      reason: "SIMULATION_DIFFERS",
      details: [
        "a would be 1-1 instead of 2-1",
        "b would be 3-1 instead of 2-1",
        "c 2-1 would be another build than wanted",
        "d 1-1 would not be installed",
      ],
    });
  });

  it("is refused when something goes, comes or changes that nothing demands", () => {
    const verdict = judge({ before: setOf("gone 1-1", "moved 1-1"), after: setOf("moved 2-1", "new 1-1") });
    expect(summary(verdict)).toMatchObject({
      reason: "SIMULATION_DIFFERS",
      details: [
        "gone would be removed without a reason that pacman demands",
        "moved would be changed to 2-1 without a reason that pacman demands",
        "new would be installed (1-1) without a reason that pacman demands",
      ],
    });
  });

  it("is refused when the same goal would ask for something else right after it", () => {
    const remaining = (after: PackageSet): Partial<Wish> =>
      after.packages.some(({ name }) => name === "kept")
        ? {}
        : { set: [wanted("kept", "1-1")], remove: [{ name: "app", why: "extra" }] };
    const says = [available("app 2-1", { conflicts: ["kept"] })];
    const given = {
      before: setOf("app 1-1", "kept 1-1"),
      wish: { set: [wanted("app", "2-1")] },
      remaining: (after: PackageSet): Wish => ({ ...nothing, ...remaining(after) }),
      says,
    };
    expect(summary(judge({ ...given, after: setOf("app 2-1") }))).toEqual({
      reason: "SIMULATION_DIFFERS",
      details: ["kept would be missing instead of 1-1: older", "app would stay: extra"],
    });
    expect(judge({ ...given, after: setOf("app 2-1", "kept 1-1") }).kind).toBe("agreed");
  });

  it("is refused when a guarded package would go, even if wished", () => {
    const wish = { remove: [{ name: "pacman", why: "extra" }] };
    expect(summary(judge({ before: setOf("pacman 6-1"), after: setOf(), wish }))).toEqual({
      reason: "GUARDED_PACKAGE",
      details: ["pacman would be removed"],
    });
  });

  it("is refused when pacman needs to change what is held or foreign", () => {
    const leftAlone = [
      { name: "held", why: "held at 1-1" },
      { name: "yay", why: "foreign" },
    ];
    expect(
      summary(judge({ before: setOf("held 1-1", "yay 1-1"), after: setOf("held 2-1"), wish: { leftAlone } })),
    ).toEqual({
      reason: "CLOSURE_BROKEN",
      details: [
        "held would be changed to 2-1, but is left alone: held at 1-1",
        "yay would be removed, but is left alone: foreign",
      ],
    });
  });

  it("cuts a long list of differences and counts the rest", () => {
    const many = Array.from({ length: 60 }, (_, at) => `p${at} 1-1`);
    const verdict = judge({ before: setOf(), after: setOf(...many) });
    expect(verdict.kind === "refused" ? verdict.details.at(-1) : "").toBe("and 10 more");
  });
});

describe("a simulation of an exact set", () => {
  const exact = setOf("app 2-1", "lib 1-1");

  it("becomes a plan when the result is the set, but for what is left alone", () => {
    const verdict = judge({
      exact,
      before: setOf("app 1-1", "extra 1-1", "yay 1-1"),
      after: setOf("app 2-1", "lib 1-1", "yay 1-1"),
      wish: {
        kind: "exact",
        set: [wanted("app", "2-1"), wanted("lib", "1-1")],
        remove: [{ name: "extra", why: "not on the source" }],
        reasons: [{ name: "lib", reason: "explicit" }],
        leftAlone: [{ name: "yay", why: "foreign" }],
      },
    });
    expect(summary(verdict)).toEqual(["remove extra: not on the source", "upgrade app: older", "install lib: older"]);
    expect(verdict).toMatchObject({ after: setOf("app 2-1", "lib 1-1", "yay 1-1") });
  });

  it("is refused for every difference, also one that pacman would call natural", () => {
    const verdict = judge({
      exact,
      before: setOf("app 1-1"),
      after: setOf("app 1-1", "dep 1-1"),
      wish: { kind: "exact", set: [wanted("app", "2-1")] },
      says: [available("app 1-1", { depends: ["dep"] })],
    });
    expect(summary(verdict)).toEqual({
      reason: "SIMULATION_DIFFERS",
      details: ["app would be 1-1 instead of 2-1", "dep 1-1 would be left over", "lib 1-1 would be missing"],
    });
  });
});
