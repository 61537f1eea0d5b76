// Package files: where one can be had (kept files, the machine's caches, its repositories' servers), and getting all of
// a plan into one folder, checked. Changes nothing on the machine but that folder.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  createReadStream,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { PacmanConfiguration, SignaturePolicy } from "./configuration.ts";

/** Files asked for at once: enough to hide latency, few enough for a home mirror. */
const parallelFiles = 5;
/** A server that does not answer a question about one file. */
const headTimeoutMs = 10_000;
/** A whole file; 1 GiB over 5 Mbit/s takes half an hour. */
const downloadTimeoutMs = 45 * 60_000;
/** The largest package in Arch has 3 GiB; a server that sends more than this is broken. */
const fileLimitBytes = 8 * 1024 ** 3;
/** OpenPGP signatures have 119 to 600 bytes. */
const signatureLimitBytes = 64 * 1024;

/** A place to look: a folder, or the URL of a server's folder. */
export type FileSource =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "server"; readonly url: string };

export interface LocatedFile {
  readonly item: SyncPackage;
  readonly source: FileSource;
  /** Bytes that have to come over the network; 0 when the file is on the machine. */
  readonly downloadBytes: number;
}

export interface MissingFile {
  readonly item: SyncPackage;
  /** Every place, with what was wrong there. */
  readonly lookedFor: readonly string[];
}

export interface FileSurroundings {
  readonly configuration: PacmanConfiguration;
  /** Folders of files that pacpool kept, looked at first. */
  readonly keptDirs: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Located {
  readonly found: readonly LocatedFile[];
  readonly missing: readonly MissingFile[];
}

/** Finds out where each file can be had, without fetching any: a stat per folder, a HEAD per server until one has it. */
export async function locateFiles(items: readonly SyncPackage[], surroundings: FileSurroundings): Promise<Located> {
  const results = await inParallel(items, (item) => locateFile(item, surroundings));
  return {
    found: results.filter((result) => "source" in result),
    missing: results.filter((result) => "lookedFor" in result),
  };
}

/** The places for one package, nearest first. */
export function sourcesOf(item: SyncPackage, { configuration, keptDirs }: FileSurroundings): readonly FileSource[] {
  const servers = configuration.repositories.find(({ name }) => name === item.repository)?.servers ?? [];
  return [
    ...[...keptDirs, ...configuration.cacheDirs].map((path) => ({ kind: "folder", path }) as const),
    ...servers.map(
      (url): FileSource =>
        url.startsWith("file://") ? { kind: "folder", path: fileURLToPath(url) } : { kind: "server", url },
    ),
  ];
}

/** What a repository of the machine demands; one that it does not have demands what [options] says. */
export function signaturePolicyOf(configuration: PacmanConfiguration, repository: string): SignaturePolicy {
  return configuration.repositories.find(({ name }) => name === repository)?.signatures ?? configuration.signatures;
}

async function locateFile(item: SyncPackage, surroundings: FileSurroundings): Promise<LocatedFile | MissingFile> {
  const lookedFor: string[] = [];
  for (const source of sourcesOf(item, surroundings)) {
    const problem = await problemAt(item, source, surroundings);
    if (problem === undefined) {
      return { item, source, downloadBytes: source.kind === "server" ? item.compressedSize : 0 };
    }
    lookedFor.push(`${nameOf(source)}: ${problem}`);
  }
  return { item, lookedFor };
}

function nameOf(source: FileSource): string {
  return source.kind === "folder" ? source.path : source.url;
}

async function problemAt(
  item: SyncPackage,
  source: FileSource,
  surroundings: FileSurroundings,
): Promise<string | undefined> {
  const needsSignature =
    item.signature === undefined && signaturePolicyOf(surroundings.configuration, item.repository) === "required";
  if (source.kind === "folder") {
    const file = join(source.path, item.filename);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found === undefined) return "not there";
    if (item.compressedSize > 0 && found.size !== item.compressedSize) {
      return `${found.size} bytes instead of ${item.compressedSize}`;
    }
    const isSigned = statSync(`${file}.sig`, { throwIfNoEntry: false }) !== undefined;
    return needsSignature && !isSigned ? "its signature is not there" : undefined;
  }
  const url = `${source.url}/${encodeURIComponent(item.filename)}`;
  return (
    (await headProblem(url, surroundings.signal)) ??
    (needsSignature ? headProblem(`${url}.sig`, surroundings.signal) : undefined)
  );
}

async function headProblem(url: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    const response = await fetch(url, { method: "HEAD", signal: withLimit(headTimeoutMs, signal) });
    return response.ok ? undefined : `HTTP ${response.status}`;
  } catch (cause) {
    signal?.throwIfAborted();
    return reasonOf(cause);
  }
}

/** Brings every file into `directory` (made when missing), each checked by size and SHA-256, with its signature beside it. */
export async function fetchFiles(
  items: readonly SyncPackage[],
  directory: string,
  surroundings: FileSurroundings & { readonly onFile?: (item: SyncPackage) => void },
): Promise<Located> {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const results = await inParallel(items, async (item) => {
    const result = await fetchFile(item, directory, surroundings);
    surroundings.onFile?.(item);
    return result;
  });
  return {
    found: results.filter((result) => "source" in result),
    missing: results.filter((result) => "lookedFor" in result),
  };
}

async function fetchFile(
  item: SyncPackage,
  directory: string,
  surroundings: FileSurroundings,
): Promise<LocatedFile | MissingFile> {
  const lookedFor: string[] = [];
  // An earlier attempt of the same operation may have it.
  const sources = [{ kind: "folder", path: directory } as const, ...sourcesOf(item, surroundings)];
  for (const source of sources) {
    try {
      await fetchFrom(source, item, directory, surroundings);
      return { item, source, downloadBytes: source.kind === "server" ? item.compressedSize : 0 };
    } catch (cause) {
      surroundings.signal?.throwIfAborted();
      if (nameOf(source) !== directory) lookedFor.push(`${nameOf(source)}: ${reasonOf(cause)}`);
    }
  }
  return { item, lookedFor };
}

async function fetchFrom(
  source: FileSource,
  item: SyncPackage,
  directory: string,
  surroundings: FileSurroundings,
): Promise<void> {
  const target = join(directory, item.filename);
  const policy = signaturePolicyOf(surroundings.configuration, item.repository);
  await take(
    source,
    item.filename,
    target,
    item.compressedSize > 0 ? item.compressedSize : fileLimitBytes,
    surroundings.signal,
  );
  try {
    const { size, sha256 } = await digestOf(target);
    if (item.compressedSize > 0 && size !== item.compressedSize)
      throw new Error(`${size} bytes instead of ${item.compressedSize}`);
    if (item.sha256 !== undefined && sha256 !== item.sha256)
      throw new Error(`its SHA-256 is ${sha256} instead of ${item.sha256}`);
    if (policy === "never") return;
    if (item.signature !== undefined) writeFileSync(`${target}.sig`, Buffer.from(item.signature, "base64"));
    else await takeSignature(source, item, target, policy, surroundings.signal);
  } catch (cause) {
    // Ours: a link or copy in our own folder, never the file that it came from.
    rmSync(target, { force: true });
    throw cause;
  }
}

async function takeSignature(
  source: FileSource,
  item: SyncPackage,
  target: string,
  policy: SignaturePolicy,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await take(source, `${item.filename}.sig`, `${target}.sig`, signatureLimitBytes, signal);
  } catch (cause) {
    if (policy === "required") throw new Error(`its signature: ${reasonOf(cause)}`, { cause });
  }
}

async function take(
  source: FileSource,
  name: string,
  target: string,
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (source.kind === "server") {
    await download(`${source.url}/${encodeURIComponent(name)}`, target, limitBytes, signal);
    return;
  }
  const file = join(source.path, name);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new Error("not there");
  if (file === target) return;
  rmSync(target, { force: true });
  try {
    linkSync(file, target);
  } catch {
    copyFileSync(file, target);
  }
}

async function download(
  url: string,
  target: string,
  limitBytes: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const response = await fetch(url, { signal: withLimit(downloadTimeoutMs, signal) });
  if (!response.ok || response.body == null) throw new Error(`HTTP ${response.status}`);
  const partial = `${target}.part`;
  const file = await open(partial, "w", 0o644);
  try {
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new Error(`more than ${limitBytes} bytes`);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  renameSync(partial, target);
}

async function digestOf(file: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return { size: statSync(file).size, sha256: hash.digest("hex") };
}

function withLimit(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error && cause.message === "fetch failed" ? cause.cause.message : cause.message;
}

async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: parallelFiles }, worker));
  return results;
}
