// Every no of planning and executing: it names what is wrong, and the machine is as it was.
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeLock } from "../../agent/pacman/lock.ts";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot, type PacmanRootOptions } from "../support/pacman-root.ts";
import { openRepository, type Repository } from "../support/repository.ts";
import { openSigner, type Signer } from "../support/signer.ts";

const before: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "libfoo", version: "1-1" },
  { name: "app", version: "1-1", depends: ["libfoo"] },
  { name: "hold-me", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  { name: "base", version: "1-1" },
  { name: "libfoo", version: "2-1" },
  { name: "app", version: "2-1", depends: ["libfoo>=2"] },
  { name: "rival", version: "1-1", conflicts: ["hold-me"] },
];

let folder: string;
let repository: Repository;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-refuse-"));
  repository = await openRepository({ directory: join(folder, "core"), name: "core" });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine of the first moment and the second moment's target; disposed with the stack. */
async function openScene(stack: AsyncDisposableStack, options: Partial<PacmanRootOptions> = {}, from = repository) {
  await from.publish(before);
  const root = stack.use(await openPacmanRoot({ repositories: [from], installed: ["base", "app"], ...options }));
  await from.publish(after);
  const source = stack.use(
    await openPacmanRoot({
      repositories: [from],
      installed: ["base", "app"],
      ...(options.signer === undefined ? {} : { signer: options.signer }),
    }),
  );
  const target = await targetFrom(source, join(folder, "views"));
  return { root, source, endpoint: stack.use(openEndpoint(root)), target };
}

/** Runs the act and checks that neither packages nor databases moved. */
async function unchanged<Result>(root: PacmanRoot, act: () => Promise<Result>): Promise<Result> {
  const look = async () => [await root.query(), await root.explicit(), readdirSync(join(root.dbPath, "sync"))];
  const old = await look();
  const result = await act();
  expect(await look()).toEqual(old);
  return result;
}

test("a plan whose files cannot be had lists them and every place that was asked", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  rmSync(repository.path("libfoo"));
  const answer = await unchanged(root, () => endpoint.plan(target));
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "FILES_MISSING" } });
  const details = answer.kind === "refusal" ? answer.refusal.details : [];
  expect(details).toHaveLength(1);
  expect(details[0]).toContain("libfoo-2-1-any.pkg.tar.zst");
  expect(details[0]).toContain(`${root.cacheDir}: not there`);
  expect(details[0]).toContain(`${repository.directory}: not there`);
});

test("a file that vanishes or changes between plan and execution stops the operation before anything changed", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  const plan = planOf(await endpoint.plan(target));
  writeFileSync(repository.path("app"), "x".repeat(10));
  const outcome = await unchanged(root, () => endpoint.execute(plan));
  expect(outcome.state).toBe("refused");
  expect(outcome.problems.join("\n")).toMatch(/app-2-1-any\.pkg\.tar\.zst cannot be had: .* 10 bytes instead of/);
});

test("a held package whose dependents must move breaks the closure, and the refusal names it", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  writeFileSync(root.configFile, readFileSync(root.configFile, "utf8").replace("[core]", "IgnorePkg = libfoo\n[core]"));
  const answer = await unchanged(root, () => endpoint.plan(target));
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "CLOSURE_BROKEN" } });
  expect(JSON.stringify(answer)).toContain("libfoo");
});

test("a package on HoldPkg is not removed, not even by a conflict that pacman would resolve", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, source } = await openScene(stack, {
    installed: ["base", "app", "hold-me"],
    settings: ["HoldPkg = hold-me"],
  });
  const target = await targetFrom(source, join(folder, "views"), { shared: ["rival"] });
  const answer = await unchanged(root, () => endpoint.plan(target));
  expect(answer).toMatchObject({
    kind: "refusal",
    refusal: { reason: "GUARDED_PACKAGE", details: ["hold-me would be removed"] },
  });
});

test("base is never removed, whatever the target's source has", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint } = await openScene(stack);
  const bare = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["app"] }));
  const target = await targetFrom(bare, join(folder, "views"), { mode: "mirror" });
  const answer = await unchanged(root, () => endpoint.plan(target));
  expect(answer).toMatchObject({
    kind: "refusal",
    refusal: { reason: "GUARDED_PACKAGE", details: ["base would be removed"] },
  });
});

test("a plan is stale once the packages changed under it", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  const plan = planOf(await endpoint.plan(target));
  await root.installFiles({ name: "by-hand", version: "1-1" });
  const outcome = await unchanged(root, () => endpoint.execute(plan));
  expect(outcome).toMatchObject({ state: "refused", problems: [expect.stringContaining("ask for a new plan")] });
});

test("a lock that a process holds is waited for, a lock that nobody holds is named and left alone", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  const plan = planOf(await endpoint.plan(target));
  const lock = takeLock(root.dbPath);
  expect(await endpoint.plan(target)).toMatchObject({ kind: "refusal", refusal: { reason: "LOCKED" } });
  const execution = endpoint.execute(plan);
  while (!endpoint.progress.some(({ message }) => message.includes(`waiting for process ${process.pid}`))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  lock?.[Symbol.dispose]();
  expect(await execution).toEqual({ state: "succeeded", problems: [] });

  closeSync(openSync(join(root.dbPath, "db.lck"), "w"));
  const next = planOf(await endpoint.plan(target));
  const outcome = await endpoint.execute(next);
  expect(outcome).toMatchObject({ state: "refused", problems: [expect.stringContaining("nobody holds it")] });
  expect(readdirSync(root.dbPath)).toContain("db.lck");
});

test("torn and malformed entries that no journal names are reported, and planning waits for a person", async () => {
  await using stack = new AsyncDisposableStack();
  const { root, endpoint, target } = await openScene(stack);
  truncateSync(join(root.dbPath, "local/app-1-1/desc"));
  writeFileSync(join(root.dbPath, "local/libfoo-1-1/desc"), "garbage\n");
  mkdirSync(join(root.dbPath, "local/empty-1-1"));
  const answer = await endpoint.plan(target);
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "UNHEALTHY" } });
  const details = answer.kind === "refusal" ? answer.refusal.details.toSorted() : [];
  expect(details).toEqual([
    expect.stringContaining("app-1-1 in the local database: its desc is empty"),
    expect.stringContaining("empty-1-1 in the local database: its desc is missing"),
    expect.stringContaining("libfoo-1-1 in the local database: its desc cannot be read"),
  ]);
});

test("a way back is only offered once there was a way there", async () => {
  await using stack = new AsyncDisposableStack();
  const { endpoint } = await openScene(stack);
  await expect(endpoint.planRevert()).rejects.toMatchObject({ reason: "OPERATION_NOT_FOUND" });
});

test("a plan that pacman itself cannot carry out leaves a failed operation and an unchanged machine", async () => {
  await using stack = new AsyncDisposableStack();
  const clash = after.map((recipe) => (recipe.name === "app" ? { ...recipe, files: { "usr/bin/app": "x" } } : recipe));
  const { root, endpoint } = await openScene(stack);
  await repository.publish(clash);
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base", "app"] }));
  writeFileSync(join(root.rootDir, "usr/bin/app"), "not pacman's");
  const plan = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"))));
  const outcome = await unchanged(root, () => endpoint.execute(plan));
  expect(outcome.state).toBe("failed");
  expect(outcome.problems.join("\n")).toContain("failed to commit transaction (conflicting files)");
  expect(root.read("usr/bin/app")).toBe("not pacman's");
  await expect(endpoint.planRevert()).rejects.toMatchObject({ reason: "OPERATION_NOT_FOUND" });
});

test("where signatures are required a signed package is taken and an unsigned or foreign-signed one is not", async () => {
  await using stack = new AsyncDisposableStack();
  const signer: Signer = stack.use(await openSigner());
  const stranger: Signer = stack.use(await openSigner());
  const signed = await openRepository({ directory: join(folder, "signed"), name: "core", signer });
  const { root, endpoint, target } = await openScene(stack, { signer }, signed);
  expect(await endpoint.plan(target)).toMatchObject({ kind: "plan" });

  await stranger.sign(signed.path("app"));
  await signed.republish();
  const source = stack.use(await openPacmanRoot({ repositories: [signed], installed: ["base"], signer }));
  const forged = planOf(await endpoint.plan(await targetFrom(source, join(folder, "views"))));
  const outcome = await unchanged(root, () => endpoint.execute(forged));
  expect(outcome.state).toBe("refused");
  expect(outcome.problems.join("\n")).toMatch(/signature|key/);

  await signer.sign(signed.path("app"));
  rmSync(`${signed.path("app")}.sig`);
  await signed.republish();
  const unsigned = stack.use(await openPacmanRoot({ repositories: [signed], installed: ["base"], signer }));
  const answer = await unchanged(root, async () => endpoint.plan(await targetFrom(unsigned, join(folder, "views"))));
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "FILES_MISSING" } });
  expect(JSON.stringify(answer)).toContain("its signature is not there");

  await signer.sign(signed.path("app"));
  expect(await endpoint.sync(target)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(["app 2-1", "base 1-1", "libfoo 2-1"]);
});
