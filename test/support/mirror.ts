// A web server over a repository's folder, with the moods of real mirrors: it lacks files, sends pages, halves and other
// files, stalls, crawls, and does or does not know ranges.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

export type Mood =
  | { readonly kind: "good" }
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly status: number }
  /** 200 with an HTML page. */
  | { readonly kind: "page" }
  /** The right length, other bytes. */
  | { readonly kind: "garbage" }
  /** The connection ends after so many bytes, every time it is asked. */
  | { readonly kind: "half"; readonly bytes: number }
  /** So many bytes, then silence. */
  | { readonly kind: "stall"; readonly bytes: number }
  /** So many bytes every 50 ms. */
  | { readonly kind: "crawl"; readonly bytes: number }
  /** Takes the request and never answers. */
  | { readonly kind: "silent" };

export interface MirrorOptions {
  readonly directory: string;
  readonly mood?: Mood;
  /** Answers 206 to ranges; true by default. */
  readonly knowsRanges?: boolean;
  /** Answers HEAD with 403. */
  readonly forbidsHead?: boolean;
}

export interface Mirror extends AsyncDisposable {
  /** As written into pacman.conf. */
  readonly url: string;
  /** "GET NAME" or "GET NAME FROM-", in order. */
  readonly asked: string[];
  /** Of every request, empty for none. */
  readonly authorizations: string[];
  mood: Mood;
  /** By the file's name; before the general mood. */
  readonly moods: Map<string, Mood>;
}

const GOOD: Mood = { kind: "good" };

export async function openMirror({
  directory,
  mood = GOOD,
  knowsRanges = true,
  forbidsHead = false,
}: MirrorOptions): Promise<Mirror> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const moods = new Map<string, Mood>();
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "").split("/").at(-1) ?? "");
    authorizations.push(request.headers.authorization ?? "");
    const start = knowsRanges ? startOf(request) : 0;
    asked.push(
      `${request.method ?? ""} ${name}${request.headers.range === undefined ? "" : ` ${request.headers.range.slice("bytes=".length)}`}`,
    );
    if (forbidsHead && request.method === "HEAD") {
      response.writeHead(403).end();
      return;
    }
    answer(request, response, { file: join(directory, name), start, mood: moods.get(name) ?? mirror.mood });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const mirror: Mirror = {
    url: `http://127.0.0.1:${port}/repo`,
    asked,
    authorizations,
    mood,
    moods,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  return mirror;
}

interface Question {
  readonly file: string;
  readonly start: number;
  readonly mood: Mood;
}

function startOf({ headers }: IncomingMessage): number {
  return Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);
}

function answer(request: IncomingMessage, response: ServerResponse, { file, start, mood }: Question): void {
  if (mood.kind === "silent") return;
  if (mood.kind === "broken") {
    response.writeHead(mood.status).end();
    return;
  }
  if (mood.kind === "page") {
    response.writeHead(200, { "content-type": "text/html" }).end("<html>Please log in to this network</html>");
    return;
  }
  const whole = mood.kind === "missing" ? undefined : contentOf(file, mood);
  if (whole === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (start > 0 && start >= whole.length) {
    response.writeHead(416).end();
    return;
  }
  const bytes = whole.subarray(start);
  const range = start > 0 ? { "content-range": `bytes ${start}-${whole.length - 1}/${whole.length}` } : undefined;
  response.writeHead(range === undefined ? 200 : 206, { "content-length": bytes.length, ...range });
  if (request.method === "HEAD") response.end();
  else send(response, bytes, mood);
}

function contentOf(file: string, mood: Mood): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return mood.kind === "garbage" ? Buffer.alloc(bytes.length, "x") : bytes;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, bytes: Buffer, mood: Mood): void {
  switch (mood.kind) {
    case "half":
      response.write(bytes.subarray(0, mood.bytes), () => {
        // What was written must leave before the connection ends.
        setTimeout(() => response.destroy(), 20);
      });
      return;
    case "stall":
      response.write(bytes.subarray(0, mood.bytes));
      return;
    case "crawl": {
      let at = 0;
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, at + mood.bytes));
        at += mood.bytes;
        if (at >= bytes.length) response.end();
      }, 50);
      response.on("close", () => clearInterval(timer));
      return;
    }
    default:
      response.end(bytes);
  }
}
