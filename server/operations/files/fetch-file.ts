// Brings one file from the first URL that has it whole and signed. A source that fails costs only itself.
import type { LackWhy } from "../../../domain/files/target-reach.ts";
import { MAX_SIGNATURE_BYTES } from "../../../domain/limits.ts";
import { Refusal, type RefusalReason } from "../../../domain/refusal.ts";
import type { Store } from "../../store/store.ts";
import { askHttp, originOf, type Patience } from "./http-source.ts";
import type { SourceHealth } from "./mirrors.ts";
import { storePackage } from "./store-package.ts";
import type { TargetFile } from "./target-files.ts";

export interface Fetching {
  readonly store: Store;
  readonly unsignedAllowed: ReadonlySet<string>;
  readonly patience: Patience;
  readonly health: SourceHealth;
  readonly signal: AbortSignal;
  /** What went wrong with a source, without its path. */
  readonly onSourceFailed: (origin: string, error: unknown) => void;
}

/** "kept" when it is here now, else why not. Rejects only for our own faults. */
export async function fetchFile(
  fetching: Fetching,
  file: TargetFile,
  urls: readonly string[],
): Promise<"kept" | LackWhy> {
  let why: LackWhy = "nowhere";
  for (const url of urls) {
    const origin = originOf(url);
    if (!fetching.health.isGood(origin)) continue;
    fetching.signal.throwIfAborted();
    try {
      const outcome = await fetchFrom(fetching, file, url);
      if (outcome === "kept" || outcome === "no-space") return outcome;
      if (outcome === "unsigned") why = outcome;
    } catch (error) {
      fetching.signal.throwIfAborted();
      if (isOurs(error)) throw error;
      fetching.health.failed(origin);
      fetching.onSourceFailed(origin, error);
    }
  }
  return why;
}

async function fetchFrom(fetching: Fetching, file: TargetFile, url: string): Promise<"kept" | LackWhy> {
  const { store, unsignedAllowed, patience, signal } = fetching;
  const { sha256, size, filename } = file;
  const signature = file.signature === "" ? await fetchSignature(fetching, url) : NONE;
  if (signature === undefined && !unsignedAllowed.has(sha256)) return "unsigned";
  const download = async (from: number): Promise<"kept" | LackWhy> => {
    const answer = await askHttp({ url, offset: from, maxBytes: size, isExact: true, signal, patience });
    if (answer.kind === "absent") return "nowhere";
    const header = { sha256, size, filename, signature: signature ?? NONE, offset: answer.offset };
    await storePackage(store, unsignedAllowed, header, answer.bytes);
    return "kept";
  };
  const offset = Math.min(await store.artifacts.beginning(sha256), size);
  try {
    return await download(offset).catch((error: unknown) => {
      // The beginning was another source's, and may have been what is wrong; it is gone now.
      if (offset > 0 && isRefused(error, "ARTIFACT_CORRUPT")) return download(0);
      throw error;
    });
  } catch (error) {
    if (isRefused(error, "ARTIFACT_UNSIGNED")) return "unsigned";
    if (isRefused(error, "TOO_LARGE")) return "no-space";
    throw error;
  }
}

function isRefused(error: unknown, reason: RefusalReason): boolean {
  return error instanceof Refusal && error.reason === reason;
}

const NONE = Buffer.alloc(0);

/** What lies beside the file; undefined when nothing does. */
async function fetchSignature({ patience, signal }: Fetching, url: string): Promise<Buffer | undefined> {
  const answer = await askHttp({ url: `${url}.sig`, offset: 0, maxBytes: MAX_SIGNATURE_BYTES, signal, patience });
  if (answer.kind === "absent") return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The database away, the disk broken: another source would fail the same way. */
function isOurs(error: unknown): boolean {
  if (error instanceof Refusal) return error.reason === "DATABASE_UNAVAILABLE";
  return error instanceof Error && "code" in error && OUR_CODES.has(String(error.code));
}

const OUR_CODES: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES", "EMFILE"]);
