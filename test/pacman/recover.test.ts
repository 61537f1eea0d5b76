// Kills while pacman works: of the agent alone, of pacman alone, of both, and in the middle of unpacking. The next start
// names what happened, and running the operation again reaches the exact state.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { inspectLock, takeLock } from "../../agent/pacman/lock.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { openEndpoint, planOf, type TestEndpoint, targetFrom } from "../support/endpoint.ts";
import { eventually } from "../support/eventually.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";

/** The scriptlet says that it runs and waits until the test lets it go on, so that a kill hits a known moment. */
const waits = "post_upgrade() { : > /tmp/reached; read line < /tmp/gate; }\n";
const manyFiles = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`usr/share/big/${index}`, `${text} ${index}\n`]));

const before: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "a-lib", version: "1-1" },
  { name: "b-waits", version: "1-1" },
  { name: "c-app", version: "1-1", depends: ["a-lib"] },
  { name: "gone", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "a-lib", version: "2-1" },
  { name: "b-waits", version: "2-1", depends: ["a-lib>=2"], install: waits },
  { name: "c-app", version: "2-1", depends: ["b-waits>=2"] },
];

let folder: string;
let repository: Repository;
const children = new Set<ReturnType<typeof spawn>>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-recover-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core" });
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Scene extends AsyncDisposable {
  readonly root: PacmanRoot;
  readonly endpoint: TestEndpoint;
  readonly plan: Plan;
  readonly wanted: readonly string[];
  readonly wantedExplicit: readonly string[];
}

async function openScene(first = before, second = after): Promise<Scene> {
  const stack = new AsyncDisposableStack();
  await repository.publish(first);
  const names = first.map(({ name }) => name);
  const root = stack.use(
    await openPacmanRoot({ repositories: [repository], installed: names, explicit: ["base", "c-app"] }),
  );
  await repository.publish(second);
  const source = stack.use(
    await openPacmanRoot({
      repositories: [repository],
      installed: second.map(({ name }) => name),
      explicit: ["base"],
    }),
  );
  const endpoint = stack.use(openEndpoint(root));
  const target = await targetFrom(source, join(folder, "views"), { mode: "mirror" });
  const plan = planOf(await endpoint.plan(target));
  execFileSync(join(root.rootDir, "usr/bin/busybox"), ["mkfifo", join(root.rootDir, "tmp/gate")]);
  return {
    root,
    endpoint,
    plan,
    wanted: await source.query(),
    wantedExplicit: await source.explicit(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function startExecutor({ root, endpoint, plan }: Scene): ReturnType<typeof spawn> {
  const program = fileURLToPath(new URL("./executor-process.ts", import.meta.url));
  const child = spawn(process.execPath, [program, root.configFile, endpoint.stateDir, "operation-1", plan.digest], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  children.add(child);
  return child;
}

/** Ends a process for certain: resolves when it is gone. */
async function kill(child: ReturnType<typeof spawn>): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  children.delete(child);
}

function pacmanPid({ endpoint }: Scene): number {
  const runs = join(endpoint.stateDir, "operations/operation-1/runs");
  const [run] = readdirSync(runs).filter((name) => name.endsWith("install"));
  return Number(readFileSync(join(runs, run ?? "", "pid"), "utf8"));
}

const reached = ({ root }: Scene) =>
  eventually("the scriptlet", () => existsSync(join(root.rootDir, "tmp/reached")) || undefined);
const letGo = ({ root }: Scene) => writeFile(join(root.rootDir, "tmp/gate"), "go\n");

async function expectExact({ root, wanted, wantedExplicit }: Scene): Promise<void> {
  expect(await root.query()).toEqual(wanted);
  expect(await root.explicit()).toEqual(wantedExplicit);
  expect(await root.complaints()).toEqual([]);
  expect(inspectLock(root.dbPath)).toEqual({ kind: "free" });
  expect((await root.run("-Qkk")).code).toBe(0);
  expect(readdirSync(join(root.dbPath, "sync"))).toEqual(["core.db"]);
}

/** The scriptlet waits in the second attempt as well. */
async function runAgain(scene: Scene): Promise<void> {
  const [outcome] = await Promise.all([scene.endpoint.execute(scene.plan, "operation-1"), letGo(scene)]);
  expect(outcome).toEqual({ state: "succeeded", problems: [] });
}

test("pacman outlives its agent, and the next agent adopts it and finishes the operation", async () => {
  await using scene = await openScene();
  const agent = startExecutor(scene);
  await reached(scene);
  await kill(agent);
  const recovery = scene.endpoint.recover();
  await letGo(scene);
  expect(await recovery).toMatchObject([{ operationId: "operation-1", state: "succeeded", problems: [] }]);
  await expectExact(scene);
  expect(await scene.endpoint.recover()).toEqual([]);
});

test("what pacman finished while no agent was there is found finished", async () => {
  await using scene = await openScene();
  const agent = startExecutor(scene);
  await reached(scene);
  const pid = pacmanPid(scene);
  await kill(agent);
  await letGo(scene);
  await eventually("the end of pacman", () => !existsSync(`/proc/${pid}`) || undefined);
  expect(await scene.endpoint.recover()).toMatchObject([{ state: "succeeded", problems: [] }]);
  await expectExact(scene);
});

test("a killed pacman leaves an interrupted operation, and running it again reaches the exact state", async () => {
  await using scene = await openScene();
  const execution = scene.endpoint.execute(scene.plan, "operation-1");
  await reached(scene);
  process.kill(pacmanPid(scene), "SIGKILL");
  // Its scriptlet lives on and is waited for.
  await letGo(scene);
  const outcome = await execution;
  expect(outcome.state).toBe("interrupted");
  expect(outcome.problems[0]).toContain("pacman was killed (signal 9)");
  expect(await scene.root.query()).not.toEqual(scene.wanted);
  expect(inspectLock(scene.root.dbPath)).toEqual({ kind: "free" });
  await runAgain(scene);
  await expectExact(scene);
});

test("after both were killed the next start says so, and a new plan leads to the same end", async () => {
  await using scene = await openScene();
  const agent = startExecutor(scene);
  await reached(scene);
  await kill(agent);
  process.kill(pacmanPid(scene), "SIGKILL");
  await letGo(scene);
  expect(await scene.endpoint.recover()).toMatchObject([{ operationId: "operation-1", state: "interrupted" }]);
  const { plan } = scene;
  const next = planOf(await scene.endpoint.plan(await targetFrom(scene.root, join(folder, "views"))));
  expect(next.afterDigest).toBe(plan.afterDigest);
  expect(await scene.endpoint.execute(next)).toEqual({ state: "succeeded", problems: [] });
  await expectExact(scene);
});

test("a package cut off in the middle of unpacking is set aside and installed again over its own files", async () => {
  const big = (version: string): PackageRecipe => ({
    name: "big",
    version,
    files: manyFiles(version),
    backup: ["usr/share/big/0"],
  });
  await using scene = await openScene(
    [...before, big("1-1")],
    [...after.filter(({ name }) => name !== "b-waits" && name !== "c-app"), big("2-1")],
  );
  writeFileSync(join(scene.root.rootDir, "usr/share/big/0"), "edited\n");
  const agent = startExecutor(scene);
  const entry = join(scene.root.dbPath, "local/big-2-1");
  // Unpacking takes a fraction of a second: the look must be quicker than a poll.
  while (!existsSync(entry) || existsSync(join(entry, "desc"))) await setImmediate();
  process.kill(pacmanPid(scene), "SIGKILL");
  await kill(agent);
  const [result] = await scene.endpoint.recover();
  expect(result).toMatchObject({ state: "interrupted" });
  expect(result?.problems.join("\n")).toContain("big was cut off half-way");
  const outcome = await scene.endpoint.execute(scene.plan, "operation-1");
  expect(outcome).toEqual({ state: "succeeded", problems: [] });
  expect(scene.root.read("usr/share/big/1199")).toBe("2-1 1199\n");
  expect(scene.root.read("usr/share/big/0")).toBe("edited\n");
  expect(await scene.root.query()).toEqual(scene.wanted);
  expect(await scene.root.explicit()).toEqual(scene.wantedExplicit);
});

test("the transition package is set aside as every other when the kill hit its own entry", async () => {
  await using scene = await openScene();
  const agent = startExecutor(scene);
  await reached(scene);
  await kill(agent);
  process.kill(pacmanPid(scene), "SIGKILL");
  await letGo(scene);
  const entry = join(scene.root.dbPath, "local/pacpool-transition-1-1");
  mkdirSync(entry, { recursive: true });
  writeFileSync(join(entry, "desc"), "");
  const [result] = await scene.endpoint.recover();
  expect(result?.problems.join("\n")).toContain("pacpool-transition was cut off half-way");
  await runAgain(scene);
  await expectExact(scene);
});

test("an agent that is killed before pacman began has changed nothing, and says so", async () => {
  await using scene = await openScene();
  const old = await scene.root.query();
  // While somebody else holds pacman's lock, an operation waits in its first step.
  const lock = takeLock(scene.root.dbPath);
  const agent = startExecutor(scene);
  await eventually(
    "its journal",
    () => existsSync(join(scene.endpoint.stateDir, "operations/operation-1/journal")) || undefined,
  );
  await kill(agent);
  lock?.[Symbol.dispose]();
  expect(await scene.endpoint.recover()).toMatchObject([
    { state: "interrupted", problems: [expect.stringContaining("before")] },
  ]);
  expect(await scene.root.query()).toEqual(old);
  await runAgain(scene);
  await expectExact(scene);
});
