// Brings every file of a plan into one folder, verified: several at once, resumed, from the first source that gives it. A
// source that fails costs only itself. Changes nothing on the machine but that folder.
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import {
  ALONE,
  type Brought,
  type FileSource,
  type FileSurroundings,
  signaturePolicyOf,
  type Transfer,
} from "./file-source.ts";
import { folderSource } from "./folder-source.ts";
import { type Hosts, rememberHosts } from "./hosts.ts";
import { inParallel } from "./in-parallel.ts";
import { inspectFile, placeSignature, requireSignature, type SignatureRules } from "./inspect-file.ts";
import { listSources } from "./list-sources.ts";
import {
  foundAt,
  type Located,
  type LocatedFile,
  type MissingFile,
  onHost,
  PARALLEL_FILES,
  split,
} from "./locate-files.ts";
import { asMiss, isOwnDisk, type Miss } from "./miss.ts";
import { sha256OfFile, TRANSFER_LIMITS } from "./transfer.ts";

/** Over a line that breaks all the time, each goes on where the one before ended. */
const ROUNDS = 5;

/** Chunks come by the thousand; nobody sees more than that. */
const TELL_EVERY_MS = 100;

export interface FetchProgress {
  /** Of files that are done, and of those that are coming. */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

export interface FetchOptions extends FileSurroundings {
  readonly onProgress?: (progress: FetchProgress) => void;
  /** A file is there and verified. */
  readonly onFile?: (item: SyncPackage, file: string) => void | Promise<void>;
}

interface Fetching {
  readonly directory: string;
  readonly options: FetchOptions;
  readonly hosts: Hosts;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** Rejects when the signal is aborted and when this machine's disk does not take the files. The folder is made when missing. What is there already is verified and stays. */
export async function fetchFiles(
  items: readonly SyncPackage[],
  directory: string,
  options: FetchOptions,
): Promise<Located> {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const signal = options.signal ?? new AbortController().signal;
  const sources = listSources(items, options, signal);
  const progress = followProgress(items, options.onProgress);
  const fetching: Fetching = { directory, options, hosts: rememberHosts(), signal, progress };
  const results = await inParallel(PARALLEL_FILES, items, async (item) => {
    const result = await fetchFile(item, sources(item), fetching);
    progress.finished(item);
    if ("downloadBytes" in result) await options.onFile?.(item, join(directory, item.filename));
    return result;
  });
  return split(results);
}

async function fetchFile(
  item: SyncPackage,
  sources: readonly FileSource[],
  fetching: Fetching,
): Promise<LocatedFile | MissingFile> {
  if (await isThere(item, fetching)) return foundAt(item, { isRemote: false });
  adoptPart(item, fetching);
  const misses = new Map<FileSource, Miss>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const source of sources) {
      if (round > 0 && !hasMore(misses.get(source))) continue;
      try {
        // Nobody is quick: whoever was only slow gets as long as it takes.
        await onHost(source, fetching.hosts, () => take(item, source, round === 0, fetching));
        return foundAt(item, source);
      } catch (cause) {
        fetching.signal.throwIfAborted();
        if (isOwnDisk(cause)) throw cause;
        misses.set(source, asMiss(cause));
      }
    }
  }
  return { item, lookedFor: [...misses].map(([{ name }, { message }]) => `${name}: ${message}`) };
}

/** More of the file may come of a source that gave a part of it. */
function hasMore(miss: Miss | undefined): boolean {
  return miss?.fault === "slow" || miss?.fault === "cut";
}

/** Moves the beginning of a file to where it goes on. Only where the SHA-256 is known: it may be of another one. */
function adoptPart(item: SyncPackage, { directory, options: { earlierDirs = [] } }: Fetching): void {
  const part = join(directory, `${item.filename}.part`);
  if (item.sha256 === undefined || existsSync(part)) return;
  const earlier = earlierDirs.map((folder) => join(folder, `${item.filename}.part`)).find((file) => existsSync(file));
  if (earlier !== undefined) renameSync(earlier, part);
}

/** An earlier attempt may have brought it. */
async function isThere(item: SyncPackage, { directory, options, signal }: Fetching): Promise<boolean> {
  const file = join(directory, item.filename);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return false;
  try {
    await inspectFile(file, { size: found.size, sha256: await sha256OfFile(file) }, item);
    const policy = signaturePolicyOf(options.configuration, item.repository);
    await folderSource(directory).look(item, policy, signal);
    return true;
  } catch {
    rmSync(file, { force: true });
    return false;
  }
}

async function take(item: SyncPackage, source: FileSource, hasFloor: boolean, fetching: Fetching): Promise<void> {
  const { directory, options, signal, progress } = fetching;
  const target = join(directory, item.filename);
  const limits = options.limits ?? TRANSFER_LIMITS;
  const onBytes = (bytes: number): void => progress.came(item, bytes);
  const transfer: Transfer = { target, limits, hasFloor, signal, onBytes };
  let brought = await source.bring(item, transfer);
  try {
    await inspectFile(brought.staged, brought, item);
  } catch (cause) {
    // Ours: a link or copy in our own folder, never the file that it came from.
    rmSync(brought.staged, { force: true });
    if (!brought.isResumed) throw cause;
    // The beginning was another source's, and it may have been what was wrong.
    brought = await bringAnew(item, source, transfer);
  }
  await sign(item, source, brought, fetching);
  renameSync(brought.staged, target);
}

async function bringAnew(item: SyncPackage, source: FileSource, transfer: Transfer): Promise<Brought> {
  const brought = await source.bring(item, transfer);
  try {
    await inspectFile(brought.staged, brought, item);
  } catch (cause) {
    rmSync(brought.staged, { force: true });
    throw cause;
  }
  return brought;
}

/** Puts the signature where pacman will look for it, before the file itself gets its name. */
async function sign(
  item: SyncPackage,
  source: FileSource,
  { staged, sha256 }: Brought,
  { directory, options, signal }: Fetching,
): Promise<void> {
  const rules: SignatureRules = {
    policy: signaturePolicyOf(options.configuration, item.repository),
    isGiven: source.isGiven,
    isAllowed: (options.access ?? ALONE).unsignedAllowed.has(sha256),
  };
  try {
    const known = item.signature === undefined ? undefined : Buffer.from(item.signature, "base64");
    const isAsked = known === undefined && (rules.policy !== "never" || !source.isRemote || source.isGiven);
    const signature = isAsked ? await source.signature(item, signal) : known;
    requireSignature(signature !== undefined, rules);
    placeSignature(join(directory, item.filename), signature);
  } catch (cause) {
    rmSync(staged, { force: true });
    throw cause;
  }
}

interface Progress {
  readonly came: (item: SyncPackage, bytes: number) => void;
  readonly finished: (item: SyncPackage) => void;
}

/** What comes twice (a source that broke off, another that began anew) counts once: no file has more than its size. */
function followProgress(items: readonly SyncPackage[], tell: FetchOptions["onProgress"]): Progress {
  const coming = new Map<SyncPackage, number>();
  const totalBytes = items.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  let doneBytes = 0;
  let files = 0;
  let toldMs = 0;
  const report = (): void => {
    const bytes = [...coming].reduce((sum, [item, came]) => sum + Math.min(came, item.compressedSize), doneBytes);
    tell?.({ bytes, totalBytes, files, totalFiles: items.length });
  };
  return {
    came: (item, bytes) => {
      coming.set(item, (coming.get(item) ?? 0) + bytes);
      if (performance.now() - toldMs < TELL_EVERY_MS) return;
      toldMs = performance.now();
      report();
    },
    finished: (item) => {
      coming.delete(item);
      doneBytes += item.compressedSize;
      files++;
      report();
    },
  };
}
