// Torn entries and locks that no journal of ours names: blocked until a person asks for repair, which sets aside what is
// torn and installs the same versions again over their own files only; where a file cannot be had it says what to do.
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aimAlone } from "../../../agent/alone/aim-alone.ts";
import { newOperationId, openAlone } from "../../../agent/alone/open-alone.ts";
import { inspectLock } from "../../../agent/pacman/lock.ts";
import { planOf } from "../../support/endpoint.ts";
import type { PacmanRoot } from "../../support/pacman-root.ts";
import { pacmanPid } from "./gate.ts";
import { expectEdit, expectExact, openScene, unchanged } from "./scene.ts";

const local = ({ dbPath }: PacmanRoot, entry: string) => join(dbPath, "local", entry);
const empty = (root: PacmanRoot, entry: string): void => {
  rmSync(local(root, entry), { recursive: true });
  mkdirSync(local(root, entry));
};

const torn: readonly { readonly what: string; readonly tear: (root: PacmanRoot) => void }[] = [
  { what: "an entry that is empty", tear: (root) => empty(root, "lib-1-1") },
  {
    what: "two of them, one with an edited file",
    tear: (root) => ["app-1-1", "lib-1-1"].forEach((one) => empty(root, one)),
  },
  { what: "an entry whose desc is cut off at once", tear: (root) => truncateSync(local(root, "app-1-1/desc"), 0) },
  { what: "an entry without its list of files", tear: (root) => rmSync(local(root, "app-1-1/files")) },
  {
    what: "an entry of the transition package, whose operation nobody remembers",
    tear: (root) => mkdirSync(local(root, "pacpool-transition-1-1")),
  },
  {
    what: "an entry of an earlier version beside the right one",
    tear: (root) => {
      cpSync(local(root, "lib-1-1"), local(root, "lib-0-1"), { recursive: true });
      const desc = readFileSync(local(root, "lib-0-1/desc"), "utf8");
      const older = desc
        .replace("%VERSION%\n1-1", "%VERSION%\n0-1")
        .replace(/%INSTALLDATE%\n\d+/, "%INSTALLDATE%\n1000");
      writeFileSync(local(root, "lib-0-1/desc"), older);
    },
  },
];

test.for(torn)("$what: blocked, then repaired to the same versions, and the machine can move on", async ({ tear }) => {
  await using scene = await openScene();
  const { root, endpoint } = scene;
  const old = await root.query();
  // A file of the package that the kill left half.
  writeFileSync(join(root.rootDir, "usr/share/app/data"), "half");
  tear(root);
  expect(await endpoint.plan(scene.target)).toMatchObject({ kind: "refusal", refusal: { reason: "UNHEALTHY" } });
  // Everything else than the torn packages' own files is as strange as before.
  writeFileSync(join(root.rootDir, "etc/strange"), "nobody's\n");
  expect(await endpoint.execute(planOf(await endpoint.planRepair()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
  expect(await root.complaints()).toEqual([]);
  expectEdit(root);
  // What was edited may have its packaged version beside it once more.
  rmSync(join(root.rootDir, "etc/app.conf.pacnew"), { force: true });
  expect(root.read("etc/strange")).toBe("nobody's\n");
  await root.pacman("-D", "--asdeps", "lib", "tool");
  // A repair is nothing to come back from.
  await expect(endpoint.planRevert()).rejects.toMatchObject({ reason: "OPERATION_NOT_FOUND" });
  expect(await endpoint.sync(scene.target)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a torn package whose file is nowhere is not touched, and the refusal says where to put it", async () => {
  await using scene = await openScene();
  const { root, endpoint, repository } = scene;
  empty(root, "lib-1-1");
  rmSync(join(root.cacheDir, "lib-1-1-any.pkg.tar.zst"), { force: true });
  rmSync(join(repository.directory, "lib-1-1-any.pkg.tar.zst"));
  const answer = await unchanged(root, () => endpoint.planRepair());
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "FILES_MISSING" } });
  const details = answer.kind === "refusal" ? answer.refusal.details : [];
  expect(details[0]).toContain("lib");
  expect(details.at(-1)).toContain(`into ${root.cacheDir} and ask for repair again`);
});

test("a lock that a stranger's kill left is set aside by a repair, not before and never while somebody holds it", async () => {
  await using scene = await openScene();
  const { root, endpoint } = scene;
  const plan = await scene.plan();
  closeSync(openSync(join(root.dbPath, "db.lck"), "w"));
  expect(await unchanged(root, () => endpoint.execute(plan))).toMatchObject({ state: "refused" });
  expect(await endpoint.execute(planOf(await endpoint.planRepair()))).toEqual({ state: "succeeded", problems: [] });
  expect(inspectLock(root.dbPath)).toEqual({ kind: "free" });
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a repair that is killed is named, and run again it comes to its end", async () => {
  await using scene = await openScene({
    before: {
      slow: { install: "post_install() { : > /tmp/reached; while [ -e /tmp/wait ]; do busybox sleep 0.02; done; }\n" },
    },
    after: { slow: {} },
  });
  const { root, endpoint } = scene;
  const old = await root.query();
  empty(root, "slow-1-1");
  rmSync(join(root.rootDir, "tmp/reached"), { force: true });
  writeFileSync(join(root.rootDir, "tmp/wait"), "");
  const plan = planOf(await endpoint.planRepair());
  const execution = endpoint.execute(plan, "repair-1");
  while (!existsSync(join(root.rootDir, "tmp/reached"))) await new Promise((resolve) => setImmediate(resolve));
  process.kill(pacmanPid(scene, "repair-1"), "SIGKILL");
  rmSync(join(root.rootDir, "tmp/wait"));
  expect(await execution).toMatchObject({ state: "interrupted" });
  expect(await endpoint.execute(plan, "repair-1")).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
  expect(await root.complaints()).toEqual([]);
});

test("after a sync a torn package is repaired without server, network and caches, from the files that were kept", async () => {
  await using scene = await openScene();
  const { root, endpoint, repository } = scene;
  expect(await endpoint.sync(scene.target)).toMatchObject({ state: "succeeded" });
  rmSync(root.cacheDir, { recursive: true });
  rmSync(repository.directory, { recursive: true });
  empty(root, "app-2-1");
  await using machine = await openAlone(
    await aimAlone({ stateDir: endpoint.stateDir, pacmanConfig: root.configFile }, undefined),
  );
  const question = { revert: false, repair: true, revertOperationId: undefined };
  const plan = planOf(await machine.plan(question, new AbortController().signal));
  const never = new AbortController().signal;
  const hooks = { cancelled: never, stopped: never, progress: () => undefined };
  expect(await machine.run(plan, newOperationId(), hooks)).toMatchObject({ state: "succeeded", problems: [] });
  await expectExact(scene);
});
