// What a sync does to a machine, by the real pacman: versions, presence, reasons, in both modes, and back again.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot, type PacmanRootOptions } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";

const base: PackageRecipe = { name: "base", version: "1-1", depends: ["libfoo"] };
const before: readonly PackageRecipe[] = [
  base,
  { name: "libfoo", version: "1.0-1", provides: ["libfoo.so=1-64"] },
  { name: "own-app", version: "1-1", depends: ["libfoo.so=1-64"] },
  { name: "tool", version: "3.0-1", groups: ["tools"], backup: ["etc/tool.conf"], files: { "etc/tool.conf": "one\n" } },
  { name: "falls", version: "2-1" },
  { name: "old-name", version: "1-1", files: { "usr/bin/thing": "old" } },
  { name: "same", version: "1-1" },
  { name: "extra", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  base,
  { name: "libfoo", version: "2.0-1", provides: ["libfoo.so=2-64"] },
  { name: "own-app", version: "1-2", depends: ["libfoo.so=2-64", "fresh"] },
  { name: "fresh", version: "1-1" },
  {
    name: "tool",
    version: "1:1.0-1",
    groups: ["tools"],
    backup: ["etc/tool.conf"],
    files: { "etc/tool.conf": "two\n" },
  },
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
  { name: "common", version: "1-1" },
];
const everything = ["base", "own-app", "tool", "falls", "old-name", "same"];
const mine: PackageRecipe = { name: "mine", version: "3-1", depends: ["base"] };

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-sync-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine of the first moment; the repository has the second one afterwards. */
async function openOldRoot(options: Partial<PacmanRootOptions> = {}, next = after): Promise<PacmanRoot> {
  await repository.publish(before);
  const root = await openPacmanRoot({ repositories: [repository], installed: everything, foreign: [mine], ...options });
  await repository.publish(next);
  return root;
}

async function openSource(options: Partial<PacmanRootOptions> = {}): Promise<PacmanRoot> {
  return openPacmanRoot({ repositories: [repository], installed: ["base", "tool", "falls"], ...options });
}

test("in versions mode every repository package follows the view, own ones with their library, and comes back", async () => {
  await using root = await openOldRoot();
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  const old = await root.query();
  const oldExplicit = await root.explicit();

  const plan = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"), { shared: ["common"] })));
  expect(plan.steps.map(({ action, name }) => `${action} ${name}`)).toEqual([
    "remove old-name",
    "install common",
    "downgrade falls",
    "install fresh",
    "upgrade libfoo",
    "install new-name",
    "upgrade own-app",
    "reinstall same",
    "upgrade tool",
  ]);
  expect(plan.leftAlone.map(({ name }) => name)).toEqual(["mine"]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual([
    "base 1-1",
    "common 1-1",
    "falls 1-1",
    "fresh 1-1",
    "libfoo 2.0-1",
    "mine 3-1",
    "new-name 2-1",
    "own-app 1-2",
    "same 1-1",
    "tool 1:1.0-1",
  ]);
  // The replacer inherits the reason, what came along as a dependency is one, what is shared is wanted for itself.
  expect(await root.explicit()).toEqual(["base", "common", "falls", "mine", "new-name", "own-app", "same", "tool"]);
  expect(await root.complaints()).toEqual([]);
  expect(root.read("usr/bin/same")).toBe("rebuilt");
  expect((await root.run("-S", "--print", "--print-format", "%v", "extra")).stdout.trim()).toBe("1-1");
  expect(endpoint.progress.at(-1)).toMatchObject({ step: "report", percent: 100 });

  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
  expect(await root.explicit()).toEqual(oldExplicit);
  expect((await root.run("-Ss", "^fresh$")).stdout).toBe("");
});

test("a machine that is in sync has a plan without steps, and carrying it out changes nothing", async () => {
  await using root = await openOldRoot();
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  const target = await targetFrom(source, join(folder, "views"));
  expect(await endpoint.sync(target)).toEqual({ state: "succeeded", problems: [] });
  const reached = await root.query();
  const plan = planOf(await endpoint.plan(target));
  expect(plan).toMatchObject({ steps: [], reasons: [], downloadBytes: 0 });
  expect(plan.afterDigest).toBe(plan.baseDigest);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(reached);
});

test("in mirror mode extras go, reasons become the source's, and one transaction does what no order of -U and -R can", async () => {
  const first: readonly PackageRecipe[] = [
    base,
    { name: "libfoo", version: "1.0-1" },
    { name: "app9", version: "1-1", depends: ["needs1"] },
    { name: "needs1", version: "1-1", depends: ["libfoo<2"] },
    { name: "vim", version: "9.0-1" },
    { name: "extra", version: "1-1" },
  ];
  const second: readonly PackageRecipe[] = [
    base,
    { name: "libfoo", version: "2.0-1" },
    { name: "app9", version: "2-1", depends: ["libfoo>=2"] },
    // Its provision is exactly the version of what is removed: a conflict of the transition package would hit it too.
    { name: "gvim", version: "9.0-1", provides: ["vim=9.0-1"] },
  ];
  await repository.publish(first);
  await using root = await openPacmanRoot({
    repositories: [repository],
    installed: ["base", "app9", "vim", "extra"],
    foreign: [mine],
  });
  await repository.publish(second);
  await using source = await openPacmanRoot({
    repositories: [repository],
    installed: ["base", "app9", "gvim"],
    explicit: ["base", "libfoo", "gvim"],
  });
  using endpoint = openEndpoint(root);
  const old = await root.query();

  const plan = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"), { mode: "mirror" })));
  const removals = plan.steps.filter(({ action }) => action === "remove").map(({ name }) => name);
  expect(removals).toEqual(["extra", "needs1", "vim"]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual([...(await source.query()), "mine 3-1"].toSorted());
  expect(await root.explicit()).toEqual(["base", "gvim", "libfoo", "mine"]);
  expect(await root.complaints()).toEqual([]);

  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
});

test("held packages stay, by name, glob and group, and a pin wins over the view", async () => {
  await using root = await openOldRoot({ settings: ["IgnorePkg = fal*", "IgnoreGroup = tools"] });
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  const target = await targetFrom(source, join(folder, "views"), { pins: { same: "1-1" } });
  const plan = planOf(await endpoint.plan(target));
  expect(plan.leftAlone.map(({ name }) => name)).toEqual(["falls", "mine", "tool"]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(expect.arrayContaining(["falls 2-1", "tool 3.0-1", "libfoo 2.0-1"]));
});

test("a pinned version that only the machine's cache has is installed from there", async () => {
  await using root = await openOldRoot({ installed: ["base", "falls"] });
  await using source = await openSource({ installed: ["base"] });
  using endpoint = openEndpoint(root);
  const target = await targetFrom(source, join(folder, "views"));
  expect(await endpoint.sync(target)).toMatchObject({ state: "succeeded" });
  expect(await root.query()).toContain("falls 1-1");
  await repository.publish(after, { dropOldFiles: true });
  // The first sync kept the replaced file, so that the way back needs no mirror.
  const pinned = await targetFrom(source, join(folder, "views"), { pins: { falls: "2-1" } });
  expect(await endpoint.sync(pinned)).toMatchObject({ state: "succeeded" });
  expect(await root.query()).toContain("falls 2-1");
});

test("an edited configuration file is kept, and the new one lies beside it", async () => {
  await using root = await openOldRoot({ installed: ["base", "tool"] });
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  writeFileSync(join(root.rootDir, "etc/tool.conf"), "mine\n");
  expect(await endpoint.sync(await targetFrom(source, join(folder, "views")))).toEqual({
    state: "succeeded",
    problems: [],
  });
  expect(root.read("etc/tool.conf")).toBe("mine\n");
  expect(root.read("etc/tool.conf.pacnew")).toBe("two\n");
});

test("a failing scriptlet and a failing hook make the result degraded, with their lines, although pacman says 0", async () => {
  const next = after.map((recipe) =>
    recipe.name === "tool" ? { ...recipe, install: "post_upgrade() { exit 3; }\n" } : recipe,
  );
  await using root = await openOldRoot({ installed: ["base", "tool"] }, next);
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  const target = await targetFrom(source, join(folder, "views"));
  const problems = ["error: command failed to execute correctly"];
  expect(await endpoint.sync(target)).toEqual({ state: "degraded", problems });
  expect(await root.query()).toContain("tool 1:1.0-1");

  const hook = `[Trigger]\nOperation = Upgrade\nType = Package\nTarget = tool\n[Action]\nWhen = PostTransaction\nExec = /bin/false\n`;
  writeFileSync(join(root.hookDir, "fails.hook"), hook);
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({
    state: "degraded",
    problems: expect.arrayContaining([expect.stringMatching(/failed/)]),
  });
  expect(await root.query()).toContain("tool 3.0-1");
});

test("a packaged file that is missing afterwards makes the result degraded, although pacman is content", async () => {
  await using root = await openOldRoot({ installed: ["base", "tool", "same"] });
  await using source = await openSource();
  using endpoint = openEndpoint(root);
  const hook = `[Trigger]\nOperation = Upgrade\nType = Package\nTarget = same\n[Action]\nWhen = PostTransaction\nExec = /usr/bin/busybox rm /usr/bin/same\n`;
  writeFileSync(join(root.hookDir, "removes.hook"), hook);
  const outcome = await endpoint.sync(await targetFrom(source, join(folder, "views")));
  expect(outcome.state).toBe("degraded");
  expect(outcome.problems).toEqual([`same: ${root.rootDir}/usr/bin/same is missing`]);
});
