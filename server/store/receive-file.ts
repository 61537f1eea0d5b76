// Bytes of one file, from a stream to a verified file below a temporary name. What broke off stays as a beginning, by a name
// from which it can be found again.
import { createHash, type Hash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { invalidField, Refusal } from "../../domain/refusal.ts";

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

/** Where the file will lie. */
export interface ReceivingPlace {
  readonly path: string;
  readonly folder: string;
  /** The digest without the part that is the folder's name. */
  readonly rest: string;
  /** Paths that this process writes to: others must not go on from them. */
  readonly busy: Set<string>;
}

/** Throws Refusal ARTIFACT_CORRUPT, or INVALID_FIELD when there is no beginning of that length. */
export async function receiveFile(
  place: ReceivingPlace,
  file: AwaitedFile & { readonly keepsBeginning?: boolean },
  bytes: AsyncIterable<Uint8Array>,
): Promise<ReceivedFile> {
  const { path, folder, rest, busy } = place;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${rest}.${randomUUID()}`);
  busy.add(temporary);
  try {
    if ((file.offset ?? 0) > 0) await takeBeginning(file, await longestBeginning(place), temporary);
    await writeVerified(temporary, file, bytes);
  } catch (error) {
    const isWrong = error instanceof Refusal && !isShort(error);
    if (file.keepsBeginning !== true || isWrong) await rm(temporary, { force: true });
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
}

/** A stream that breaks off may look like one that ends, so this need not be anybody's fault. */
function isShort(error: Refusal): boolean {
  return error.metadata["missing"] !== undefined;
}

interface Beginning {
  readonly path: string;
  readonly size: number;
}

/** Undefined when there is none that nobody writes to. */
export async function longestBeginning({ folder, rest, busy }: ReceivingPlace): Promise<Beginning | undefined> {
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
