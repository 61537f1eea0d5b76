import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { computeDrift, type DriftInput } from "./compute-drift.ts";
import { explainDrift } from "./why.ts";

const view = viewOf("app 2-1", "lib 2-1", "tool 1-1", available("extra-tool 1-1", {}, "extra"));

function driftOf(some: Partial<Omit<DriftInput, "target">> & { readonly target?: Partial<DriftInput["target"]> }) {
  const { target, ...rest } = some;
  return computeDrift({
    installed: setOf("app 2-1", "lib 2-1"),
    ownView: view,
    targetView: view,
    targetSet: undefined,
    held: new Set(),
    ...rest,
    target: { mode: "versions", pins: new Map(), shared: [], ...target },
  });
}

const kinds = (drift: ReturnType<typeof computeDrift>): readonly string[] =>
  drift.items.map((one) => `${one.name} ${one.kind}`);

describe("drift in mode versions", () => {
  it("is nothing when every version is the view's, whatever else the source had", () => {
    const drift = driftOf({ targetSet: setOf("app 2-1", "tool 1-1") });
    expect(drift.items).toEqual([]);
    expect(drift.counts.own).toBe(1);
  });

  it("tells older, newer and rebuilt packages apart by pacman's order", () => {
    const drift = driftOf({ installed: setOf("app 1:1-1", "lib 2rc1-1", "tool 1-1 @99") });
    expect(kinds(drift)).toEqual(["app newer", "lib older", "tool rebuilt"]);
    expect(drift.counts).toMatchObject({ newer: 1, older: 1, rebuilt: 1 });
  });

  it("does not take an unknown build date for a rebuild", () => {
    expect(driftOf({ installed: setOf("tool 1-1 @0") }).items).toEqual([]);
  });

  it("compares with a pin where there is one, in any build", () => {
    const pins = new Map([["app", "1-1"]]);
    expect(kinds(driftOf({ target: { pins } }))).toEqual(["app newer"]);
    expect(driftOf({ installed: setOf("app 1-1 @5"), target: { pins } }).items).toEqual([]);
  });

  it("calls missing only what is shared", () => {
    const drift = driftOf({ target: { shared: ["tool", "app"] } });
    expect(drift.items).toEqual([{ name: "tool", kind: "missing", cause: "shared", wanted: "1-1" }]);
  });

  it("leaves foreign packages alone, also when the target's repositories have that name", () => {
    const drift = driftOf({ installed: setOf("app 2-1", "yay 12-1"), targetView: viewOf("app 2-1", "yay 13-1") });
    expect(kinds(drift)).toEqual(["yay foreign"]);
  });

  it("names a package that the target's repositories dropped unavailable", () => {
    expect(kinds(driftOf({ installed: setOf("app 2-1", "tool 1-1"), targetView: viewOf("app 2-1") }))).toEqual([
      "tool unavailable",
    ]);
  });

  it("follows a replacement of the target's repositories, also when the endpoint's own ones have moved already", () => {
    const next = viewOf("app 2-1", available("new-lib 3-1", { replaces: ["lib<3"] }));
    const expected = [
      { name: "lib", kind: "replaced", cause: "replaces", installed: "2-1", wanted: "3-1", replacer: "new-lib" },
    ];
    expect(driftOf({ targetView: next }).items).toEqual(expected);
    expect(driftOf({ targetView: next, ownView: next }).items).toEqual(expected);
  });

  it("lets a package of the same name in an earlier repository win over a replacement", () => {
    const next = viewOf("app 2-1", "lib 2-1", available("new-lib 3-1", { replaces: ["lib"] }, "extra"));
    expect(driftOf({ targetView: next }).items).toEqual([]);
  });

  it("lists held packages with what they miss, and changes no other count by them", () => {
    const drift = driftOf({
      installed: setOf("app 1-1", "lib 2-1"),
      held: new Set(["app", "tool"]),
      target: { shared: ["tool"] },
    });
    expect(drift.items).toEqual([{ name: "app", kind: "held", cause: "hold", installed: "1-1", wanted: "2-1" }]);
    expect(drift.counts).toMatchObject({ held: 1, older: 0, missing: 0 });
  });
});

describe("drift in mode mirror", () => {
  const target = { mode: "mirror" } as const;

  it("wants the source's whole set: names, versions, builds and reasons", () => {
    const drift = driftOf({
      target,
      installed: setOf("app 1-1", "lib 2-1 dependency", "tool 1-1"),
      targetSet: setOf("app 2-1", "lib 2-1", "extra-tool 1-1"),
    });
    expect(kinds(drift)).toEqual(["app older", "extra-tool missing", "lib reason", "tool extra"]);
    expect(drift.items.every((one) => explainDrift(one) !== "")).toBe(true);
  });

  it("takes the source's version even where the view has moved on", () => {
    expect(driftOf({ target, installed: setOf("app 2-1"), targetSet: setOf("app 1-1") }).items).toMatchObject([
      { name: "app", kind: "newer", wanted: "1-1" },
    ]);
  });

  it("leaves foreign packages alone on both sides", () => {
    const drift = driftOf({ target, installed: setOf("app 2-1", "yay 12-1"), targetSet: setOf("app 2-1", "paru 2-1") });
    expect(kinds(drift)).toEqual(["paru unavailable", "yay foreign"]);
  });

  it("calls an extra that the source replaced replaced", () => {
    const next = viewOf("app 2-1", available("new-lib 3-1", { replaces: ["lib"] }));
    const drift = driftOf({ target, targetView: next, targetSet: setOf("app 2-1", "new-lib 3-1") });
    expect(kinds(drift)).toEqual(["lib replaced", "new-lib missing"]);
  });
});
