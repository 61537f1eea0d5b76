import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ArtifactHeader, ArtifactKind } from "../../../proto/generated/pacpool/v1/artifact.ts";
import { eventually } from "../../support/eventually.ts";
import { installed } from "../../support/fake-agent.ts";
import { openFilesWorld, POOL, SIGNATURE } from "../../support/files-world.ts";
import { buildPackage, type PackageArchive } from "../../support/package-archive.ts";
import { type EnrolledEndpoint, openServer, reasonOf } from "../../support/server.ts";
import { cloneDatabase } from "../../support/shared-postgres.ts";
import { settled } from "../../support/two-moments.ts";

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function ownDatabase(): Promise<{ readonly url: string }> {
  const database = await cloneDatabase();
  if (database === undefined) throw new Error("there is no shared PostgreSQL");
  return stack.use(database);
}

const bigPackage = (): Promise<PackageArchive> =>
  buildPackage({ name: "big", version: "1.0-1", files: { "usr/share/big": randomBytes(700_000) } });

function headerOf(archive: PackageArchive, offset = 0): ArtifactHeader {
  return ArtifactHeader.fromPartial({
    kind: ArtifactKind.PACKAGE,
    sha256: archive.sha256,
    size: BigInt(archive.bytes.length),
    filename: archive.fileName,
    signature: SIGNATURE,
    offset: BigInt(offset),
  });
}

/** Sends the bytes between two places; the line breaks when the disk has those before the end. */
function send(
  { connection }: EnrolledEndpoint,
  archive: PackageArchive,
  from: number,
  { to, stateDir }: { readonly to: number; readonly stateDir: string } = { to: archive.bytes.length, stateDir: "" },
) {
  const gone = new AbortController();
  async function* parts() {
    yield { part: { $case: "header" as const, value: headerOf(archive, from) } };
    for (let at = from; at < to; at += 100_000) {
      yield { part: { $case: "chunk" as const, value: archive.bytes.subarray(at, Math.min(to, at + 100_000)) } };
    }
    if (to < archive.bytes.length) {
      await eventually("bytes on the disk", () => bytesOf(stateDir, archive) >= to);
      gone.abort();
      await new Promise(() => undefined);
    }
  }
  return connection.artifacts.upload(parts(), { timeoutMs: 10_000, signal: gone.signal });
}

function bytesOf(stateDir: string, { sha256 }: PackageArchive): number {
  const folder = join(stateDir, "artifacts", sha256.slice(0, 2));
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return Math.max(0, ...names.map((name) => statSync(join(folder, name)).size));
}

async function beginningOf({ connection }: EnrolledEndpoint, archive: PackageArchive): Promise<number> {
  const { partial } = await connection.artifacts.hasArtifacts({ sha256: [archive.sha256] });
  return Number(partial[0]?.size ?? 0n);
}

test("an upload that broke off goes on where it was, also after the server was started anew", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "pacpool-resume-"));
  stack.defer(() => {
    rmSync(stateDir, { recursive: true, force: true });
  });
  const database = await ownDatabase();
  const archive = await bigPackage();
  const before = await openServer({ stateDir, config: { databaseUrl: database.url } });
  const one = await before.enrol("one");
  await reasonOf(send(one, archive, 0, { to: 300_000, stateDir }));
  await expect.poll(() => beginningOf(one, archive)).toBeGreaterThan(0);
  await before[Symbol.asyncDispose]();

  const after = stack.use(await openServer({ stateDir, config: { databaseUrl: database.url } }));
  const again = await after.enrol("again");
  const offset = await beginningOf(again, archive);
  expect(offset).toBeGreaterThan(0);
  expect(offset).toBeLessThanOrEqual(300_000);
  expect((await send(again, archive, offset)).sha256).toBe(archive.sha256);
  const got: Uint8Array[] = [];
  for await (const { chunk } of again.connection.artifacts.download({ sha256: archive.sha256 })) got.push(chunk);
  expect(Buffer.concat(got).equals(archive.bytes)).toBe(true);
  expect(await beginningOf(again, archive)).toBe(0);
});

test("a beginning that is not there, or is of other bytes, is told, and the file can be begun again", async () => {
  const server = stack.use(await openServer());
  const one = await server.enrol("one");
  const archive = await bigPackage();
  expect(await reasonOf(send(one, archive, 1_000))).toBe("INVALID_FIELD");
  const damaged = { ...archive, bytes: Buffer.alloc(archive.bytes.length, 1) };
  await reasonOf(send(one, damaged, 0, { to: 200_000, stateDir: server.stateDir }));
  await expect.poll(() => beginningOf(one, archive)).toBeGreaterThan(0);
  expect(await reasonOf(send(one, archive, await beginningOf(one, archive)))).toBe("ARTIFACT_CORRUPT");
  expect(await beginningOf(one, archive)).toBe(0);
  expect((await send(one, archive, 0)).sha256).toBe(archive.sha256);
});

test("a server that stopped while it fetched goes on with what is missing when it starts again", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "pacpool-again-"));
  stack.defer(() => {
    rmSync(stateDir, { recursive: true, force: true });
  });
  const database = await ownDatabase();
  const config = { databaseUrl: database.url };
  const packages = [
    { name: "app", version: "1.0-1" },
    { name: "lib", version: "1.0-1" },
  ];
  const world = await openFilesWorld({ packages, config, stateDir });
  stack.use(world);
  world.mirror.moods.set("lib-1.0-1-any.pkg.tar.zst", { kind: "silent" });
  await settled(world.server, "source", world.machine(["app", "lib"]), POOL);
  await settled(world.server, "new", { ...world.machine([]), packages: [installed("lib", "0.9-1")] }, POOL);
  await world.server.admin.targets.setLatest({ endpoint: "source" });
  await expect.poll(() => world.mirror.asked).toContain("GET lib-1.0-1-any.pkg.tar.zst");
  await expect
    .poll(async () => world.server.admin.targets.verifyTarget({ pool: POOL }))
    .toMatchObject({ fetching: true, filesMissing: 1 });
  await world.server.running.stop();

  world.mirror.moods.clear();
  const again = stack.use(await openServer({ stateDir, config }));
  await expect
    .poll(async () => (await again.admin.targets.verifyTarget({ pool: POOL })).filesMissing, { timeout: 10_000 })
    .toBe(0);
  expect(world.mirror.asked.filter((one) => one.includes("app-"))).toHaveLength(1);
});
