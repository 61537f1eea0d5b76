// Signals to pacman in the middle of its transaction, a machine that goes down, and locks that others leave: what the
// operation says, what stays, and that one more run comes to the exact end, hooks included.
import { closeSync, existsSync, openSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inspectLock } from "../../../agent/pacman/lock.ts";
import { planOf } from "../../support/endpoint.ts";
import type { PackageRecipe } from "../../support/package-archive.ts";
import { letGo, makeGate, pacmanPid, reached, WAITS } from "./gate.ts";
import { expectEdit, expectExact, openScene, type Scene, type SceneOptions, unchanged } from "./scene.ts";

const OPERATION = "operation-1";
const waiting: Partial<PackageRecipe> = { install: WAITS };

/** A hook after the transaction leaves a trace: it must have run in the end. */
async function openWaiting(name: "lib" | "tool", options: SceneOptions = {}): Promise<Scene> {
  const scene = await openScene({ after: { [name]: waiting }, ...options });
  makeGate(scene);
  const hook = `[Trigger]\nOperation = Upgrade\nType = Package\nTarget = app\n[Action]\nWhen = PostTransaction\nExec = /usr/bin/busybox touch /tmp/hook-ran\n`;
  writeFileSync(join(scene.root.hookDir, "trace.hook"), hook);
  return scene;
}

async function finish(scene: Scene, plan: Awaited<ReturnType<Scene["plan"]>>): Promise<void> {
  const [outcome] = await Promise.all([scene.endpoint.execute(plan, OPERATION), letGo(scene)]);
  expect(outcome).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
}

test.for([
  // pacman finishes the package that it is at, and exits 0.
  { signal: "SIGINT", at: "lib" },
  { signal: "SIGHUP", at: "lib" },
  { signal: "SIGINT", at: "tool" },
  { signal: "SIGTERM", at: "lib" },
  { signal: "SIGKILL", at: "lib" },
  { signal: "SIGKILL", at: "tool" },
] as const)(
  "$signal while pacman is at $at: interrupted, no lock stays, and the next run is exact",
  async ({ signal, at }) => {
    await using scene = await openWaiting(at);
    const plan = await scene.plan();
    const execution = scene.endpoint.execute(plan, OPERATION);
    await reached(scene);
    process.kill(pacmanPid(scene, OPERATION), signal);
    await letGo(scene);
    expect(await execution).toMatchObject({ state: "interrupted" });
    expect(inspectLock(scene.root.dbPath)).toEqual({ kind: "free" });
    expectEdit(scene.root);
    const hookRan = () => existsSync(join(scene.root.rootDir, "tmp/hook-ran"));
    expect(hookRan()).toBe(false);
    // Nothing else is planned before this one is finished.
    expect((await scene.plan()).afterDigest).toBe(plan.afterDigest);
    await finish(scene, plan);
    expect(hookRan()).toBe(true);
  },
);

test("a machine that went down is told as that, and everything of the plan is put on the disk again", async () => {
  await using scene = await openWaiting("tool");
  const plan = await scene.plan();
  const execution = scene.endpoint.execute(plan, OPERATION);
  await reached(scene);
  await letGo(scene);
  expect(await execution).toEqual({ state: "succeeded", problems: [] });
  // As it is when the power fails after pacman's end: the journal does not have the end, the file lost its content.
  const journal = join(scene.endpoint.stateDir, "operations", OPERATION, "journal");
  const lines = readFileSync(journal, "utf8").split("\n");
  const cut = lines.findIndex((line) => line.includes('"run-ended"'));
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  writeFileSync(journal, `${lines.slice(0, cut).join("\n").replaceAll(boot, "an earlier boot")}\n`);
  writeFileSync(join(scene.root.rootDir, "usr/share/app/data"), "");
  const [result] = await scene.endpoint.recover();
  expect(result).toMatchObject({ state: "interrupted", problems: [expect.stringContaining("the machine went down")] });
  await finish(scene, plan);
});

test("a lock that another left before pacman began is not ours to take away", async () => {
  await using scene = await openScene({
    onProgress: ({ step }, root) => {
      if (step !== "transaction" || existsSync(join(root.dbPath, "db.lck"))) return;
      closeSync(openSync(join(root.dbPath, "db.lck"), "w"));
    },
  });
  const plan = await scene.plan();
  const outcome = await scene.endpoint.execute(plan);
  expect(outcome).toMatchObject({
    state: "failed",
    problems: expect.arrayContaining([expect.stringContaining("lock")]),
  });
  expect(inspectLock(scene.root.dbPath).kind).toBe("stale");
  expect((await scene.root.query()).includes("lib 1-1")).toBe(true);
  await unchanged(scene.root, async () =>
    expect(await scene.endpoint.execute(plan)).toMatchObject({ state: "refused" }),
  );
});

test("a lock from before an operation stays where it is when that operation is found interrupted", async () => {
  await using scene = await openWaiting("lib");
  const plan = await scene.plan();
  const execution = scene.endpoint.execute(plan, OPERATION);
  await reached(scene);
  process.kill(pacmanPid(scene, OPERATION), "SIGKILL");
  const lock = join(scene.root.dbPath, "db.lck");
  rmSync(lock, { force: true });
  closeSync(openSync(lock, "w"));
  utimesSync(lock, 1_000_000_000, 1_000_000_000);
  await letGo(scene);
  expect(await execution).toMatchObject({ state: "interrupted" });
  expect(inspectLock(scene.root.dbPath).kind).toBe("stale");
  rmSync(lock);
  await finish(scene, plan);
});

test("another pacman at work is waited for, and what it changed makes the plan stale", async () => {
  await using scene = await openScene({ before: { other: {} }, after: { other: { ...waiting, version: "2-1" } } });
  makeGate(scene);
  const plan = await scene.plan();
  await scene.root.refresh();
  const other = scene.root.pacman("-S", "--noconfirm", "other");
  await reached(scene);
  expect(await scene.endpoint.plan(scene.target)).toMatchObject({ kind: "refusal", refusal: { reason: "LOCKED" } });
  const execution = scene.endpoint.execute(plan);
  while (!scene.endpoint.progress.some(({ message }) => message.includes("waiting for process"))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await letGo(scene);
  await other;
  expect(await execution).toMatchObject({ state: "refused" });
  expect((await scene.root.query()).includes("lib 1-1")).toBe(true);
  const next = await scene.plan();
  expect(await scene.endpoint.execute(next)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a kill between the record of the way back and the commitment leaves no way back that never was", async () => {
  await using scene = await openScene();
  const { endpoint } = scene;
  const old = await scene.root.query();
  expect(await endpoint.sync(scene.target)).toMatchObject({ state: "succeeded" });
  const plan = planOf(await endpoint.planRevert());
  expect(await endpoint.execute(plan, OPERATION)).toMatchObject({ state: "succeeded" });
  // As a kill leaves it: the record is there, the journal ends before the commitment.
  const journal = join(endpoint.stateDir, "operations", OPERATION, "journal");
  const lines = readFileSync(journal, "utf8").split("\n");
  const begun = lines.findLastIndex((line) => line.includes('"begun"'));
  writeFileSync(journal, `${lines.slice(begun, begun + 1).join("\n")}\n`);
  expect(await endpoint.recover()).toMatchObject([{ state: "interrupted" }]);
  expect(await scene.root.query()).toEqual(old);
  expect((await endpoint.planRevert()).kind).toBe("plan");
});
