import { describe, expect, it } from "vitest";
import { type Target, targetForClass } from "./target.ts";

const arch = { architecture: "x86_64", class: "x86_64:core", databases: [] };
const cachy = { architecture: "x86_64", class: "x86_64:cachyos,core", databases: [] };
const target: Target = {
  revision: 7,
  mode: "versions",
  view: arch,
  viewDigest: "a",
  otherViews: [{ view: cachy, digest: "c" }],
  pins: new Map(),
  shared: [],
  packageSetDigest: "set",
  sourceEndpointId: "",
  sourceEndpoint: "",
  author: "",
  message: "",
  createdAtMs: 0,
  bad: false,
  restoresRevision: 0,
};

describe("targetForClass", () => {
  it("gives the source's class the source's view", () => {
    expect(targetForClass(target, "x86_64:core")).toBe(target);
  });

  it("gives another class the view that was frozen for it", () => {
    expect(targetForClass(target, "x86_64:cachyos,core")).toMatchObject({ revision: 7, view: cachy, viewDigest: "c" });
  });

  it("guesses nothing for a class without a view, or one that is not known yet", () => {
    expect(targetForClass(target, "aarch64:core")).toBeUndefined();
    expect(targetForClass(target, "")).toBeUndefined();
  });

  it("mirrors a set within its own class only", () => {
    expect(targetForClass({ ...target, mode: "mirror" }, "x86_64:cachyos,core")).toBeUndefined();
    expect(targetForClass({ ...target, mode: "mirror" }, "x86_64:core")).toBeDefined();
  });
});
