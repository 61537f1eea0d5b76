import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { computeDrift } from "../drift/compute-drift.ts";
import { computeClosure } from "./closure.ts";
import { computeRevertWish, computeWish } from "./compute-wish.ts";
import { makeGuard } from "./guard.ts";
import { type Plan, type PlanStep, planDigest, sealPlan } from "./plan.ts";
import { planTransition } from "./transition.ts";
import { computeWarnings, isKernel, rebootCauses } from "./warnings.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const step = (some: Partial<PlanStep>): PlanStep => ({
  action: "upgrade",
  name: "app",
  fromVersion: "1-1",
  toVersion: "2-1",
  repository: "core",
  architecture: "x86_64",
  buildDate: 100,
  downloadBytes: 10,
  why: "because",
  ...some,
});

const plan: Plan = sealPlan(
  {
    endpointId: "e1",
    baseDigest: "b",
    afterDigest: "a",
    targetRevision: 3,
    isRevert: false,
    steps: [step({})],
    reasons: [{ name: "app", reason: "explicit" }],
    warnings: ["w"],
    leftAlone: [{ name: "yay", why: "foreign" }],
    downloadBytes: 10,
    installedDeltaBytes: -4,
  },
  sha256,
);

function wishOf(
  mode: "versions" | "mirror",
  installed: readonly string[],
  next: ReturnType<typeof viewOf>,
  targetSet = setOf(),
) {
  const target = { mode, pins: new Map<string, string>(), shared: ["shared"] };
  const input = { installed: setOf(...installed), target, targetView: next, targetSet };
  return computeWish({ ...input, drift: computeDrift({ ...input, ownView: next, held: new Set(["held"]) }) });
}

describe("a wish", () => {
  it("in mode versions sets versions and shared names, follows replacements and leaves the rest alone", () => {
    const next = viewOf(
      "app 2-1",
      "held 2-1",
      "shared 1-1",
      available("new 3-1", { replaces: ["old"] }),
      available("new-too 1-1", { replaces: ["old-too"] }),
    );
    const wish = wishOf("versions", ["app 1-1", "held 1-1", "old 1-1 dependency", "yay 1-1"], next);
    expect(wish.kind).toBe("versions");
    expect(wish.set.map((one) => `${one.repository}/${one.name}=${one.version}`)).toEqual([
      "core/app=2-1",
      "core/new=3-1",
      "core/shared=1-1",
    ]);
    expect(wish.remove).toEqual([{ name: "old", why: "the target's repositories replace it by new" }]);
    expect(wish.reasons).toEqual([
      { name: "new", reason: "dependency" },
      { name: "shared", reason: "explicit" },
    ]);
    expect(wish.leftAlone.map((one) => one.name)).toEqual(["held", "yay"]);
  });

  it("in mode mirror removes extras and repeats the source's reasons", () => {
    const next = viewOf("app 2-1", "lib 1-1", "tool 1-1");
    const wish = wishOf(
      "mirror",
      ["app 1-1", "lib 1-1", "tool 1-1"],
      next,
      setOf("app 2-1 dependency", "lib 1-1 dependency"),
    );
    expect(wish.kind).toBe("exact");
    expect(wish.set.map((one) => one.name)).toEqual(["app"]);
    expect(wish.remove.map((one) => one.name)).toEqual(["tool"]);
    expect(wish.reasons).toEqual([
      { name: "app", reason: "dependency" },
      { name: "lib", reason: "dependency" },
    ]);
  });

  it("of a revert is the recorded set: versions, builds, presence and reasons, but for what is held", () => {
    const wish = computeRevertWish({
      installed: setOf("app 2-1", "built 1-1 @200", "held 2-1", "new 1-1", "same 1-1", "why 1-1"),
      recorded: setOf("app 1-1", "built 1-1 @100", "gone 1-1", "held 1-1", "same 1-1", "why 1-1 dependency"),
      held: new Set(["held"]),
    });
    expect(wish.set.map((one) => `${one.name}=${one.version}`)).toEqual(["app=1-1", "built=1-1", "gone=1-1"]);
    expect(wish.remove.map((one) => one.name)).toEqual(["new"]);
    expect(wish.reasons).toEqual([
      { name: "gone", reason: "explicit" },
      { name: "why", reason: "dependency" },
    ]);
    expect(wish.leftAlone.map((one) => one.name)).toEqual(["held"]);
  });
});

describe("a plan's digest", () => {
  it("does not cover itself, and covers everything else", () => {
    expect(planDigest({ ...plan, digest: "other" } as Plan, sha256)).toBe(plan.digest);
    const changed: readonly Partial<Plan>[] = [
      { endpointId: "e2" },
      { baseDigest: "c" },
      { afterDigest: "c" },
      { targetRevision: 4 },
      { isRevert: true },
      { steps: [] },
      { steps: [step({ toVersion: "3-1" })] },
      { steps: [step({ why: "otherwise" })] },
      { steps: [step({ buildDate: 1 })] },
      { reasons: [{ name: "app", reason: "dependency" }] },
      { warnings: [] },
      { leftAlone: [] },
      { downloadBytes: 11 },
      { installedDeltaBytes: 4 },
    ];
    const digests = changed.map((some) => planDigest({ ...plan, ...some }, sha256));
    expect(new Set([...digests, plan.digest]).size).toBe(changed.length + 1);
  });

  it("cannot be met by text that looks like structure", () => {
    const forged = planDigest({ ...plan, warnings: ['w"]\n["warning","x'] }, sha256);
    expect(forged).not.toBe(planDigest({ ...plan, warnings: ["w", "x"] }, sha256));
  });
});

describe("the closure of a plan", () => {
  const view = viewOf(
    available("app 2-1", { depends: ["lib>=2", "jre", "sh"] }),
    available("lib 2-1", { depends: ["base-lib"] }),
    "base-lib 1-1",
    available("jre-a 1-1", { provides: ["jre"] }),
    available("jre-b 1-1", { provides: ["jre"], depends: ["font"] }),
    "font 1-1",
    "unrelated 1-1",
  );

  it("has every package that pacman could choose, and none that is satisfied already", () => {
    const bash = { name: "bash", version: "5-1", provides: ["sh"] };
    const wished = [available("app 2-1", { depends: ["lib>=2", "jre", "sh"] })];
    expect(computeClosure({ view, wished, staying: [bash] }).map((one) => one.name)).toEqual([
      "base-lib",
      "font",
      "jre-a",
      "jre-b",
      "lib",
    ]);
    const lib = { name: "lib", version: "2-1", provides: [] };
    const jre = { name: "jre-a", version: "1-1", provides: ["jre"] };
    expect(computeClosure({ view, wished, staying: [bash, lib, jre] })).toEqual([]);
  });
});

describe("the transition", () => {
  it("names removals as conflicts, and puts those late whose name and version a staying package provides", () => {
    const after = [
      { name: "gvim", version: "9.1-1", provides: ["vim=9.0", "vi"] },
      { name: "app", version: "1-1", provides: [] },
    ];
    const removed = [
      { name: "needs1", version: "1-1" },
      { name: "vi", version: "7-1" },
      { name: "vim", version: "9.0-1" },
    ];
    expect(planTransition({ removed, after })).toEqual({ conflicts: ["needs1=1-1", "vi=7-1"], late: ["vim"] });
  });
});

describe("guard and warnings", () => {
  it("guard the running kernel and HoldPkg besides what no machine can lack", () => {
    const guard = makeGuard({ holdPackages: ["my-vpn"], kernelPackage: "linux-lts", runtimePackages: ["nodejs"] });
    expect([...guard]).toEqual(
      expect.arrayContaining(["pacman", "glibc", "filesystem", "base", "my-vpn", "linux-lts", "nodejs"]),
    );
  });

  it.each([
    ["linux", true],
    ["linux-lts", true],
    ["linux-cachyos-bore", true],
    ["linux612", true],
    ["linux-headers", false],
    ["linux-lts-headers", false],
    ["linux-cachyos-headers", false],
    ["linux-firmware", false],
    ["linux-api-headers", false],
    ["linuxconsole", false],
  ])("%s is a kernel: %s", (name, expected) => {
    expect(isKernel(name)).toBe(expected);
  });

  it("ask for a reboot when what runs from the start changes, not when it is new", () => {
    const steps = [
      step({ name: "linux" }),
      step({ name: "intel-ucode" }),
      step({ name: "app" }),
      step({ name: "linux-lts", action: "install" }),
    ];
    expect(rebootCauses(steps)).toEqual(["linux", "intel-ucode"]);
    const removal = step({ name: "yay", action: "remove", toVersion: "" });
    const warnings = computeWarnings({ steps: [...steps, removal], foreign: new Set(["yay"]), kernelPackage: "linux" });
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toBe("a reboot is needed afterwards: linux, intel-ucode");
  });
});
