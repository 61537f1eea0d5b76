// Sync databases by content, to and from the server. A file counts only once its SHA-256 is the one asked for. Must not
// know what is in them.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, open, rename, rm, stat } from "node:fs/promises";
import { MAX_DATABASE_BYTES } from "../../domain/limits.ts";
import { Refusal, tooLarge } from "../../domain/refusal.ts";
import { ArtifactKind } from "../../proto/generated/pacpool/v1/artifact.ts";
import type { Connection } from "../../rpc/connection.ts";

/** The contract's bound on bytes per message. */
const CHUNK_BYTES = 256 * 1024;
/** A transfer that takes longer is started again by the next stream. */
const TRANSFER_TIMEOUT_MS = 10 * 60_000;

/** Lower-case hex SHA-256 of a file, read in pieces; undefined when there is none. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      hash.update(chunk as Buffer);
    }
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
      return undefined;
    }
    throw new Error(`reading ${path}`, { cause });
  }
  return hash.digest("hex");
}

/** Uploads one file. The server refuses it with ARTIFACT_CORRUPT when it changed meanwhile. */
export async function uploadDatabase(
  connection: Connection,
  path: string,
  sha256: string,
  signal: AbortSignal,
): Promise<void> {
  const { size } = await stat(path);
  async function* parts() {
    const header = {
      sha256,
      size: BigInt(size),
      kind: ArtifactKind.SYNC_DATABASE,
      filename: "",
      signature: new Uint8Array(),
      offset: 0n,
    };
    yield { part: { $case: "header" as const, value: header } };
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
      yield { part: { $case: "chunk" as const, value: chunk as Buffer } };
    }
  }
  await connection.artifacts.upload(parts(), { signal, timeoutMs: TRANSFER_TIMEOUT_MS });
}

/** Fetches one file to `path`, going on where an earlier attempt stopped. Throws Refusal ARTIFACT_CORRUPT. */
export async function downloadDatabase(
  connection: Connection,
  sha256: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.part`;
  const offset = (await stat(part).catch(() => undefined))?.size ?? 0;
  const file = await open(part, "a", 0o644);
  try {
    let bytes = offset;
    const request = { sha256, offset: BigInt(offset) };
    for await (const { chunk } of connection.artifacts.download(request, { signal, timeoutMs: TRANSFER_TIMEOUT_MS })) {
      bytes += chunk.length;
      if (bytes > MAX_DATABASE_BYTES) {
        throw tooLarge(`database ${sha256}`, MAX_DATABASE_BYTES);
      }
      await file.write(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await settle(part, path, sha256);
}

/** Copies a file that the machine has already. Answers false when it is another by now. */
export async function copyDatabase(from: string, path: string, sha256: string): Promise<boolean> {
  if ((await hashFile(from)) !== sha256) {
    return false;
  }
  await copyFile(from, `${path}.part`);
  await settle(`${path}.part`, path, sha256);
  return true;
}

async function settle(part: string, path: string, sha256: string): Promise<void> {
  if ((await hashFile(part)) !== sha256) {
    await rm(part, { force: true });
    throw new Refusal("ARTIFACT_CORRUPT", { sha256 });
  }
  await rename(part, path);
}
