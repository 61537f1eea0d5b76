// Files by content below the state folder: ab/cd.... A name is taken only by a whole, verified file, so a crash leaves at
// most a temporary one. Which of them count is a row's affair.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";

export interface ArtifactFiles {
  /** Writes, syncs and verifies. Throws Refusal ARTIFACT_CORRUPT when size or digest differ; nothing is kept then. */
  write(sha256: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** From an offset on. Throws Refusal ARTIFACT_NOT_FOUND. */
  read(sha256: string, offset?: number): AsyncIterable<Uint8Array>;
  /** The whole file. Throws Refusal ARTIFACT_NOT_FOUND. */
  load(sha256: string): Promise<Buffer>;
  remove(sha256: string): Promise<void>;
}

/** As large as one chunk of a download. */
const READ_CHUNK_BYTES = 256 * 1024;

export function openArtifactFiles(directory: string): ArtifactFiles {
  const pathOf = (sha256: string): string => {
    // The digest becomes a path: anything else must never get here.
    if (!isSha256(sha256))
      throw new Refusal("INVALID_FIELD", { field: "sha256", value: sha256, expected: "64 hex digits" });
    return join(directory, sha256.slice(0, 2), sha256.slice(2));
  };
  const notFound = (sha256: string, cause: unknown): Refusal =>
    new Refusal("ARTIFACT_NOT_FOUND", { sha256 }, { cause });
  return {
    async write(sha256, size, bytes) {
      const path = pathOf(sha256);
      const folder = join(directory, sha256.slice(0, 2));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `.${randomUUID()}`);
      try {
        await writeVerified(temporary, sha256, size, bytes);
        await rename(temporary, path);
        await syncFolder(folder);
      } finally {
        await rm(temporary, { force: true });
      }
    },
    async *read(sha256, offset = 0) {
      const path = pathOf(sha256);
      const found = await stat(path).catch((cause: unknown) => {
        throw notFound(sha256, cause);
      });
      if (offset >= found.size) return;
      yield* createReadStream(path, { start: offset, highWaterMark: READ_CHUNK_BYTES }) as AsyncIterable<Buffer>;
    },
    load: (sha256) =>
      readFile(pathOf(sha256)).catch((cause: unknown) => {
        throw notFound(sha256, cause);
      }),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  };
}

async function writeVerified(
  path: string,
  sha256: string,
  size: number,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const hash = createHash("sha256");
  let written = 0;
  await using file = await open(path, "wx", 0o600);
  for await (const chunk of bytes) {
    written += chunk.length;
    if (written > size) throw new Refusal("ARTIFACT_CORRUPT", { sha256 });
    hash.update(chunk);
    // Unlike write, this goes on until all of it is there.
    await file.appendFile(chunk);
  }
  if (written !== size || hash.digest("hex") !== sha256) throw new Refusal("ARTIFACT_CORRUPT", { sha256 });
  await file.sync();
}

/** Without it a power loss could keep the row and lose the name. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
}
