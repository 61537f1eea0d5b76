import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ArtifactFiles, openArtifactFiles } from "../../../server/store/artifact-files.ts";

let directory: string;
let files: ArtifactFiles;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pacpool-artifacts-"));
  files = openArtifactFiles(directory);
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const BYTES = randomBytes(700_000);
const SHA256 = createHash("sha256").update(BYTES).digest("hex");

/** In pieces of odd sizes, as a stream brings them. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += 65_537) yield bytes.subarray(at, at + 65_537);
}

async function read(offset?: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of files.read(SHA256, offset)) parts.push(part);
  return Buffer.concat(parts);
}

function kept(): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

test("what was written is read back, whole or from any place on", async () => {
  await files.write(SHA256, BYTES.length, pieces(BYTES));
  expect((await files.load(SHA256)).equals(BYTES)).toBe(true);
  expect((await read()).equals(BYTES)).toBe(true);
  expect((await read(300_001)).equals(BYTES.subarray(300_001))).toBe(true);
  expect(await read(BYTES.length)).toHaveLength(0);
});

test("bytes with another digest, too few and too many are refused, and nothing of them is kept", async () => {
  const other = Buffer.from(BYTES);
  other[5] = (other[5] ?? 0) ^ 1;
  for (const bad of [other, BYTES.subarray(1), Buffer.concat([BYTES, BYTES])]) {
    await expect(files.write(SHA256, BYTES.length, pieces(bad))).rejects.toMatchObject({ reason: "ARTIFACT_CORRUPT" });
  }
  expect(kept()).toEqual([]);
  await expect(read()).rejects.toMatchObject({ reason: "ARTIFACT_NOT_FOUND" });
  await expect(files.load(SHA256)).rejects.toMatchObject({ reason: "ARTIFACT_NOT_FOUND" });
});

test("an upload that breaks off leaves nothing, not even a temporary file", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield BYTES.subarray(0, 1_000);
    await Promise.reject(new Error("the stream ended"));
  }
  await expect(files.write(SHA256, BYTES.length, broken())).rejects.toThrow("the stream ended");
  expect(kept()).toEqual([]);
});

test("two who bring the same file at once leave one whole file", async () => {
  const write = (): Promise<void> => files.write(SHA256, BYTES.length, pieces(BYTES));
  await Promise.all([write(), write(), write()]);
  expect(kept()).toHaveLength(1);
  expect((await files.load(SHA256)).equals(BYTES)).toBe(true);
});

test("a digest that is a path is refused before any file is touched", async () => {
  const refused = { reason: "INVALID_FIELD" };
  for (const bad of ["../../etc/passwd", "", SHA256.toUpperCase(), `${SHA256}/x`]) {
    await expect(files.write(bad, 1, pieces(BYTES))).rejects.toMatchObject(refused);
    await expect((async () => files.load(bad))()).rejects.toMatchObject(refused);
  }
  expect(readdirSync(directory)).toEqual([]);
});
