// What a sync does to a machine, by the real pacman: versions, presence, reasons, in both modes, and back again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";

const base: PackageRecipe = { name: "base", version: "1-1", depends: ["libfoo"] };
/** needs1 cannot stay with libfoo 2, and app9 1 cannot be without needs1: no order of -U and -R does it. */
const before: readonly PackageRecipe[] = [
  base,
  { name: "libfoo", version: "1.0-1" },
  { name: "app9", version: "1-1", depends: ["needs1"] },
  { name: "needs1", version: "1-1", depends: ["libfoo<2"] },
  { name: "tool", version: "1:0.5-1", depends: ["libfoo"] },
  { name: "falls", version: "2-1" },
  { name: "old-name", version: "1-1", files: { "usr/bin/thing": "old" } },
  { name: "same", version: "1-1" },
  { name: "extra", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  base,
  { name: "libfoo", version: "2.0-1" },
  { name: "app9", version: "2-1", depends: ["libfoo>=2", "fresh"] },
  { name: "fresh", version: "1-1" },
  { name: "tool", version: "2:0.1-1", depends: ["libfoo>=2"] },
  { name: "falls", version: "1-1" },
  {
    name: "new-name",
    version: "2-1",
    files: { "usr/bin/thing": "new" },
    replaces: ["old-name"],
    conflicts: ["old-name"],
    provides: ["old-name=2"],
  },
  { name: "same", version: "1-1", buildDate: 1_750_000_000, files: { "usr/bin/same": "rebuilt" } },
  { name: "extra", version: "1-1" },
];

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-sync-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function twoMoments(installed: readonly string[], explicit: readonly string[] = installed) {
  await repository.publish(before);
  const root = await openPacmanRoot({
    repositories: [repository],
    installed,
    explicit,
    foreign: [{ name: "mine", version: "3-1" }],
  });
  await repository.publish(after);
  return root;
}

test("every repository package of a machine moves to the target's version, its own ones too, and comes back", async () => {
  await using root = await twoMoments(["base", "app9", "tool", "falls", "old-name", "same"]);
  await using source = await openPacmanRoot({ repositories: [repository], installed: ["base"] });
  using endpoint = openEndpoint(root);
  const old = await root.query();
  const target = await targetFrom(source, join(folder, "views"));
  const answer = await endpoint.plan(target);
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "CLOSURE_BROKEN" } });
  expect(await root.query()).toEqual(old);
});

test("what only the transition package can do is done in one transaction in mirror mode", async () => {
  await using root = await twoMoments(["base", "app9", "tool", "falls", "old-name", "same", "extra"]);
  await using source = await openPacmanRoot({
    repositories: [repository],
    installed: ["base", "app9", "tool", "falls", "new-name", "same"],
    explicit: ["base", "tool", "fresh"],
  });
  using endpoint = openEndpoint(root);
  const old = await root.query();
  const oldExplicit = await root.explicit();
  const plan = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"), { mode: "mirror" })));
  expect(plan.steps.filter(({ action }) => action === "remove").map(({ name }) => name)).toEqual([
    "extra",
    "needs1",
    "old-name",
  ]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual([...(await source.query()), "mine 3-1"].toSorted());
  expect(await root.explicit()).toEqual(["base", "fresh", "tool"]);
  expect(await root.complaints()).toEqual([]);
  expect(root.read("usr/bin/same")).toBe("rebuilt");
  expect(await root.run("-Ss", "^fresh$")).toMatchObject({ code: 0 });

  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
  expect(await root.explicit()).toEqual(oldExplicit);
});
