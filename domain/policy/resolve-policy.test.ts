import { describe, expect, it } from "vitest";
import { available, setOf, viewOf } from "../../test/support/sample-packages.ts";
import { computeDrift } from "../drift/compute-drift.ts";
import { explainDrift } from "../drift/why.ts";
import { computeWish } from "../plan/compute-wish.ts";
import { addRules, canonicalPolicy, NO_POLICY, type Policy } from "./policy.ts";
import { resolvePolicy } from "./resolve-policy.ts";

const inGroup = (line: string, ...groups: readonly string[]) => ({ ...available(line), groups });
const view = viewOf(
  inGroup("xorg-server 2-1", "xorg"),
  inGroup("xorg-fonts 2-1", "xorg", "fonts"),
  "app 2-1",
  "lib 2-1",
  available("steam 2-1", { depends: ["lib32"] }),
  "lib32 2-1",
  available("shim 2-1", { provides: ["sh=1"] }),
  available("needs-sh 2-1", { depends: ["sh"] }),
  "tool 2-1",
);

interface Case {
  readonly policy?: Partial<Policy>;
  readonly installed: ReturnType<typeof setOf>;
  readonly mirror?: ReturnType<typeof setOf>;
  readonly ignored?: readonly string[];
  readonly shared?: readonly string[];
  readonly ownView?: typeof view;
}

function judge({ policy = {}, installed, mirror, ignored = [], shared = [], ownView = view }: Case) {
  const views = { ownView, targetView: view };
  const resolved = resolvePolicy({ ...NO_POLICY, ...policy }, installed, views, ignored);
  const target = { mode: mirror === undefined ? ("versions" as const) : ("mirror" as const), pins: new Map(), shared };
  const sides = { installed, target, targetSet: mirror, policy: resolved, ...views };
  const drift = computeDrift({ ...sides, held: resolved.held, kept: resolved.kept });
  const wish = computeWish({ ...sides, drift });
  return {
    drift,
    wish,
    lines: drift.items.map((one) => `${one.name} ${one.kind}`),
    resolved,
  };
}

describe("a hold", () => {
  it("freezes names, globs and groups, and what the machine itself holds counts too", () => {
    const installed = setOf("app 1-1", "lib 1-1", "tool 1-1", "xorg-server 1-1", "xorg-fonts 1-1");
    const { lines, wish } = judge({ policy: { holds: ["app", "li*", "@xorg"] }, installed, ignored: ["tool"] });
    expect(lines).toEqual(["app held", "lib held", "tool held", "xorg-fonts held", "xorg-server held"]);
    expect(wish.set).toEqual([]);
    expect(wish.leftAlone.map((one) => one.name)).toEqual(["app", "lib", "tool", "xorg-fonts", "xorg-server"]);
  });

  it("leaves a shared name that is missing missing", () => {
    expect(judge({ policy: { holds: ["app"], shares: ["app"] }, installed: setOf("lib 2-1") }).lines).toEqual([]);
  });
});

describe("a share", () => {
  it("installs names, globs and groups of the target's view where they are missing, for themselves", () => {
    const { wish, lines } = judge({ policy: { shares: ["tool", "@xorg", "li?"] }, installed: setOf("xorg-fonts 2-1") });
    expect(lines).toEqual(["lib missing", "tool missing", "xorg-server missing"]);
    expect(wish.set.map((one) => `${one.name} ${one.version}`)).toEqual(["lib 2-1", "tool 2-1", "xorg-server 2-1"]);
    expect(wish.reasons.every((one) => one.reason === "explicit")).toBe(true);
  });

  it("shows a name that no repository has as unavailable", () => {
    expect(judge({ policy: { shares: ["nowhere"] }, installed: setOf() }).lines).toEqual(["nowhere unavailable"]);
  });

  it("adds to the names that the target itself shares", () => {
    expect(judge({ policy: { shares: ["tool"] }, installed: setOf(), shared: ["app"] }).lines).toEqual([
      "app missing",
      "tool missing",
    ]);
  });

  it("is beaten by own and by foreign", () => {
    const policy = { shares: ["tool", "app"], owns: ["tool"], foreigns: ["app"] };
    expect(judge({ policy, installed: setOf() }).lines).toEqual([]);
  });

  it("adds to a mirror, with the package's dependencies free to come along", () => {
    const { wish, lines } = judge({
      policy: { shares: ["steam"] },
      installed: setOf("app 2-1"),
      mirror: setOf("app 2-1"),
    });
    expect(lines).toEqual(["steam missing"]);
    expect(wish.reasons).toEqual([{ name: "steam", reason: "explicit" }]);
    expect([...(wish.free ?? [])]).toEqual(["steam"]);
  });
});

describe("own packages in mirror mode", () => {
  const mirror = setOf("app 2-1", "lib 2-1");

  it("stay with what they need, and their versions follow the target; other extras go", () => {
    const installed = setOf("app 2-1", "lib 2-1", "lib32 1-1 dependency", "steam 1-1", "tool 2-1");
    const { lines, wish, drift } = judge({ policy: { owns: ["steam"] }, installed, mirror });
    expect(lines).toEqual(["lib32 older", "steam older", "tool extra"]);
    expect(wish.remove.map((one) => one.name)).toEqual(["tool"]);
    expect(drift.counts).toMatchObject({ own: 2, extra: 1 });
    expect([...(wish.free ?? [])].sort()).toEqual(["lib32", "steam"]);
  });

  it("bring what they will need, not what only their old version needed, unless they are held there", () => {
    const ownView = viewOf(available("app 1-1", { depends: ["relic"] }), "relic 1-1");
    const given = { installed: setOf("app 1-1", "relic 1-1"), mirror: setOf("lib 2-1"), ownView };
    expect(judge({ ...given, policy: { owns: ["app"] } }).lines).toEqual(["app older", "lib missing", "relic extra"]);
    expect(judge({ ...given, policy: { owns: ["app"], holds: ["app"] } }).lines).toEqual([
      "app held",
      "lib missing",
      "relic unavailable",
    ]);
  });

  it("bring the provider of what they need", () => {
    const installed = setOf("app 2-1", "lib 2-1", "needs-sh 2-1", "shim 2-1 dependency");
    expect(judge({ policy: { owns: ["needs-*"] }, installed, mirror }).lines).toEqual([]);
  });

  it("may lack, though the source has them", () => {
    expect(judge({ policy: { owns: ["lib"] }, installed: setOf("app 2-1"), mirror }).lines).toEqual([]);
  });

  it("are extra without the rule", () => {
    expect(judge({ installed: setOf("app 2-1", "lib 2-1", "steam 2-1"), mirror }).lines).toEqual(["steam extra"]);
  });
});

describe("a foreign rule", () => {
  it("leaves a package of the repositories alone, also when it is held", () => {
    const { drift, wish } = judge({ policy: { foreigns: ["app"], holds: ["app"] }, installed: setOf("app 1-1") });
    expect(drift.items.map((one) => `${one.kind}: ${explainDrift(one)}`)).toEqual([
      "foreign: a rule makes it foreign; its owner looks after it",
    ]);
    expect(wish.set).toEqual([]);
  });

  it("keeps a mirror from removing and from wanting it", () => {
    const installed = setOf("app 2-1", "tool 1-1");
    expect(
      judge({ policy: { foreigns: ["tool", "lib"] }, installed, mirror: setOf("app 2-1", "lib 2-1") }).lines,
    ).toEqual(["tool foreign"]);
  });
});

describe("what a conflict keeps", () => {
  it("counts as held, with the conflict's sentence", () => {
    const keep = [{ name: "app", why: "kept at 3-1: anna chose it", undecided: false }];
    const { drift, wish } = judge({ policy: { keep }, installed: setOf("app 3-1") });
    expect(drift.items).toMatchObject([{ name: "app", kind: "held", cause: "kept", installed: "3-1", wanted: "2-1" }]);
    expect(wish.leftAlone).toEqual([{ name: "app", why: "kept at 3-1: anna chose it" }]);
  });
});

describe("rules", () => {
  it("add up whatever their order, each pattern once", () => {
    const one = { kind: "hold", pattern: "b" } as const;
    const two = { kind: "hold", pattern: "a" } as const;
    const three = { kind: "own", pattern: "c" } as const;
    expect(addRules([one, two, one, three])).toEqual(addRules([three, two, one]));
    expect(addRules([one, two, three])).toEqual({ holds: ["a", "b"], shares: [], owns: ["c"], foreigns: [] });
  });

  it("have an empty name only when they say nothing", () => {
    expect(canonicalPolicy(NO_POLICY)).toBe("");
    const others: readonly Policy[] = [
      { ...NO_POLICY, holds: ["a"] },
      { ...NO_POLICY, owns: ["a"] },
      { ...NO_POLICY, allowDowngrade: false },
      { ...NO_POLICY, keep: [{ name: "a", why: "b", undecided: false }] },
      { ...NO_POLICY, keep: [{ name: "a", why: "b", undecided: true }] },
      { ...NO_POLICY, consent: { ...NO_POLICY.consent, apply: "ask" } },
      { ...NO_POLICY, consent: { ...NO_POLICY.consent, windows: ["Sat 02:00-04:00"] } },
    ];
    const names = others.map(canonicalPolicy);
    expect(new Set(names).size).toBe(others.length);
    expect(names).not.toContain("");
  });
});
