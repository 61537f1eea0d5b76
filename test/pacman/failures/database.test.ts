// Databases that are not what they should be, pacman's own and those of its repositories: planning waits and says what to
// do, nothing is guessed, and afterwards the machine comes to the exact end.
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PacmanRoot } from "../../support/pacman-root.ts";
import { expectEdit, expectExact, openScene, unchanged } from "./scene.ts";

interface Story {
  readonly what: string;
  readonly spoil: (root: PacmanRoot) => void;
  readonly names: RegExp;
  readonly mend: (root: PacmanRoot) => Promise<void> | void;
}

const local = ({ dbPath }: PacmanRoot, entry: string) => join(dbPath, "local", entry);
const database = ({ dbPath }: PacmanRoot) => join(dbPath, "sync/core.db");

const stories: readonly Story[] = [
  {
    what: "an entry without its desc",
    spoil: (root) => renameSync(local(root, "lib-1-1/desc"), join(root.directory, "desc")),
    names: /lib-1-1 .*desc is missing/,
    mend: (root) => renameSync(join(root.directory, "desc"), local(root, "lib-1-1/desc")),
  },
  {
    what: "two versions of one package",
    spoil: (root) => {
      cpSync(local(root, "lib-1-1"), local(root, "lib-0-1"), { recursive: true });
      const desc = readFileSync(local(root, "lib-0-1/desc"), "utf8");
      writeFileSync(local(root, "lib-0-1/desc"), desc.replace("%VERSION%\n1-1", "%VERSION%\n0-1"));
    },
    names: /lib-.*entry of the same package/,
    mend: (root) => rmSync(local(root, "lib-0-1"), { recursive: true }),
  },
  {
    what: "an entry that a kill left empty",
    spoil: (root) => {
      renameSync(local(root, "lib-1-1"), join(root.directory, "lib"));
      mkdirSync(local(root, "lib-9-1"));
    },
    names: /lib-9-1 .*desc is missing/,
    mend: (root) => {
      rmSync(local(root, "lib-9-1"), { recursive: true });
      renameSync(join(root.directory, "lib"), local(root, "lib-1-1"));
    },
  },
  {
    what: "a sync database that is cut off",
    spoil: (root) => truncateSync(database(root), 200),
    names: /database core cannot be read.*-Syy/,
    mend: (root) => root.refresh(),
  },
  {
    what: "a sync database that is a page for people",
    spoil: (root) => writeFileSync(database(root), "<html>Please log in</html>"),
    names: /database core cannot be read.*-Syy/,
    mend: (root) => root.refresh(),
  },
  {
    what: "a repository whose database is not there",
    spoil: (root) => rmSync(database(root)),
    names: /core has no database; run pacman -Sy/,
    mend: (root) => root.refresh(),
  },
];

test.for(stories)("$what: no plan, by name; mended, the machine comes to the exact end", async (story) => {
  await using scene = await openScene();
  const { root, endpoint, target } = scene;
  const plan = await scene.plan();
  story.spoil(root);
  const answer = await unchanged(root, () => endpoint.plan(target));
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "UNHEALTHY" } });
  expect(answer.kind === "refusal" ? answer.refusal.details : []).toEqual([expect.stringMatching(story.names)]);
  expectEdit(root);
  await story.mend(root);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a torn entry that appears between plan and execution refuses the operation, and nothing is changed", async () => {
  await using scene = await openScene();
  const plan = await scene.plan();
  mkdirSync(local(scene.root, "lost-1-1"));
  const outcome = await unchanged(scene.root, () => scene.endpoint.execute(plan));
  expect(outcome).toMatchObject({ state: "refused", problems: [expect.stringContaining("lost-1-1")] });
});

test("names of any script are installed whatever locale the agent was started in", async () => {
  const files = { "usr/share/tool/äöü-日本語.txt": "text\n", "usr/share/tool/plain": "text\n" };
  await using scene = await openScene({ after: { tool: { files } } });
  const { LC_ALL } = process.env;
  process.env["LC_ALL"] = "C";
  try {
    expect(await scene.endpoint.sync(scene.target)).toEqual({ state: "succeeded", problems: [] });
  } finally {
    if (LC_ALL === undefined) delete process.env["LC_ALL"];
    else process.env["LC_ALL"] = LC_ALL;
  }
  expect(scene.root.read("usr/share/tool/äöü-日本語.txt")).toBe("text\n");
  await expectExact(scene);
});
