// A full upgrade of one machine to the newest of its own repositories, through the same planner, executor and proof as
// every other operation: whole or not at all.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { aimAlone } from "../../agent/alone/aim-alone.ts";
import { type AloneMachine, newOperationId, openAlone } from "../../agent/alone/open-alone.ts";
import type { ExecutionHooks } from "../../agent/machine.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { planOf } from "../support/endpoint.ts";
import { openPacmanRoot, type PacmanRoot, type PacmanRootOptions } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";
import { openSigner } from "../support/signer.ts";

const quiet: ExecutionHooks = {
  cancelled: new AbortController().signal,
  stopped: new AbortController().signal,
  progress: () => undefined,
};
const unlimited = new AbortController().signal;

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-update-test-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core" });
});
beforeEach(async () => {
  await repository.publish([
    { name: "base", version: "1-1", depends: ["lib=1"] },
    { name: "lib", version: "1-1", provides: ["lib=1"] },
    { name: "old-name", version: "1-1" },
    { name: "beta", version: "3-1" },
    { name: "kept", version: "1-1" },
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NEW = [
  { name: "base", version: "2-1", depends: ["lib=2", "added"] },
  { name: "lib", version: "2-1", provides: ["lib=2"] },
  { name: "added", version: "1-1" },
  { name: "new-name", version: "2-1", replaces: ["old-name"], conflicts: ["old-name"] },
  // The repository went back; pacman -Syu would not.
  { name: "beta", version: "2-1" },
  { name: "kept", version: "2-1" },
];

interface Machine extends AsyncDisposable {
  readonly root: PacmanRoot;
  readonly stateDir: string;
  readonly alone: () => Promise<AloneMachine>;
}

async function openMachine(more: Partial<PacmanRootOptions> = {}): Promise<Machine> {
  const installed = ["base", "old-name", "beta", "kept"];
  const root = await openPacmanRoot({ repositories: [repository], installed, explicit: installed, ...more });
  const stateDir = join(root.directory, "state");
  const aim = await aimAlone({ stateDir, pacmanConfig: root.configFile }, undefined);
  return { root, stateDir, alone: () => openAlone(aim), [Symbol.asyncDispose]: () => root[Symbol.asyncDispose]() };
}

async function planUpdate(alone: AloneMachine): Promise<Plan> {
  return planOf(await alone.plan({ revert: false, revertOperationId: undefined, update: true }, unlimited));
}

function databaseOf({ dbPath }: PacmanRoot): Buffer {
  return readFileSync(join(dbPath, "sync/core.db"));
}

test("an update takes what pacman -Syu would, replacements included, and leaves what is newer, held or foreign", async () => {
  const foreign = [{ name: "mine", version: "1-1" }];
  await using machine = await openMachine({ settings: ["IgnorePkg = kept"], foreign });
  const { root } = machine;
  await repository.publish(NEW);
  await using alone = await machine.alone();
  const plan = await planUpdate(alone);
  expect(plan.isRevert).toBe(false);
  expect(await alone.run(plan, newOperationId(), quiet)).toMatchObject({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual([
    "added 1-1",
    "base 2-1",
    "beta 3-1",
    "kept 1-1",
    "lib 2-1",
    "mine 1-1",
    "new-name 2-1",
  ]);
  expect(await root.complaints()).toEqual([]);
  // The databases are the machine's own now, so a later `pacman -S` fits what is installed.
  expect(databaseOf(root)).toEqual(readFileSync(join(repository.directory, "core.db")));
  expect(await root.pacman("-Sl", "core")).toContain("core base 2-1 [installed]");
});

test("an update that cannot be done whole is not begun, and the machine's own databases stay the old ones", async () => {
  await using machine = await openMachine();
  const { root } = machine;
  const before = { packages: await root.query(), database: databaseOf(root) };
  await repository.publish(NEW);
  const file = readdirSync(repository.directory).find((name) => name.startsWith("lib-2-1") && !name.endsWith(".sig"));
  rmSync(join(repository.directory, file ?? ""));
  await using alone = await machine.alone();
  const answer = await alone.plan({ revert: false, revertOperationId: undefined, update: true }, unlimited);
  // Found missing when the plan is made, or at the latest before anything changes.
  const outcome = answer.kind === "plan" ? await alone.run(answer.plan, newOperationId(), quiet) : undefined;
  expect(answer.kind === "refusal" || outcome?.state === "refused").toBe(true);
  expect({ packages: await root.query(), database: databaseOf(root) }).toEqual(before);
});

test("where databases must be signed, an update and its way back bring their signatures along", async () => {
  await using signer = await openSigner();
  const directory = join(folder, "signed");
  const signed = await openRepository({ directory, name: "signed", signer });
  const publish = async (version: string): Promise<void> => {
    await signed.publish([{ name: "app", version }]);
    await signer.sign(join(directory, "signed.db"));
  };
  await publish("1-1");
  const settings = ["SigLevel = Required DatabaseRequired"];
  await using machine = await openMachine({
    repositories: [signed],
    installed: ["app"],
    explicit: ["app"],
    signer,
    settings,
  });
  const { root } = machine;
  await publish("2-1");
  await using alone = await machine.alone();
  expect(await alone.run(await planUpdate(alone), newOperationId(), quiet)).toMatchObject({ problems: [] });
  expect(await root.pacman("-Sl", "signed")).toContain("signed app 2-1 [installed]");
  const back = planOf(await alone.plan({ revert: true, revertOperationId: undefined }, unlimited));
  expect(await alone.run(back, newOperationId(), quiet)).toMatchObject({ state: "succeeded", problems: [] });
  expect(await root.pacman("-Sl", "signed")).toContain("signed app 1-1 [installed]");
});

test("without its mirrors an update says so and changes nothing", async () => {
  await using machine = await openMachine();
  const { root } = machine;
  const database = databaseOf(root);
  writeFileSync(
    root.configFile,
    readFileSync(root.configFile, "utf8").replace(repository.server, "http://127.0.0.1:1"),
  );
  await using alone = await machine.alone();
  await expect(planUpdate(alone)).rejects.toThrow("fetching the repositories' newest databases");
  expect(databaseOf(root)).toEqual(database);
});

test("an update is a moment to return to, and afterwards pacman itself finds the newer databases again", async () => {
  await using machine = await openMachine();
  const { root } = machine;
  const before = await root.query();
  await repository.publish(NEW);
  await using alone = await machine.alone();
  await alone.run(await planUpdate(alone), newOperationId(), quiet);
  expect(await root.query()).toContain("base 2-1");
  const back = planOf(await alone.plan({ revert: true, revertOperationId: undefined }, unlimited));
  expect(await alone.run(back, newOperationId(), quiet)).toMatchObject({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(before);
  // The old view is the machine's own; a mirror that moved on long ago must not be taken for unchanged.
  expect(await root.pacman("-Sl", "core")).toContain("core base 1-1 [installed]");
  await root.pacman("-Sy", "--noprogressbar");
  expect(await root.pacman("-Sl", "core")).toContain("core base 2-1 [installed: 1-1]");
});

test("what an update leaves to a person is said: an edited file that has a newer one beside it", async () => {
  await using machine = await openMachine();
  const file = { name: "tuned", version: "1-1", files: { "etc/tuned.conf": "one\n" }, backup: ["etc/tuned.conf"] };
  await machine.root.installFiles(file);
  writeFileSync(join(machine.root.rootDir, "etc/tuned.conf"), "mine\n");
  await repository.publish([...NEW, { ...file, version: "2-1", files: { "etc/tuned.conf": "two\n" } }]);
  await machine.root.refresh();
  await using alone = await machine.alone();
  const result = await alone.run(await planUpdate(alone), newOperationId(), quiet);
  expect(result).toMatchObject({ state: "succeeded", problems: [] });
  expect(machine.root.read("etc/tuned.conf")).toBe("mine\n");
  expect(await alone.waiting()).toMatchObject([{ kind: "configuration-file", subject: "/etc/tuned.conf.pacnew" }]);
});

test("a failed hook leaves the update degraded, not done", async () => {
  await using machine = await openMachine();
  const { root } = machine;
  await repository.publish(NEW);
  const hook = ["[Trigger]", "Operation = Upgrade", "Type = Package", "Target = base", "[Action]"];
  writeFileSync(
    join(root.hookDir, "90-fails.hook"),
    [...hook, "When = PostTransaction", "Exec = /usr/bin/sh -c 'exit 1'", ""].join("\n"),
  );
  await using alone = await machine.alone();
  const result = await alone.run(await planUpdate(alone), newOperationId(), quiet);
  expect(result?.state).toBe("degraded");
  expect(result?.problems.join()).toContain("command failed to execute correctly");
});
