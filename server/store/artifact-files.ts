// Files by content below the state folder: ab/cd.... A name is taken only by a whole, verified file, so a crash leaves at
// most the beginning of one, from which a later try may go on. Which of them count is a row's affair.
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { invalidField, Refusal } from "../../domain/refusal.ts";
import { isSha256 } from "../../domain/view/view.ts";

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

export interface AwaitedFile {
  readonly sha256: string;
  readonly size: number;
  readonly offset?: number;
}

/** Whole and verified, below a temporary name. Disposing one that was not kept removes it. */
export interface ReceivedFile extends AsyncDisposable {
  readonly path: string;
  /** Takes the name. */
  keep(): Promise<void>;
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
  const findBeginning = (sha256: string): Promise<Beginning | undefined> =>
    longestBeginning(join(directory, sha256.slice(0, 2)), sha256.slice(2), busy);
  const files: ArtifactFiles = {
    async write(sha256, size, bytes) {
      await using received = await receive({ sha256, size }, bytes, false);
      await received.keep();
    },
    receive: (file, bytes) => receive(file, bytes, true),
    beginning: async (sha256) => (isSha256(sha256) ? ((await findBeginning(sha256))?.size ?? 0) : 0),
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
  const receive = async (
    file: AwaitedFile,
    bytes: AsyncIterable<Uint8Array>,
    keepBeginning: boolean,
  ): Promise<ReceivedFile> => {
    const { sha256 } = file;
    const path = pathOf(sha256);
    const folder = join(directory, sha256.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const temporary = join(folder, `.${sha256.slice(2)}.${randomUUID()}`);
    busy.add(temporary);
    try {
      if ((file.offset ?? 0) > 0) await takeBeginning(file, await findBeginning(sha256), temporary);
      await writeVerified(temporary, file, bytes);
    } catch (error) {
      if (!keepBeginning || (error instanceof Refusal && !isShort(error))) await rm(temporary, { force: true });
      busy.delete(temporary);
      throw error;
    }
    return {
      path: temporary,
      async keep() {
        await rename(temporary, path);
        await syncFolder(folder);
      },
      async [Symbol.asyncDispose]() {
        await rm(temporary, { force: true });
        busy.delete(temporary);
      },
    };
  };
  return files;
}

function notFound(sha256: string, cause: unknown): Refusal {
  return new Refusal("ARTIFACT_NOT_FOUND", { sha256 }, { cause });
}

/** A stream that breaks off may look like one that ends, so this need not be anybody's fault. */
function isShort(error: Refusal): boolean {
  return error.metadata["missing"] !== undefined;
}

interface Beginning {
  readonly path: string;
  readonly size: number;
}

async function longestBeginning(
  folder: string,
  rest: string,
  busy: ReadonlySet<string>,
): Promise<Beginning | undefined> {
  let longest: Beginning | undefined;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (!name.startsWith(`.${rest}.`) || busy.has(path)) continue;
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    if (size > (longest?.size ?? 0)) longest = { path, size };
  }
  return longest;
}

/** By renaming, so that only one can have it. */
async function takeBeginning(file: AwaitedFile, found: Beginning | undefined, path: string): Promise<void> {
  const offset = file.offset ?? 0;
  if (found === undefined || found.size < offset || offset > file.size)
    throw invalidField("header.offset", String(offset), `at most ${String(found?.size ?? 0)}, which are here`);
  await rename(found.path, path);
}

async function writeVerified(path: string, file: AwaitedFile, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const { sha256, size, offset = 0 } = file;
  const hash = createHash("sha256");
  let written = offset;
  await using handle = await open(path, offset > 0 ? "r+" : "wx", 0o600);
  if (offset > 0) await hashBeginning(handle, path, offset, hash);
  for await (const chunk of bytes) {
    if (written + chunk.length > size) throw new Refusal("ARTIFACT_CORRUPT", { sha256 });
    hash.update(chunk);
    await writeAll(handle, chunk, written);
    written += chunk.length;
  }
  if (written < size) throw new Refusal("ARTIFACT_CORRUPT", { sha256, missing: String(size - written) });
  if (hash.digest("hex") !== sha256) throw new Refusal("ARTIFACT_CORRUPT", { sha256 });
  await handle.sync();
}

async function hashBeginning(handle: FileHandle, path: string, bytes: number, hash: Hash): Promise<void> {
  await handle.truncate(bytes);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    const { bytesWritten } = await handle.write(chunk, at, chunk.length - at, position + at);
    at += bytesWritten;
  }
}

/** Without it a power loss could keep the row and lose the name. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, "r");
  await handle.sync();
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
