// The gRPC listener: limits, keepalive, TLS, and a stop that is bounded. Knows no service.
import { Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { Implementation } from "../rpc/handlers.ts";
import { splitAddress } from "../rpc/join-code.ts";
import { joinAddress } from "./addresses.ts";
import type { Authority } from "./authority/authority.ts";
import { ConfigurationError } from "./config.ts";

/** Reports travel in chunks far below this. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** How long calls that answer once may go on after a stop began. */
const STOP_MS = 3_000;

const OPTIONS: ServerOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  // A machine that went to sleep leaves a half-open connection: found within 40 seconds, streams or not.
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // Left on: without it forceShutdown leaves sessions open.
  "grpc.enable_channelz": 1,
};

export interface Listener {
  /** HOST:PORT with the real port. */
  readonly address: string;
  readonly port: number;
  /** New calls are refused, running ones get a bounded time, then every connection is closed. */
  readonly stop: () => Promise<void>;
}

export function makeServer(implementations: readonly Implementation[]): Server {
  const server = new Server(OPTIONS);
  for (const { definition, implementation } of implementations) {
    server.addService(definition, implementation);
  }
  return server;
}

export async function listen(server: Server, address: string, authority: Authority): Promise<Listener> {
  const credentials = ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(authority.chain), private_key: Buffer.from(authority.key) },
  ]);
  const port = await bind(server, address, credentials);
  return { address: joinAddress(splitAddress(address)?.host ?? "127.0.0.1", port), port, stop: () => stop(server) };
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (cause, port) => {
      if (cause === null) {
        resolve(port);
      } else {
        reject(
          new ConfigurationError(
            `listening on ${address} failed: ${cause.message}; is another server running, or choose another address with PACPOOL_LISTEN`,
            { cause },
          ),
        );
      }
    });
  });
}

async function stop(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  // It waits for open streams without limit, so the timer decides.
  server.tryShutdown(() => {
    resolve();
  });
  const timer = setTimeout(resolve, STOP_MS);
  await promise;
  clearTimeout(timer);
  server.forceShutdown();
}
