// One file over HTTP from somebody who may be slow, wrong or gone. It knows no rows and keeps nothing.

/** How long a source may keep us waiting. */
export interface Patience {
  /** Until headers are there, redirects included. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly stallMs: number;
  /** On average over the whole body, once the stall time is over. */
  readonly bytesPerSecond: number;
}

/** Slower than a bad mobile connection is as good as never: other sources are waiting. */
export const USUAL_PATIENCE: Patience = { headersMs: 15_000, stallMs: 20_000, bytesPerSecond: 16 * 1024 };

export type HttpAnswer =
  | { readonly kind: "absent" }
  | {
      readonly kind: "body";
      /** Where its bytes begin: what was asked for, or 0. */
      readonly offset: number;
      readonly bytes: AsyncIterable<Uint8Array>;
    };

export interface HttpQuestion {
  readonly url: string;
  readonly offset: number;
  /** The body ends with an error beyond that. */
  readonly maxBytes: number;
  /** The file has exactly that many: a source that announces another length has another file. */
  readonly isExact?: boolean;
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

/** Rejects, here or while the body is read, when the source is unreachable, slow, too long or answers with an error. */
export async function askHttp(question: HttpQuestion): Promise<HttpAnswer> {
  const { url, offset, signal, patience } = question;
  const slow = new AbortController();
  const timer = setTimeout(() => {
    slow.abort(new Error(`${originOf(url)} did not answer within ${String(patience.headersMs / 1_000)} seconds`));
  }, patience.headersMs);
  const headers = { "accept-encoding": "identity", ...(offset > 0 ? { range: `bytes=${String(offset)}-` } : {}) };
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.any([signal, slow.signal]) });
    if (response.status === 404 || response.status === 410) {
      await response.body?.cancel();
      return { kind: "absent" };
    }
    const isRest = response.status === 206 && startOf(response) === offset;
    if ((response.status !== 200 && !isRest) || response.body === null) {
      await response.body?.cancel();
      throw new Error(`${originOf(url)} answered with status ${String(response.status)}`);
    }
    const length = response.headers.get("content-length");
    const expected = question.maxBytes - (isRest ? offset : 0);
    if (question.isExact === true && length !== null && Number(length) !== expected) {
      await response.body.cancel();
      throw new Error(`${originOf(url)} has ${length} bytes instead of ${String(expected)}`);
    }
    return { kind: "body", offset: isRest ? offset : 0, bytes: patiently(response.body, slow, question) };
  } finally {
    clearTimeout(timer);
  }
}

/** What names a source in logs: no path, no credentials. */
export function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "a source";
}

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
}

async function* patiently(
  body: ReadableStream<Uint8Array>,
  slow: AbortController,
  { url, maxBytes, patience }: HttpQuestion,
): AsyncGenerator<Uint8Array> {
  const startedMs = performance.now();
  const tooSlow = new Error(`${originOf(url)} is too slow`);
  const timer = setTimeout(() => {
    slow.abort(tooSlow);
  }, patience.stallMs);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      timer.refresh();
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error(`${originOf(url)} sent more than ${String(maxBytes)} bytes`);
      const elapsedMs = performance.now() - startedMs;
      if (elapsedMs > patience.stallMs && bytes < (elapsedMs / 1_000) * patience.bytesPerSecond) throw tooSlow;
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
  }
}
