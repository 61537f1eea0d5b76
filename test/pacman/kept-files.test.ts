// The way back when everybody else has forgotten: caches cleaned, mirrors moved on or gone, with and without a server that
// keeps files. Real pacman, real signatures.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ALONE, type FileAccess } from "../../agent/files/file-source.ts";
import type { FileStore } from "../../agent/files/file-store.ts";
import { keptPackagesDirOf } from "../../agent/state-folders.ts";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import { memoryStore } from "../support/memory-store.ts";
import { buildPackage, type PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRoot, type PacmanRootOptions } from "../support/pacman-root.ts";
import { openRepository, type Repository, sha256Of } from "../support/repository.ts";
import { openSigner, type Signer } from "../support/signer.ts";

const base: PackageRecipe = { name: "base", version: "1-1" };
const kernel = (version: string): PackageRecipe => ({
  name: "linux",
  version,
  files: { [`usr/lib/modules/${version}/vmlinuz`]: `kernel ${version}`, "boot/vmlinuz-linux": `kernel ${version}` },
});
const before: readonly PackageRecipe[] = [
  base,
  kernel("6.1-1"),
  { name: "tool", version: "1-1" },
  { name: "gone", version: "1-1", files: { "usr/bin/thing": "old" } },
  { name: "same", version: "1-1" },
];
const after: readonly PackageRecipe[] = [
  base,
  kernel("6.2-1"),
  { name: "tool", version: "2-1" },
  { name: "next", version: "1-1", files: { "usr/bin/thing": "new" }, replaces: ["gone"], conflicts: ["gone"] },
  { name: "same", version: "1-1", buildDate: 1_750_000_000, files: { "usr/bin/same": "rebuilt" } },
];
const everything = ["base", "linux", "tool", "gone", "same"];

let folder: string;
let repository: Repository;
let signer: Signer;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = mkdtempSync(join(tmpdir(), "pacpool-kept-"));
  stack.defer(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  signer = stack.use(await openSigner());
  repository = await openRepository({ directory: join(folder, "core"), name: "core", packages: before, signer });
});
afterEach(() => stack.disposeAsync());

async function openRoot(options: Partial<PacmanRootOptions> = {}): Promise<PacmanRoot> {
  return stack.use(await openPacmanRoot({ repositories: [repository], installed: everything, signer, ...options }));
}

/** The repository has moved on, and another machine's moment there is the target. */
async function nextTarget() {
  await repository.publish(after, { dropOldFiles: true });
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base", "linux"], signer }));
  return targetFrom(source, join(folder, "views"));
}

/** What `paccache -rk0` and `pacman -Scc` come to. */
function cleanCache({ cacheDir }: PacmanRoot): void {
  for (const file of readdirSync(cacheDir)) rmSync(join(cacheDir, file));
}

/** Every mirror is gone for good. */
function loseMirrors(): void {
  rmSync(repository.directory, { recursive: true });
}

function open(root: PacmanRoot, access: FileAccess = ALONE) {
  return stack.use(openEndpoint(root, undefined, access));
}

function withStore(store: FileStore): FileAccess {
  return { ...ALONE, store };
}

test("kernel, rebuilt and replaced packages come back from kept files, with the cache cleaned and all mirrors gone", async () => {
  const root = await openRoot();
  const endpoint = open(root);
  const old = await root.query();
  const target = await nextTarget();
  const plan = planOf(await endpoint.plan(target));
  expect(plan.warnings.filter((line) => line.startsWith("there is no way back"))).toEqual([]);
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(root.read("boot/vmlinuz-linux")).toBe("kernel 6.2-1");
  cleanCache(root);
  loseMirrors();
  const back = planOf(await endpoint.planRevert());
  expect(back.downloadBytes).toBe(0);
  expect(await endpoint.execute(back)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toEqual(old);
  expect(root.read("boot/vmlinuz-linux")).toBe("kernel 6.1-1");
  expect(root.read("usr/share/licenses/same/LICENSE")).toBe("same 1-1\n");
  // And forward again: both builds of `same` have the same file name.
  expect(await endpoint.execute(planOf(await endpoint.plan(target)))).toEqual({ state: "succeeded", problems: [] });
  expect(root.read("usr/bin/same")).toBe("rebuilt");
});

test("a cache that was cleaned before the sync is no loss while a mirror still has the files", async () => {
  const root = await openRoot();
  const endpoint = open(root);
  cleanCache(root);
  // A rebuilt one takes the place of the file before it.
  await repository.publish(after.map((one) => (one.name === "same" ? { name: "same", version: "1-1" } : one)));
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base"], signer }));
  expect(await endpoint.sync(await targetFrom(source, join(folder, "views")))).toMatchObject({ state: "succeeded" });
  cleanCache(root);
  loseMirrors();
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toContain("linux 6.1-1");
});

test("what cannot be kept is named before anybody approves, and does not stop the plan", async () => {
  const root = await openRoot();
  const endpoint = open(root);
  cleanCache(root);
  const plan = planOf(await endpoint.plan(await nextTarget()));
  expect(plan.warnings).toContain(
    "there is no way back to gone 1-1, linux 6.1-1, same 1-1, tool 1-1, whose files are in no cache, not kept, and nowhere to be fetched",
  );
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
});

test("over a metered connection nothing is fetched for the way back, and the plan says so", async () => {
  const root = await openRoot({ installed: ["base", "tool"] });
  const store = memoryStore();
  await store.put(repository.path("tool"));
  cleanCache(root);
  const endpoint = open(root, { ...withStore(store), isMetered: () => Promise.resolve(true) });
  const plan = planOf(await endpoint.plan(await nextTarget()));
  expect(plan.warnings).toContain(
    "there is no way back to tool 1-1, whose file is not fetched over a metered connection",
  );
  expect(await endpoint.execute(plan)).toEqual({ state: "succeeded", problems: [] });
  expect(store.offsets).toEqual([]);
});

test("the server's store is the only source: signed files come from there, resumed, and lead back as well", async () => {
  const root = await openRoot();
  const store = memoryStore();
  for (const name of everything) await store.put(repository.path(name));
  const target = await nextTarget();
  for (const name of ["linux", "tool", "next", "same"]) await store.put(repository.path(name));
  loseMirrors();
  cleanCache(root);
  const endpoint = open(root, withStore(store));
  const plan = planOf(await endpoint.plan(target));
  expect(plan.downloadBytes).toBeGreaterThan(0);
  expect(plan.warnings.filter((line) => line.startsWith("there is no way back"))).toEqual([]);
  store.breakOff = 1;
  expect(await endpoint.execute(plan, "first")).toMatchObject({ state: "refused" });
  store.breakOff = 0;
  store.offsets.length = 0;
  expect(await endpoint.execute(plan, "second")).toEqual({ state: "succeeded", problems: [] });
  // One byte of each of five tries.
  expect(Math.max(...store.offsets)).toBe(5);
  cleanCache(root);
  const alone = planOf(await endpoint.planRevert());
  expect(await endpoint.execute(alone)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toContain("linux 6.1-1");
});

test("an unsigned file of the server is refused, unless the owner lists its digest", async () => {
  const unsigned = await openRepository({ directory: join(folder, "plain"), name: "plain", packages: before });
  const root = stack.use(await openPacmanRoot({ repositories: [unsigned], installed: ["base", "tool"] }));
  await unsigned.publish(after);
  const source = stack.use(await openPacmanRoot({ repositories: [unsigned], installed: ["base", "tool"] }));
  const target = await targetFrom(source, join(folder, "views"));
  const store = memoryStore();
  const sha256 = await store.put(unsigned.path("tool"));
  rmSync(unsigned.directory, { recursive: true });
  const refused = await open(root, withStore(store)).plan(target);
  expect(refused).toMatchObject({
    refusal: {
      reason: "FILES_MISSING",
      details: [expect.stringContaining("the server: unsigned, and unsigned_allowed in agent.toml does not list it")],
    },
  });
  const allowed = open(root, { ...withStore(store), unsignedAllowed: new Set([sha256]) });
  expect(await allowed.sync(target)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toContain("tool 2-1");
});

test("a signature of somebody else does not get in through the server", async () => {
  const root = await openRoot({ installed: ["base", "tool"] });
  const target = await nextTarget();
  const stranger = stack.use(await openSigner());
  const file = repository.path("tool");
  await stranger.sign(file);
  await repository.republish();
  // The view carries the stranger's signature as well: nothing but this machine's own keys can tell.
  const source = stack.use(await openPacmanRoot({ repositories: [repository] }));
  const forged = await targetFrom(source, join(folder, "forged"));
  const store = memoryStore();
  await store.put(file);
  loseMirrors();
  expect(target.target.viewDigest).not.toBe(forged.target.viewDigest);
  const outcome = await open(root, withStore(store)).sync(forged);
  expect(outcome).toMatchObject({ state: "refused" });
  expect(outcome.problems.join("\n")).toMatch(/signature|trust|key/);
  expect(await root.query()).toContain("tool 1-1");
});

test("a pin that no view knows comes from the server by what is installed elsewhere", async () => {
  const root = await openRoot({ installed: ["base", "tool"] });
  await nextTarget();
  const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base"], signer }));
  const store = memoryStore();
  const archive = await buildPackage({ name: "tool", version: "1.5-1" });
  const file = join(folder, archive.fileName);
  writeFileSync(file, archive.bytes);
  await signer.sign(file);
  await store.put(file);
  const pinned = await targetFrom(source, join(folder, "views"), { pins: { tool: "1.5-1" } });
  expect(await open(root).plan(pinned)).toMatchObject({ refusal: { reason: "FILES_MISSING" } });
  expect(await open(root, withStore(store)).sync(pinned)).toEqual({ state: "succeeded", problems: [] });
  expect(await root.query()).toContain("tool 1.5-1");
});

test("files of the sets before the last two are forgotten, those of foreign packages stay while they are installed", async () => {
  const foreign = ["mine", "other"].map((name) => ({ name, version: "3-1" }));
  const root = await openRoot({ installed: ["base", "tool"], foreign });
  const endpoint = open(root);
  const mine = await buildPackage({ name: "mine", version: "3-1" });
  writeFileSync(join(root.cacheDir, mine.fileName), mine.bytes);
  // Of the same version, but not what is installed.
  const stale = await buildPackage({ name: "other", version: "3-1", buildDate: 5 });
  writeFileSync(join(root.cacheDir, stale.fileName), stale.bytes);
  const kept = (): readonly string[] =>
    readdirSync(keptPackagesDirOf(endpoint.stateDir)).filter((name) => !name.endsWith(".sig"));
  for (const version of ["2-1", "3-1", "4-1"]) {
    await repository.publish([base, { name: "tool", version }], { dropOldFiles: true });
    const source = stack.use(await openPacmanRoot({ repositories: [repository], installed: ["base"], signer }));
    expect(await endpoint.sync(await targetFrom(source, join(folder, "views")))).toMatchObject({ state: "succeeded" });
    cleanCache(root);
  }
  expect(kept().toSorted()).toEqual([
    "mine-3-1-any.pkg.tar.zst",
    "tool-2-1-any.pkg.tar.zst",
    "tool-3-1-any.pkg.tar.zst",
    "tool-4-1-any.pkg.tar.zst",
  ]);
  expect(sha256Of(join(keptPackagesDirOf(endpoint.stateDir), mine.fileName))).toBe(mine.sha256);
  expect(
    readFileSync(join(keptPackagesDirOf(endpoint.stateDir), "tool-3-1-any.pkg.tar.zst.sig")).length,
  ).toBeGreaterThan(60);
  // Two steps back, nothing at hand but what was kept.
  loseMirrors();
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toMatchObject({ state: "succeeded" });
  expect(await endpoint.execute(planOf(await endpoint.planRevert()))).toMatchObject({ state: "succeeded" });
  expect(await root.query()).toContain("tool 2-1");
});
