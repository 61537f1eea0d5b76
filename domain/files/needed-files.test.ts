import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import type { DriftInput } from "../drift/compute-drift.ts";
import { computeNeededFiles, fileKey } from "./needed-files.ts";

const view = viewOf("app 2-1", "lib 2-1", "tool 1-1");

type Some = Partial<Omit<DriftInput, "target">> & { readonly target?: Partial<DriftInput["target"]> };

function needsOf(some: Some) {
  const { target, ...rest } = some;
  return computeNeededFiles({
    installed: setOf("app 1-1"),
    ownView: view,
    targetView: view,
    targetSet: undefined,
    held: new Set(),
    ...rest,
    target: { mode: "versions", pins: new Map(), shared: [], ...target },
  });
}

const named = (some: Some): readonly string[] =>
  needsOf(some)
    .files.map(({ name, version, isInstalled }) => `${name} ${version}${isInstalled ? " installed" : ""}`)
    .toSorted();

describe("the files that a target needs of an endpoint", () => {
  it("are the target's versions of what is installed, also of what is there already", () => {
    expect(named({ installed: setOf("app 1-1", "lib 2-1") })).toEqual(["app 2-1", "lib 2-1 installed"]);
  });

  it("are none of held, foreign and dropped packages", () => {
    const installed = setOf("app 1-1", "lib 1-1", "yay 12-1", "gone 1-1");
    const ownView = viewOf("app 1-1", "lib 1-1", "gone 1-1");
    expect(named({ installed, ownView, held: new Set(["lib"]) })).toEqual(["app 2-1"]);
  });

  it("have what is shared, and say what no repository has", () => {
    const some = { target: { shared: ["tool", "nothing"] } };
    expect(named(some)).toEqual(["app 2-1", "tool 1-1"]);
    expect(needsOf(some).unavailable).toEqual(["nothing"]);
  });

  it("have a replacer in the place of what it replaces", () => {
    const targetView = viewOf(available("neo 1-1", { replaces: ["app"] }));
    expect(named({ targetView, ownView: targetView })).toEqual(["neo 1-1"]);
  });

  it("have new dependencies, all the way down, but none that something wanted or installed satisfies", () => {
    const targetView = viewOf(
      available("app 2-1", { depends: ["lib>=2", "sh", "libfoo.so=1-64"] }),
      available("lib 2-1", { depends: ["deep"] }),
      "deep 1-1",
      available("bash 5-1", { provides: ["sh"] }),
      available("dash 1-1", { provides: ["sh"] }),
      available("foo 1-1", { provides: ["libfoo.so=1-64"] }),
    );
    const all = ["app 2-1", "bash 5-1", "deep 1-1", "foo 1-1", "lib 2-1"];
    expect(named({ targetView })).toEqual(all);
    expect(named({ targetView, installed: setOf("app 1-1", "dash 1-1"), ownView: targetView })).toEqual([
      "app 2-1",
      "dash 1-1 installed",
      "deep 1-1",
      "foo 1-1",
      "lib 2-1",
    ]);
  });

  it("name a pin by what the source has installed, and never by the view's file of another version", () => {
    const some = { targetSet: setOf("app 1.5-1 @77"), target: { pins: new Map([["app", "1.5-1"]]) } };
    const [file] = needsOf(some).files;
    expect(file).toMatchObject({
      name: "app",
      version: "1.5-1",
      architecture: "x86_64",
      buildDate: 77,
      sha256: "",
      filename: "",
    });
    expect(file === undefined ? "" : fileKey(file)).toBe("app 1.5-1 x86_64 77");
  });

  it("are the source's whole set in mirror mode, in its builds", () => {
    const targetSet = setOf("app 2-1", "tool 1-1 @500");
    const { files, unavailable } = needsOf({ targetSet, target: { mode: "mirror" } });
    expect(files.map(({ name, sha256, buildDate }) => [name, sha256 !== "", buildDate])).toEqual([
      ["app", true, 100],
      // The view's build is another one.
      ["tool", false, 500],
    ]);
    expect(unavailable).toEqual([]);
  });
});
