// Finds out where each file can be had, without fetching any: a stat per folder, one question to the server for all, a HEAD
// per web server until one has it. Changes nothing.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import { ALONE, type FileSource, type FileSurroundings, signaturePolicyOf } from "./file-source.ts";
import { type Hosts, rememberHosts } from "./hosts.ts";
import { inParallel } from "./in-parallel.ts";
import { requireSignature } from "./inspect-file.ts";
import { listSources } from "./list-sources.ts";
import { asMiss, Miss } from "./miss.ts";

/** Files asked for at once: enough to hide latency, few enough for a home mirror. */
export const PARALLEL_FILES = 5;

export interface LocatedFile {
  readonly item: SyncPackage;
  /** Bytes that have to come over the network; 0 when the file is on the machine. */
  readonly downloadBytes: number;
  /** It has to come over the network, whatever its size. */
  readonly isRemote: boolean;
}

export interface MissingFile {
  readonly item: SyncPackage;
  /** Every place, with what was wrong there. */
  readonly lookedFor: readonly string[];
}

export interface Located {
  readonly found: readonly LocatedFile[];
  readonly missing: readonly MissingFile[];
}

export interface LocateOptions extends FileSurroundings {
  /** After so long web servers are not asked any more. */
  readonly budgetMs?: number;
}

export async function locateFiles(items: readonly SyncPackage[], options: LocateOptions): Promise<Located> {
  const signal = options.signal ?? new AbortController().signal;
  const sources = listSources(items, options, signal);
  const asking: Asking = {
    options,
    hosts: rememberHosts(),
    signal,
    until: options.budgetMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + options.budgetMs,
  };
  return split(await inParallel(PARALLEL_FILES, items, (item) => locate(item, sources(item), asking)));
}

interface Asking {
  readonly options: LocateOptions;
  readonly hosts: Hosts;
  readonly signal: AbortSignal;
  readonly until: number;
}

async function locate(
  item: SyncPackage,
  sources: readonly FileSource[],
  asking: Asking,
): Promise<LocatedFile | MissingFile> {
  const lookedFor: string[] = [];
  for (const source of sources) {
    try {
      await look(item, source, asking);
      return foundAt(item, source);
    } catch (cause) {
      asking.signal.throwIfAborted();
      lookedFor.push(`${source.name}: ${asMiss(cause).message}`);
    }
  }
  return { item, lookedFor };
}

export function foundAt(item: SyncPackage, { isRemote }: Pick<FileSource, "isRemote">): LocatedFile {
  return { item, isRemote, downloadBytes: isRemote ? item.compressedSize : 0 };
}

async function look(item: SyncPackage, source: FileSource, asking: Asking): Promise<void> {
  const { options, hosts, signal, until } = asking;
  if (source.isRemote && Date.now() > until) throw new Miss("broken", "not asked, looking took too long already");
  const policy = signaturePolicyOf(options.configuration, item.repository);
  await onHost(source, hosts, () => source.look(item, policy, signal));
  if (!source.isGiven) return;
  const hasSignature = item.signature !== undefined || (await source.signature(item, signal)) !== undefined;
  const isAllowed = item.sha256 !== undefined && (options.access ?? ALONE).unsignedAllowed.has(item.sha256);
  requireSignature(hasSignature, { policy, isGiven: true, isAllowed });
}

/** Asks a source unless its host failed too often, and remembers how that went. */
export async function onHost<Result>({ host }: FileSource, hosts: Hosts, work: () => Promise<Result>): Promise<Result> {
  if (host === undefined) return work();
  const problem = hosts.problem(host);
  if (problem !== undefined) throw new Miss("broken", problem);
  try {
    const result = await work();
    hosts.worked(host);
    return result;
  } catch (cause) {
    const { fault, message } = asMiss(cause);
    if (fault === "broken" || fault === "slow") hosts.failed(host, message);
    throw cause;
  }
}

export function split(results: readonly (LocatedFile | MissingFile)[]): Located {
  return {
    found: results.filter((result) => "downloadBytes" in result),
    missing: results.filter((result) => "lookedFor" in result),
  };
}
