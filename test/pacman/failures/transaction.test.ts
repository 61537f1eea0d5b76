// What pacman does not do, or does only half, in the middle of its transaction: hooks, scriptlets, conflicts, files that
// stand in the way. What counts is what the machine is afterwards, and that the next run comes to the exact end.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FinishedState } from "../../../agent/orders/order-book.ts";
import type { PacmanRoot } from "../../support/pacman-root.ts";
import { type Changes, expectEdit, expectExact, openScene, unchanged } from "./scene.ts";

const hook = (when: string, action: string): string =>
  `[Trigger]\nOperation = Upgrade\nType = Package\nTarget = tool\n[Action]\nWhen = ${when}\n${action}\n`;
const placeHook = (text: string) => (root: PacmanRoot) => writeFileSync(join(root.hookDir, "broken.hook"), text);
const removeHook = (root: PacmanRoot) => rmSync(join(root.hookDir, "broken.hook"));

interface Story {
  readonly what: string;
  readonly after?: Changes;
  readonly act: (root: PacmanRoot) => void;
  readonly mend: (root: PacmanRoot) => void;
  readonly state: FinishedState;
  /** In a problem. */
  readonly names: RegExp;
}

/** pacman says no before it changes anything. */
const refusals: readonly Story[] = [
  {
    what: "a hook that fails before the transaction and may abort it",
    act: placeHook(hook("PreTransaction", "Exec = /bin/false\nAbortOnFail")),
    mend: removeHook,
    state: "failed",
    names: /hook/,
  },
  {
    what: "a hook file with a mistake in it",
    act: placeHook(hook("PostTransaction", "Exek = /bin/true")),
    mend: removeHook,
    state: "failed",
    names: /broken\.hook/,
  },
  {
    what: "a file of nobody where a package wants to put its own",
    after: { tool: { files: { "usr/bin/tool": "packaged" } } },
    act: (root) => writeFileSync(join(root.rootDir, "usr/bin/tool"), "by hand"),
    mend: (root) => rmSync(join(root.rootDir, "usr/bin/tool")),
    state: "failed",
    names: /conflict/,
  },
  {
    what: "a folder of nobody where a package wants to put a file",
    after: { tool: { files: { "usr/share/tool": "packaged" } } },
    act: (root) => mkdirSync(join(root.rootDir, "usr/share/tool/kept"), { recursive: true }),
    mend: (root) => rmSync(join(root.rootDir, "usr/share/tool"), { recursive: true }),
    state: "failed",
    names: /usr\/share\/tool is a folder here and none in the new tool; .* these are nobody's/,
  },
];

test.for(refusals)("$what: nothing is changed, and the same plan goes through once that is mended", async (story) => {
  await using scene = await openScene(story.after === undefined ? {} : { after: story.after });
  const plan = await scene.plan();
  story.act(scene.root);
  const outcome = await unchanged(scene.root, () => scene.endpoint.execute(plan));
  expect(outcome).toMatchObject({
    state: story.state,
    problems: expect.arrayContaining([expect.stringMatching(story.names)]),
  });
  story.mend(scene.root);
  expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

/** pacman ends with 0 although something did not work. */
const degraded: readonly Story[] = [
  {
    what: "a hook that fails before the transaction without aborting it",
    act: placeHook(hook("PreTransaction", "Exec = /bin/false")),
    mend: removeHook,
    state: "degraded",
    names: /failed to execute/,
  },
  {
    what: "a hook that fails after the transaction",
    act: placeHook(hook("PostTransaction", "Exec = /bin/false")),
    mend: removeHook,
    state: "degraded",
    names: /failed to execute/,
  },
  {
    what: "a hook whose program is not there",
    act: placeHook(hook("PostTransaction", "Exec = /usr/bin/nonexistent")),
    mend: removeHook,
    state: "degraded",
    names: /execv|failed to execute/,
  },
  {
    what: "a scriptlet that fails before its package is installed",
    after: { tool: { install: "pre_upgrade() { exit 3; }\n" } },
    act: () => undefined,
    mend: () => undefined,
    state: "degraded",
    names: /failed to execute/,
  },
  {
    what: "a scriptlet that fails after its package is installed",
    after: { tool: { install: "post_upgrade() { exit 3; }\n" } },
    act: () => undefined,
    mend: () => undefined,
    state: "degraded",
    names: /failed to execute/,
  },
];

test.for(degraded)("$what: all is applied, and the result is degraded with its name", async (story) => {
  await using scene = await openScene(story.after === undefined ? {} : { after: story.after });
  story.act(scene.root);
  const outcome = await scene.endpoint.sync(scene.target);
  expect(outcome).toMatchObject({
    state: story.state,
    problems: expect.arrayContaining([expect.stringMatching(story.names)]),
  });
  await expectExact(scene);
  story.mend(scene.root);
  // A degraded machine has its packages: the next run has nothing to do.
  expect((await scene.plan()).steps).toEqual([]);
});

test("two packages of the target that exclude each other are refused, none of them silently left out", async () => {
  await using scene = await openScene({
    after: { vim: {}, gvim: { provides: ["vim=1"], conflicts: ["vim"] } },
    choice: { shared: ["vim", "gvim"] },
  });
  const answer = await unchanged(scene.root, () => scene.endpoint.plan(scene.target));
  expect(answer.kind).toBe("refusal");
  expect(JSON.stringify(answer)).toContain("vim");
});

test("a file that moves from one package to another in the same transaction is no conflict", async () => {
  const file = { "usr/share/moves": "text\n" };
  await using scene = await openScene({
    before: { tool: { files: file } },
    after: { tool: { files: {} }, lib: { files: file } },
  });
  expect(await scene.endpoint.sync(scene.target)).toMatchObject({ state: "succeeded" });
  await expectExact(scene);
});

test("a file that another package has is a conflict that changes nothing, and the owner's package is named", async () => {
  await using scene = await openScene({ after: { tool: { files: { "usr/share/app/data": "tool's\n" } } } });
  const plan = await scene.plan();
  const outcome = await unchanged(scene.root, () => scene.endpoint.execute(plan));
  expect(outcome.state).toBe("failed");
  expect(outcome.problems.join("\n")).toMatch(/app/);
  expectEdit(scene.root);
});
