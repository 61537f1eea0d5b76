// Files by content below the state folder: ab/cd.... A name is taken only by a whole, verified file, so a crash leaves at
// most the beginning of one, from which a later try may go on. Which of them count is a row's affair.
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { invalidField, Refusal } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";
import {
  type AwaitedFile,
  longestBeginning,
  type ReceivedFile,
  type ReceivingPlace,
  receiveFile,
} from "./receive-file.ts";

export interface ArtifactFiles {
  /** Writes, syncs and verifies. Throws Refusal ARTIFACT_CORRUPT when size or digest differ; nothing is kept then. */
  write(sha256: string, size: number, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The same without taking the name yet. `offset` goes on from a beginning that is there. When the bytes end early, or in
   * an error, the beginning stays; of bytes that are whole and wrong nothing does. Throws INVALID_FIELD when there is no
   * such beginning.
   */
  receive(file: AwaitedFile, bytes: AsyncIterable<Uint8Array>): Promise<ReceivedFile>;
  /** Bytes of the longest beginning that nobody is writing to; 0 for none. */
  beginning(sha256: string): Promise<number>;
  /** From an offset on. Throws Refusal ARTIFACT_NOT_FOUND. */
  read(sha256: string, offset?: number): AsyncIterable<Uint8Array>;
  /** The whole file. Throws Refusal ARTIFACT_NOT_FOUND. */
  load(sha256: string): Promise<Buffer>;
  remove(sha256: string): Promise<void>;
  /** Bytes that this process may still write. */
  freeBytes(): Promise<number>;
  /** Removes beginnings that nobody went on with for so long, in one of 256 folders. Gives the digests of whole files there. */
  tidy(folder: number, olderThanMs: number): Promise<readonly string[]>;
}

/** As large as one chunk of a download. */
const READ_CHUNK_BYTES = 256 * 1024;

export function openArtifactFiles(directory: string): ArtifactFiles {
  // Paths that this process writes to: others must not go on from them.
  const busy = new Set<string>();
  const pathOf = (sha256: string): string => {
    // The digest becomes a path: anything else must never get here.
    if (!isSha256(sha256)) throw invalidField("sha256", sha256, "64 hex digits");
    return join(directory, sha256.slice(0, 2), sha256.slice(2));
  };
  const placeOf = (sha256: string): ReceivingPlace => ({
    path: pathOf(sha256),
    folder: join(directory, sha256.slice(0, 2)),
    rest: sha256.slice(2),
    busy,
  });
  return {
    async write(sha256, size, bytes) {
      await using received = await receiveFile(placeOf(sha256), { sha256, size }, bytes);
      await received.keep();
    },
    receive: (file, bytes) => receiveFile(placeOf(file.sha256), { ...file, keepsBeginning: true }, bytes),
    beginning: async (sha256) => (await longestBeginning(placeOf(sha256)))?.size ?? 0,
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
    async freeBytes() {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
    tidy: (folder, olderThanMs) => tidyFolder(directory, folder, olderThanMs, busy),
  };
}

function notFound(sha256: string, cause: unknown): Refusal {
  return new Refusal("ARTIFACT_NOT_FOUND", { sha256 }, { cause });
}

async function tidyFolder(
  directory: string,
  folder: number,
  olderThanMs: number,
  busy: ReadonlySet<string>,
): Promise<readonly string[]> {
  const prefix = folder.toString(16).padStart(2, "0");
  const whole: string[] = [];
  for (const name of await readdir(join(directory, prefix)).catch(() => [])) {
    const path = join(directory, prefix, name);
    if (!name.startsWith(".")) {
      whole.push(prefix + name);
      continue;
    }
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Number.POSITIVE_INFINITY);
    if (!busy.has(path) && age > olderThanMs) await rm(path, { force: true });
  }
  return whole.filter(isSha256);
}
