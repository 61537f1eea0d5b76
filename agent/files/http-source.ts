// Package files from a web server: a repository's mirror, or an archive. Resumes with Range; what is obviously not the file
// (an error page, another length) is refused before a byte of it is stored. Must not know whose server it is.
import type { SyncPackage } from "../../domain/view/read-sync-database.ts";
import type { FileSource } from "./file-source.ts";
import { isSignature, SIGNATURE_LIMIT_BYTES, sizeProblem } from "./inspect-file.ts";
import { Miss } from "./miss.ts";
import { type Incoming, receive } from "./transfer.ts";

/** A server that does not answer a small question. */
const SMALL_TIMEOUT_MS = 10_000;

/** Compressed on the way, lengths and ranges would be those of another file. */
const HEADERS = { "accept-encoding": "identity", "user-agent": "pacpool" };

export interface HttpPlace {
  /** For refusals. */
  readonly name: string;
  /** Default: the one of the name, which is a URL then. */
  readonly host?: string;
  readonly url: (item: SyncPackage) => string;
  /** Besides our own. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function httpSource({ name, host, url, headers: own }: HttpPlace): FileSource {
  const headers = { ...HEADERS, ...own };
  return {
    name,
    host: host ?? URL.parse(name)?.host ?? name,
    isGiven: false,
    isRemote: true,
    async look(item, policy, signal) {
      const head = await askWhether(url(item), headers, signal);
      const problem = head.status === 206 ? undefined : lengthProblem(head, item, 0);
      if (problem !== undefined) throw new Miss("broken", problem);
      if (policy !== "required" || item.signature !== undefined) return;
      await askWhether(`${url(item)}.sig`, headers, signal).catch((cause: unknown) => {
        throw cause instanceof Miss ? new Miss(cause.fault, `its signature: ${cause.message}`) : cause;
      });
    },
    async bring(item, { target, limits, hasFloor, signal, onBytes }) {
      const staged = `${target}.part`;
      const received = await receive((offset, limit) => open({ url: url(item), headers, item }, offset, limit), {
        part: staged,
        size: item.compressedSize,
        isResumable: item.sha256 !== undefined,
        limits,
        hasFloor,
        signal,
        onBytes,
      });
      return { staged, ...received };
    },
    signature: (item, signal) => fetchSignature(`${url(item)}.sig`, headers, signal),
  };
}

interface Wanted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly item: SyncPackage;
}

/** A file from an offset on, or whole from a server that does not know ranges. */
async function open(wanted: Wanted, offset: number, signal: AbortSignal): Promise<Incoming> {
  const { url, headers, item } = wanted;
  const range = offset > 0 ? { range: `bytes=${offset}-` } : undefined;
  const response = await fetch(url, { headers: { ...headers, ...range }, signal });
  const start = response.status === 206 ? rangeStart(response) : 0;
  try {
    if (!response.ok) throw statusMiss(response);
    const problem = lengthProblem(response, item, start ?? 0);
    if (problem !== undefined) throw new Miss("broken", problem);
    if (response.body === null || (response.status === 206 && start !== offset)) {
      throw new Miss("broken", "its answer to a range is not what was asked for");
    }
    return { offset: start ?? 0, chunks: response.body };
  } catch (cause) {
    await response.body?.cancel();
    // What is there already is longer than the server's file, or it does not like ranges.
    if (response.status === 416 && offset > 0) return open(wanted, 0, signal);
    throw cause;
  }
}

/** Of "bytes 100-199/200"; undefined when it is not that. */
function rangeStart(response: Response): number | undefined {
  const [, start] = /^bytes (\d+)-\d+\/(?:\d+|\*)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  return start === undefined ? undefined : Number(start);
}

function statusMiss({ status }: Response): Miss {
  return new Miss(status === 404 || status === 410 ? "absent" : "broken", `HTTP ${status}`);
}

/** Before anything is stored: the whole file has another length, or what comes is a page for people. */
function lengthProblem({ headers }: Response, item: SyncPackage, start: number): string | undefined {
  const length = headers.get("content-length");
  const wrongSize = length === null ? undefined : sizeProblem(start + Number(length), item);
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  return isPage ? "an HTML page instead of the file" : wrongSize;
}

/** Servers behind signed URLs forbid HEAD, and some do not know it: these are asked for the first byte. */
async function askWhether(url: string, headers: Question["headers"], signal: AbortSignal): Promise<Response> {
  try {
    return await ask(url, { method: "HEAD", headers }, signal);
  } catch (cause) {
    if (!(cause instanceof Miss) || !/^HTTP (?:403|405|501)$/.test(cause.message)) throw cause;
    const response = await ask(url, { method: "GET", headers: { ...headers, range: "bytes=0-0" } }, signal);
    await response.body?.cancel();
    return response;
  }
}

interface Question {
  readonly method: "HEAD" | "GET";
  readonly headers: Readonly<Record<string, string>>;
}

async function ask(url: string, question: Question, signal: AbortSignal): Promise<Response> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SMALL_TIMEOUT_MS)]);
  try {
    const response = await fetch(url, { ...question, signal: limit });
    if (response.ok) return response;
    await response.body?.cancel();
    throw statusMiss(response);
  } catch (cause) {
    signal.throwIfAborted();
    throw limit.aborted ? new Miss("broken", `no answer within ${SMALL_TIMEOUT_MS / 1000} s`, { cause }) : cause;
  }
}

async function fetchSignature(
  url: string,
  headers: Question["headers"],
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const response = await ask(url, { method: "GET", headers }, signal);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > SIGNATURE_LIMIT_BYTES) return undefined;
      chunks.push(chunk);
    }
    const signature = Buffer.concat(chunks);
    return isSignature(signature) ? signature : undefined;
  } catch (cause) {
    if (cause instanceof Miss && cause.fault === "absent") return undefined;
    throw cause;
  }
}
