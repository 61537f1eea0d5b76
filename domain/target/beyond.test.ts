import { expect, test } from "vitest";
import { makePackageSet } from "../package-set/package-set.ts";
import type { SyncPackage } from "../view/read-sync-database.ts";
import { indexView, type ViewIndex } from "../view/view-index.ts";
import { targetAge } from "./age.ts";
import { computeBeyond } from "./beyond.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 30);

function view(builtAt: number, ...packages: readonly string[]): ViewIndex {
  return indexView([
    {
      repository: "core",
      packages: packages.map((text, at): SyncPackage => {
        const [name = "", version = ""] = text.split(" ");
        return { ...EMPTY, name, version, base: name, filename: text, buildDate: builtAt - at };
      }),
    },
  ]);
}

const EMPTY = {
  architecture: "any",
  repository: "core",
  compressedSize: 0,
  installedSize: 0,
  sha256: undefined,
  signature: undefined,
  depends: [],
  provides: [],
  conflicts: [],
  replaces: [],
  groups: [],
};

const installed = makePackageSet(
  ["app", "lib"].map((name) => ({
    name,
    version: "1-1",
    architecture: "any",
    buildDate: 0,
    reason: "explicit" as const,
  })),
);
const none = { pins: new Map<string, string>() };

test("what a newer view has beyond the target is counted, and what of it the source has installed", () => {
  const other = view(200, "app 2-1", "lib 1-1", "never-installed 5-1", "only-there 1-1");
  const found = computeBeyond(none, view(100, "app 1-1", "lib 1-1", "never-installed 4-1"), other, installed);
  expect(found).toEqual({ newer: 2, newerInstalled: 1, builtAt: 200 });
});

test("a view that is not newer than the target's says nothing, whatever versions it has", () => {
  expect(computeBeyond(none, view(200, "app 1-1"), view(100, "app 2-1"), installed)).toBeUndefined();
  expect(computeBeyond(none, view(200, "app 1-1"), view(200, "app 2-1"), installed)).toBeUndefined();
});

test("a pin counts by the version that it fixes, and versions compare as pacman does", () => {
  const target = { pins: new Map([["app", "1:1-1"]]) };
  expect(computeBeyond(target, view(100, "app 1-1"), view(200, "app 2-1"), installed)).toBeUndefined();
  expect(computeBeyond(none, view(100, "lib 1.9-1"), view(200, "lib 1.10-1"), installed)?.newer).toBe(1);
});

test("a target is old from the given age on, never with 0, and says what upstream has", () => {
  const upstream = { newer: 50, newerInstalled: 41, builtAt: NOW / 1_000, endpoint: "borealis" };
  const aged = (days: number, limit: number) => targetAge({ createdAtMs: NOW - days * DAY }, upstream, limit, NOW);
  expect(aged(13, 14)).toEqual({ isOld: false, words: "13 d old; upstream has 41 newer packages", hint: "" });
  expect(aged(14, 14)).toMatchObject({ isOld: true, hint: "old target" });
  expect(aged(400, 0).isOld).toBe(false);
  const one = { ...upstream, newerInstalled: 1 };
  expect(targetAge({ createdAtMs: NOW }, one, 14, NOW).words).toBe("under a minute old; upstream has 1 newer package");
  const others = { ...upstream, newerInstalled: 0 };
  expect(targetAge({ createdAtMs: NOW }, others, 14, NOW).words).toContain("50 newer packages, none of them installed");
});
