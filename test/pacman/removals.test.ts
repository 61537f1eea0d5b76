// The three ways in which removals get into a plan's one transaction: each has a world that only it can reach, and real
// pacman decides.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot } from "../support/pacman-root.ts";
import { openRepository } from "../support/repository.ts";

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-removals-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const library = (version: string): PackageRecipe => ({ name: "library", version });
const old: PackageRecipe = { name: "old", version: "1-1", depends: ["library<2"] };
/** Answers to the very name and version of what is to go. */
const keeper: PackageRecipe = { name: "keeper", version: "1-1", provides: ["old=1-1"] };

/** Mirrors what `after` has onto a machine with all of `before`, and back; answers with the packages in between. */
async function mirror(before: readonly PackageRecipe[], after: readonly PackageRecipe[]): Promise<readonly string[]> {
  const directory = join(folder, String((count += 1)));
  const repository = await openRepository({ directory: join(directory, "core"), name: "core", packages: before });
  const names = (recipes: readonly PackageRecipe[]) => recipes.map(({ name }) => name);
  await using root = await openPacmanRoot({ repositories: [repository], installed: names(before) });
  const first = await root.query();
  await repository.publish(after);
  await using source = await openPacmanRoot({ repositories: [repository], installed: names(after) });
  using endpoint = openEndpoint(root);
  const target = await targetFrom(source, join(directory, "views"), { mode: "mirror" });
  expect(await endpoint.sync(target)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.complaints()).toEqual([]);
  const reached = await root.query();
  const back = await endpoint.planRevert();
  if (back.kind !== "plan") throw new Error(back.refusal.message);
  expect((await endpoint.execute(back.plan)).problems).toEqual([]);
  expect(await root.query()).toEqual(first);
  return reached;
}

test("what cannot stand beside what comes goes by a conflict, in the same transaction", async () => {
  expect(await mirror([library("1-1"), old], [library("2-1")])).toEqual(["library 2-1"]);
});

test("what somebody who stays answers for goes right after the transaction", async () => {
  const plain = { name: "old", version: "1-1" };
  expect(await mirror([library("1-1"), plain, keeper], [library("2-1"), keeper])).toEqual([
    "keeper 1-1",
    "library 2-1",
  ]);
});

test("what is both goes by a replacement, in the same transaction", async () => {
  expect(await mirror([library("1-1"), old, keeper], [library("2-1"), keeper])).toEqual(["keeper 1-1", "library 2-1"]);
});

test("what has a file that somebody new brings goes by a replacement too, in the same transaction", async () => {
  const files = { "etc/handed-over.conf": "settings\n" };
  const plain = { name: "old", version: "1-1", files };
  expect(await mirror([plain, keeper], [keeper, { name: "new", version: "1-1", files }])).toEqual([
    "keeper 1-1",
    "new 1-1",
  ]);
});

test("a replacement of a target itself does not take away what is to stay", async () => {
  // The third way is a system upgrade, in which `greedy` would replace `kept`.
  const greedy = { name: "greedy", version: "2-1", replaces: ["kept"] };
  const kept = { name: "kept", version: "1-1" };
  const before = [library("1-1"), old, kept, { name: "greedy", version: "1-1" }];
  expect(await mirror(before, [library("2-1"), kept, greedy])).toEqual(["greedy 2-1", "kept 1-1", "library 2-1"]);
});
