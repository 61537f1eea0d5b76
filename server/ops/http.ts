// The operations port: /health/live, /health/ready and /metrics over plain HTTP. Shows no name of any machine.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { splitAddress } from "../../rpc/join-code.ts";
import { joinAddress } from "../addresses.ts";
import { ConfigurationError } from "../config.ts";
import type { Metrics } from "./metrics.ts";

export interface OpsOptions {
  /** HOST:PORT. */
  readonly listen: string;
  readonly metrics: Metrics;
  /** Undefined when ready, else why not. */
  readonly notReady: () => Promise<string | undefined>;
}

export interface OpsServer extends AsyncDisposable {
  /** HOST:PORT with the real port. */
  readonly address: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

export async function openOpsServer(options: OpsOptions): Promise<OpsServer> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 8_192 },
    (request, response) => {
      void respond(request, response, options);
    },
  );
  const port = await listen(server, options.listen);
  return {
    address: joinAddress(splitAddress(options.listen)?.host ?? "127.0.0.1", port),
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, options: OpsOptions): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerTo(request, options);
  } catch (error) {
    answer = { status: 500, text: `failed: ${error instanceof Error ? error.message : String(error)}\n` };
  }
  const contentType = answer.contentType ?? "text/plain; charset=utf-8";
  response.writeHead(answer.status, { "content-type": contentType, "cache-control": "no-store" });
  response.end(request.method === "HEAD" ? undefined : answer.text);
}

async function answerTo(request: IncomingMessage, options: OpsOptions): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, text: "only GET and HEAD\n" };
  }
  switch ((request.url ?? "/").split("?", 1)[0]) {
    case "/health/live":
      return { status: 200, text: "live\n" };
    case "/health/ready": {
      const why = await options.notReady();
      return why === undefined ? { status: 200, text: "ready\n" } : { status: 503, text: `not ready: ${why}\n` };
    }
    case "/metrics": {
      const page = await options.metrics.render();
      return { status: 200, text: page.text, contentType: page.contentType };
    }
    default:
      return { status: 404, text: "there are /health/live, /health/ready and /metrics\n" };
  }
}

function listen(server: Server, address: string): Promise<number> {
  const where = splitAddress(address);
  return new Promise((resolve, reject) => {
    server.once("error", (cause: Error) => {
      reject(
        new ConfigurationError(
          `listening on ops_listen ${address} failed: ${cause.message}; choose another with PACPOOL_OPS_LISTEN`,
          { cause },
        ),
      );
    });
    server.listen(where?.port, where?.host, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}
