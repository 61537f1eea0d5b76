import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { ArtifactKind } from "../../../proto/generated/pacpool/v1/artifact.ts";
import { LackingFile_Why } from "../../../proto/generated/pacpool/v1/target.ts";
import { type CachedFile, installed } from "../../support/fake-agent.ts";
import { type FilesWorld, lackingOf, openFilesWorld, POOL, SIGNATURE } from "../../support/files-world.ts";
import { buildPackage } from "../../support/package-archive.ts";
import { reasonOf } from "../../support/server.ts";
import { settled } from "../../support/two-moments.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const PACKAGES = [
  { name: "app", version: "2.0-1" },
  { name: "lib", version: "1.1-1" },
];

/** Mirrors have nothing. */
async function openAlone(packages: FilesWorld["repository"]["archives"][number]["recipe"][] = PACKAGES) {
  const world = stack.use(await openFilesWorld({ packages }));
  world.mirror.mood = { kind: "missing" };
  return world;
}

function cachedFrom(world: FilesWorld, name: string, more: Partial<CachedFile> = {}): CachedFile {
  const archive = world.repository.archives.find(({ recipe }) => recipe.name === name);
  if (archive === undefined) throw new Error(`no package ${name}`);
  const { recipe, fileName: filename, bytes } = archive;
  return { name, version: recipe.version, filename, bytes, signature: SIGNATURE, ...more };
}

test("what no mirror has comes from the endpoint that has it installed, with its name and digest", async () => {
  const world = await openAlone();
  const cached = [cachedFrom(world, "app"), cachedFrom(world, "lib")];
  const source = await settled(world.server, "source", world.machine(["app", "lib"], { cached }), POOL);
  const other = await settled(world.server, "other", world.machine([]), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect(await world.verified()).toMatchObject({ files: 2, filesKept: 2, filesMissing: 0 });
  const { files } = await source.next("filesWanted");
  const app = world.repository.archives.find(({ recipe }) => recipe.name === "app");
  expect(files.find(({ name }) => name === "app")).toEqual({
    sha256: app?.sha256,
    filename: app?.fileName,
    size: BigInt(app?.bytes.length ?? 0),
    name: "app",
    version: "2.0-1",
    architecture: "any",
    buildDate: BigInt(1_748_736_000),
    signatureKnown: true,
  });
  expect(other.heard.some(({ body }) => body?.$case === "filesWanted")).toBe(false);
});

test("an endpoint that gives nothing, leaves or sends another file costs only itself", async () => {
  const world = await openAlone();
  const wrong = await buildPackage({ name: "app", version: "2.0-1", files: { "usr/share/app": "another build" } });
  const liar = { cached: [cachedFrom(world, "app", { bytes: wrong.bytes })] };
  await settled(world.server, "liar", world.machine(["app"], liar), POOL);
  await settled(world.server, "honest", world.machine(["app"], { cached: [cachedFrom(world, "app")] }), POOL);
  // Asked before the honest one, since it was heard of last.
  const { cached: _none, ...leaver } = world.machine(["app"]);
  const leaving = await settled(world.server, "leaving", leaver, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "liar" });
  await leaving.next("filesWanted");
  leaving.cut();
  expect((await world.verified()).filesMissing).toBe(0);
});

test("verify names the endpoint, the file and why it is lacking", async () => {
  const world = await openAlone();
  const { signature: _none, ...unsigned } = cachedFrom(world, "app");
  await settled(world.server, "source", world.machine(["app", "lib"], { cached: [unsigned] }), POOL);
  await settled(
    world.server,
    "behind",
    { ...world.machine([]), packages: [installed("app", "1.0-1"), installed("lib", "1.0-1")] },
    POOL,
  );
  await world.server.enrol("silent", POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source", shared: ["nowhere-at-all"] });
  const answer = await world.verified();
  expect(answer.filesMissing).toBe(2);
  expect(lackingOf(answer, "behind")).toEqual([
    `app 2.0-1 ${String(LackingFile_Why.UNSIGNED)}`,
    `lib 1.1-1 ${String(LackingFile_Why.NOWHERE)}`,
    `nowhere-at-all  ${String(LackingFile_Why.CLASS)}`,
  ]);
  expect(lackingOf(answer, "source")).toEqual([`nowhere-at-all  ${String(LackingFile_Why.CLASS)}`]);
  const silent = answer.endpoints.find(({ endpoint }) => endpoint === "silent");
  expect(silent).toMatchObject({ reachable: false, lackingCount: 0, unknownBecause: "it has not reported yet" });
});

test("a newcomer is asked for what is still missing", async () => {
  const world = await openAlone();
  await settled(world.server, "source", world.machine(["app"]), POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect((await world.verified()).filesMissing).toBe(1);
  await settled(world.server, "newcomer", world.machine(["app", "lib"], { cached: [cachedFrom(world, "app")] }), POOL);
  await expect.poll(async () => (await world.verified()).filesKept, { timeout: 60_000 }).toBe(1);
});

test("the file of a pin is recognised by what it says of itself, and its digest known from then on", async () => {
  const world = await openAlone();
  const old = await buildPackage({ name: "lib", version: "1.0-1" });
  const file = { name: "lib", version: "1.0-1", filename: old.fileName, bytes: old.bytes, signature: SIGNATURE };
  const pinned = installed("lib", "1.0-1", { architecture: "any" });
  const machine = world.machine(["app"], { cached: [cachedFrom(world, "app"), file] });
  const packages = [...machine.packages, pinned];
  await settled(world.server, "source", { ...machine, packages }, POOL);
  await settled(world.server, "behind", { ...world.machine([]), packages: [installed("lib", "0.9-1")] }, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source", pins: ["lib"] });
  expect(await world.verified()).toMatchObject({ files: 2, filesMissing: 0 });
  const found = await world.server.admin.artifacts.findPackages({
    packages: [{ name: "lib", version: "1.0-1", architecture: "any", buildDate: BigInt(pinned.buildDate) }],
  });
  expect(found.packages).toEqual([
    {
      package: { name: "lib", version: "1.0-1", architecture: "any", buildDate: BigInt(pinned.buildDate) },
      artifact: {
        sha256: old.sha256,
        size: BigInt(old.bytes.length),
        kind: ArtifactKind.PACKAGE,
        filename: old.fileName,
        signature: SIGNATURE,
      },
    },
  ]);
});

test("a pin's file that nobody has stays unknown", async () => {
  const world = await openAlone();
  const machine = world.machine(["app"], { cached: [cachedFrom(world, "app")] });
  const packages = [...machine.packages, installed("lib", "1.0-1", { architecture: "any" })];
  await settled(world.server, "source", { ...machine, packages }, POOL);
  await settled(world.server, "behind", { ...world.machine([]), packages: [installed("lib", "0.9-1")] }, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source", pinAll: true });
  expect(lackingOf(await world.verified(), "behind")).toEqual([`lib 1.0-1 ${String(LackingFile_Why.SHA256_UNKNOWN)}`]);
});

test("an upload of a package is refused unsigned, misnamed, or when it is no package at all", async () => {
  const world = await openAlone();
  const agent = await settled(world.server, "one", world.machine(["app"]), POOL);
  const app = world.repository.archives[0];
  if (app === undefined) throw new Error("no archive");
  const header = { kind: ArtifactKind.PACKAGE, sha256: app.sha256, filename: app.fileName, signature: SIGNATURE };
  expect(await reasonOf(agent.uploadFile({ ...header, signature: Buffer.alloc(0) }, app.bytes))).toBe(
    "ARTIFACT_UNSIGNED",
  );
  expect(await reasonOf(agent.uploadFile({ ...header, signature: Buffer.from("-----BEGIN") }, app.bytes))).toBe(
    "ARTIFACT_UNSIGNED",
  );
  for (const filename of ["lib-1.1-1-any.pkg.tar.zst", "app.exe"]) {
    expect(await reasonOf(agent.uploadFile({ ...header, filename }, app.bytes))).toBe("ARTIFACT_CORRUPT");
  }
  expect(await reasonOf(agent.uploadFile({ ...header, filename: "../app" }, app.bytes))).toBe("INVALID_FIELD");
  expect(await reasonOf(agent.uploadFile({ ...header, signature: Buffer.alloc(65_537) }, app.bytes))).toBe("TOO_LARGE");
  const noise = randomBytes(5_000);
  const { sha256 } = await import("../../support/sync-database.ts");
  expect(await reasonOf(agent.uploadFile({ ...header, sha256: sha256(noise) }, noise))).toBe("ARTIFACT_CORRUPT");
  const { missingSha256 } = await world.server.admin.artifacts.hasArtifacts({ sha256: [app.sha256] });
  expect(missingSha256).toEqual([app.sha256]);
  await agent.uploadFile(header, app.bytes);
  expect((await world.server.admin.artifacts.describeArtifacts({ sha256: [app.sha256] })).artifacts).toHaveLength(1);
});

test("a newer target does not wait for an endpoint that is slow to answer for the one before", async () => {
  const world = await openAlone();
  const { cached: _none, ...mute } = world.machine(["app"]);
  const source = await settled(world.server, "source", mute, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  await source.next("filesWanted");
  // The first question is never answered; the one for the next target is.
  source.machine = { ...mute, cached: [cachedFrom(world, "app")] };
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  expect(await world.verified(POOL, 2n)).toMatchObject({ revision: 2n, filesKept: 1, filesMissing: 0 });
});
