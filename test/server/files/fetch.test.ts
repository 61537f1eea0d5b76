import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { LackingFile_Why } from "../../../proto/generated/pacpool/v1/target.ts";
import { installed } from "../../support/fake-agent.ts";
import { type FilesWorld, type FilesWorldOptions, lackingOf, openFilesWorld, POOL } from "../../support/files-world.ts";
import { openMirror } from "../../support/mirror.ts";
import { settled } from "../../support/two-moments.ts";

const PACKAGES = [
  { name: "app", version: "2.0-1", depends: ["lib"] },
  { name: "lib", version: "1.1-1" },
  { name: "tool", version: "1.0-1" },
  { name: "unused", version: "1.0-1" },
];

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function open(options: Partial<FilesWorldOptions> = {}): Promise<FilesWorld> {
  return stack.use(await openFilesWorld({ packages: PACKAGES, ...options }));
}

test("set-latest brings every file that a member needs from the mirror, and no other", async () => {
  const world = await open();
  await settled(world.server, "source", world.machine(["app", "lib"]), POOL);
  await settled(world.server, "other", { ...world.machine(["tool"]), packages: [installed("tool", "0.9-1")] }, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  const answer = await world.verified();
  expect(answer).toMatchObject({ pool: POOL, revision: 1n, files: 3, filesKept: 3, filesMissing: 0 });
  expect(answer.endpoints.map(({ endpoint, reachable }) => [endpoint, reachable])).toEqual([
    ["other", true],
    ["source", true],
  ]);
  const bytes = world.repository.archives.filter(({ recipe }) => recipe.name !== "unused");
  expect(answer.bytesKept).toBe(BigInt(bytes.reduce((sum, { bytes: { length } }) => sum + length, 0)));
  expect(world.mirror.asked.toSorted()).toEqual(bytes.map(({ fileName }) => `GET ${fileName}`).toSorted());
});

test("a dependency that a member will pull in is brought as well", async () => {
  const world = await open();
  await settled(world.server, "source", { ...world.machine([]), packages: [installed("tool", "1.0-1")] }, POOL);
  await settled(world.server, "other", { ...world.machine([]), packages: [installed("app", "1.0-1")] }, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesKept).toBe(3);
});

test("a signature is taken from beside the file where the database has none; without one nothing is kept", async () => {
  const beside = await open({ signed: "beside" });
  await settled(beside.server, "source", beside.machine(["app", "lib"]), POOL);
  await beside.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await beside.verified()).filesKept).toBe(2);

  const lib = beside.repository.archives.find(({ recipe }) => recipe.name === "lib")?.sha256 ?? "";
  const unsigned = await open({ signed: "nowhere", config: { unsignedAllowed: [lib] } });
  await settled(unsigned.server, "source", unsigned.machine(["app", "lib"]), POOL);
  await settled(unsigned.server, "other", { ...unsigned.machine([]), packages: [installed("app", "1.0-1")] }, POOL);
  await unsigned.server.admin.targets.setLatest({ endpoint: "source" });
  const answer = await unsigned.verified();
  expect(answer).toMatchObject({ filesKept: 1, filesMissing: 1 });
  expect(lackingOf(answer, "other")).toEqual([`app 2.0-1 ${String(LackingFile_Why.UNSIGNED)}`]);
  expect(lackingOf(answer, "source")).toEqual([]);
});

test("a mirror that has not the file, sends garbage, breaks off or answers with errors costs only itself", async () => {
  const world = await open();
  const bad = stack.use(await openMirror({ directory: world.repository.directory }));
  const servers = { core: [bad.url, world.mirror.url] };
  await settled(world.server, "source", world.machine(["app", "lib"], { servers }), POOL);
  const ways = [
    { kind: "missing" },
    { kind: "garbage" },
    { kind: "page" },
    { kind: "half", bytes: 10 },
    { kind: "broken", status: 503 },
  ] as const;
  for (const [at, how] of ways.entries()) {
    bad.mood = how;
    const version = `${String(at + 3)}.0-1`;
    await world.publish([{ name: "app", version }]);
    const machine = world.machine(["app"], { servers });
    const name = `source-${String(at)}`;
    await settled(world.server, name, machine, POOL);
    await world.server.admin.targets.setLatest({ endpoint: name });
    const answer = await world.verified();
    expect([how.kind, answer.filesMissing]).toEqual([how.kind, 0]);
    expect(bad.asked.at(-1)).toBe(`GET app-${version}-any.pkg.tar.zst`);
  }
});

test("what broke off is gone on with, not begun again", async () => {
  const world = await open({
    packages: [{ name: "app", version: "1.0-1", files: { "usr/share/app": randomBytes(600_000) } }],
  });
  const cut = stack.use(await openMirror({ directory: world.repository.directory }));
  cut.mood = { kind: "half", bytes: 300_000 };
  const servers = { core: [cut.url, world.mirror.url] };
  await settled(world.server, "source", world.machine(["app"], { servers }), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesMissing).toBe(0);
  expect(world.mirror.asked).toEqual([expect.stringMatching(/^GET app-1\.0-1-any\.pkg\.tar\.zst [1-9]\d*-$/)]);
});

test("the archive is asked when nobody else has a file", async () => {
  const stand = await open();
  const archive = stack.use(await openMirror({ directory: stand.repository.directory }));
  const world = await open({ config: { archive: `${archive.url}/{filename}` } });
  world.mirror.mood = { kind: "missing" };
  await settled(world.server, "source", world.machine(["tool"]), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesKept).toBe(1);
  expect(archive.asked).toEqual(["GET tool-1.0-1-any.pkg.tar.zst"]);
});

test("a beginning of wrong bytes does not spoil a source that has the right ones", async () => {
  const packages = [{ name: "app", version: "1.0-1", files: { "usr/share/app": randomBytes(600_000) } }];
  const world = await open({ packages });
  const digest = world.repository.archives[0]?.sha256 ?? "";
  const folder = join(world.server.stateDir, "artifacts", digest.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `.${digest.slice(2)}.left-by-somebody`), "<html>Please log in to this network</html>");
  await settled(world.server, "source", world.machine(["app"]), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesMissing).toBe(0);
  expect(world.mirror.asked).toEqual([
    expect.stringMatching(/^GET app-1\.0-1-any\.pkg\.tar\.zst 42-$/),
    "GET app-1.0-1-any.pkg.tar.zst",
  ]);
});

test("a source that failed three times is left alone for the round", async () => {
  const packages = Array.from({ length: 12 }, (_, at) => ({ name: `package-${String(at)}`, version: "1.0-1" }));
  const world = await open({ packages });
  const bad = stack.use(await openMirror({ directory: world.repository.directory }));
  bad.mood = { kind: "broken", status: 500 };
  const names = packages.map(({ name }) => name);
  const servers = { core: [bad.url, world.mirror.url] };
  await settled(world.server, "source", world.machine(names, { servers }), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesKept).toBe(12);
  // Four at once: three of them may have asked before the third failure was known.
  expect(bad.asked.length).toBeLessThanOrEqual(6);
});

test("nothing is fetched from mirrors when the configuration says so, nor from an endpoint's own disk ever", async () => {
  const world = await open({ config: { fetchMirrors: false } });
  await settled(world.server, "source", world.machine(["app", "lib"]), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesKept).toBe(0);
  expect(world.mirror.asked).toEqual([]);

  const local = await open();
  const servers = { core: [local.repository.server] };
  await settled(local.server, "source", local.machine(["app", "lib"], { servers }), POOL);
  await local.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await local.verified()).filesKept).toBe(0);
});
