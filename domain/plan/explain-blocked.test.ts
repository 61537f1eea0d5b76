import { expect, test } from "vitest";
import { explainBlocked, type StayingKind } from "./explain-blocked.ts";
import type { Metadata } from "./explain-change.ts";

function item(name: string, version: string, more: Partial<Metadata> = {}): Metadata {
  return { name, version, provides: [], depends: [], conflicts: [], replaces: [], ...more };
}

const byName = (...items: readonly Metadata[]) => new Map(items.map((one) => [one.name, one]));
const stays = (name: string, kind: StayingKind) => ({ name, kind, why: "because" });

const foo1 = item("libfoo", "1-1", { provides: ["libfoo.so=1-64"] });
const foo2 = item("libfoo", "2-1", { provides: ["libfoo.so=2-64"] });
const nothing = { candidates: [], removed: new Set<string>() };

test("a foreign package whose library's version goes is named with its requirement and three ways out", () => {
  const mine = item("mine", "3-1", { depends: ["libfoo.so=1-64", "glibc"] });
  const lines = explainBlocked({
    ...nothing,
    installed: byName(foo1, mine, item("glibc", "2-1")),
    staying: [stays("mine", "foreign")],
    wanted: [foo2],
  });
  expect(lines).toEqual([
    "mine 3-1 needs libfoo.so=1-64, but libfoo 1-1 becomes 2-1; mine stays as it is: because; ways out: remove mine for now (pacman -R mine) and build it again after the sync, build one now that fits, or wait and hold libfoo meanwhile",
  ]);
});

test("a hold that others have grown past is named with who needs what, and can be lifted or extended", () => {
  const app = item("app", "2-1", { depends: ["libfoo>=2"] });
  const lines = explainBlocked({
    ...nothing,
    installed: byName(foo1, item("app", "1-1", { depends: ["libfoo"] })),
    staying: [stays("libfoo", "held")],
    wanted: [app],
    candidates: [foo2],
  });
  expect(lines).toEqual([
    "app 2-1 needs libfoo>=2, but libfoo stays at 1-1: because; ways out: lift the hold on libfoo, or extend it to app",
  ]);
});

test("a held package that needs what goes is named the other way round", () => {
  const app = item("app", "1-1", { depends: ["libfoo<2"] });
  const input = { ...nothing, installed: byName(foo1, app), staying: [stays("app", "held")] };
  expect(explainBlocked({ ...input, wanted: [foo2] })).toEqual([
    expect.stringMatching(
      /^app 1-1 needs libfoo<2, but libfoo 1-1 becomes 2-1; .*lift the hold on app, or extend it to libfoo$/,
    ),
  ]);
  expect(explainBlocked({ ...input, wanted: [], removed: new Set(["libfoo"]) })).toEqual([
    expect.stringContaining("app 1-1 needs libfoo<2, but libfoo 1-1 goes"),
  ]);
});

test("a conflict with what stays is named from either side", () => {
  const rival = item("rival", "1-1", { conflicts: ["old<2"] });
  const old = item("old", "1-1");
  const input = { ...nothing, installed: byName(old), staying: [stays("old", "left")], wanted: [rival] };
  expect(explainBlocked(input)).toEqual([
    "rival 1-1 and old 1-1 are in conflict; old stays as it is: because; ways out: remove old (pacman -R old), or hold rival meanwhile",
  ]);
  const shy = item("old", "1-1", { conflicts: ["rival"] });
  const other = { ...input, installed: byName(shy), wanted: [item("rival", "1-1")] };
  expect(explainBlocked(other)).toHaveLength(1);
});

test("what was broken before, and what another provider meets, is not told", () => {
  const broken = item("broken", "1-1", { depends: ["nobody"] });
  const mine = item("mine", "1-1", { depends: ["virtual"] });
  const lines = explainBlocked({
    ...nothing,
    installed: byName(broken, mine, item("one", "1-1", { provides: ["virtual"] })),
    staying: [stays("broken", "foreign"), stays("mine", "foreign")],
    wanted: [item("one", "2-1"), item("two", "1-1", { provides: ["virtual=1"] })],
  });
  expect(lines).toEqual([]);
});

test("a target that does not fit together is told as that", () => {
  const installed = byName(item("a", "1-1"), item("b", "1-1"));
  const wanted = [item("a", "2-1", { conflicts: ["b<3"] }), item("b", "2-1", { depends: ["nobody>=1"] })];
  expect(explainBlocked({ ...nothing, installed, staying: [], wanted })).toEqual([
    "b 2-1 needs nobody>=1, which nothing in the target's repositories provides",
    "a 2-1 and b 2-1 are in conflict (b<3), and this machine is to have both; way out: remove one of them",
  ]);
});
