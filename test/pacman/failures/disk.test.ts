// Disks that are full, read-only, or hold a file that cannot be replaced: what the machine is afterwards, and that the next
// run comes to the exact end once there is room.
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PackageRecipe } from "../../support/package-archive.ts";
import { executeMounted, smallDisk } from "./mounted.ts";
import { expectEdit, expectExact, openScene, unchanged } from "./scene.ts";

const blob = (name: string): Partial<PackageRecipe> => ({
  files: Object.fromEntries([1, 2, 3].map((number) => [`usr/share/${name}/${number}`, randomBytes(600_000)])),
});
/** What one package grows the other shrinks, later: in all nothing is needed, on the way there is. */
const growing = {
  before: { grows: {}, zzz: blob("zzz") },
  after: { grows: { version: "2-1", ...blob("grows") }, zzz: { version: "2-1" } },
};

test("a full disk that pacman sees beforehand changes nothing", async () => {
  await using scene = await openScene({ ...growing, root: { settings: ["CheckSpace"] } });
  const plan = await scene.plan();
  const outcome = await unchanged(scene.root, () => executeMounted(scene, plan, smallDisk(900)));
  expect(["failed", "refused"]).toContain(outcome.state);
  expect(outcome.problems.join("\n")).toMatch(/too full|free/);
  expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a disk that fills up in the middle leaves an interrupted operation, and with room the next run is exact", async () => {
  await using scene = await openScene(growing);
  const plan = await scene.plan();
  const outcome = await executeMounted(scene, plan, smallDisk(900));
  expect(outcome.state).toBe("interrupted");
  expect(outcome.problems.join("\n")).toMatch(/could not extract/);
  expectEdit(scene.root);
  expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a disk too full even for pacman's own database is named, and with room the next run is exact", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 1_200 }, (_, n) => [`usr/share/${"long-name-of/".repeat(30)}${n}`, ""]),
  );
  await using scene = await openScene({ after: { tool: { files: many } } });
  const plan = await scene.plan();
  const outcome = await executeMounted(scene, plan, smallDisk(100));
  expect(outcome.state).toBe("interrupted");
  expectEdit(scene.root);
  expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a read-only file system changes nothing, and is said", async () => {
  await using scene = await openScene();
  const plan = await scene.plan();
  const before = 'mount --bind "$root" "$root"; mount -o remount,bind,ro "$root"';
  const outcome = await unchanged(scene.root, () => executeMounted(scene, plan, { before }));
  expect(["failed", "refused"]).toContain(outcome.state);
  expect(outcome.problems.join("\n")).toMatch(/[Rr]ead-only/);
  expect(await scene.endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a file that cannot be replaced makes the result degraded, although pacman's database is content", async () => {
  await using scene = await openScene({
    before: { tool: { files: { "usr/share/tool": "one\n" } } },
    after: { tool: { files: { "usr/share/tool": "two\n" } } },
  });
  const before =
    'mount --bind "$root/usr/share/tool" "$root/usr/share/tool"; mount -o remount,bind,ro "$root/usr/share/tool"';
  const outcome = await executeMounted(scene, await scene.plan(), { before });
  expect(outcome.state).toBe("degraded");
  expect(outcome.problems.join("\n")).toContain("usr/share/tool does not have the content that the package has");
  expect(scene.root.read("usr/share/tool")).toBe("one\n");
  expect(await scene.root.query()).toEqual(scene.wanted);
  // What pacman says is that all is well, so a person has to install it again.
  rmSync(join(scene.root.rootDir, "usr/share/tool"));
  await scene.root.pacman("-S", "--noconfirm", "tool");
  await expectExact(scene);
});
