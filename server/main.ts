// The server process: starts everything in order, says so in one line, and takes it down in order on the first signal.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Refusal } from "../domain/refusal.ts";
import { refusalSentence } from "../rpc/errors.ts";
import { type Logger, openLog } from "../rpc/log.ts";
import { ConfigurationError, loadServerConfig, type ServerConfig } from "./config.ts";
import { startServer } from "./start-server.ts";
import { listenForStop } from "./stop-signals.ts";

export interface RunServerOptions {
  readonly config: ServerConfig;
  readonly version: string;
  /** Stops the server in order; absent means SIGTERM and SIGINT. */
  readonly signal?: AbortSignal;
  readonly log?: Logger;
}

/** Everything closes within this; what does not is given up, and the process ends all the same. */
const STOP_MS = 15_000;

/** Runs until the signal, then stops in order. Throws ConfigurationError (exit code 2) when it cannot start as configured. */
export async function runServer(options: RunServerOptions): Promise<void> {
  const { config, version } = options;
  using signals = options.signal === undefined ? listenForStop() : undefined;
  const signal = options.signal ?? signals?.signal;
  const log =
    options.log ?? openLog({ name: "pacpool-server", level: config.logLevel, isTerminal: process.stderr.isTTY });
  const fatal = Promise.withResolvers<Error>();
  const server = await startServer({ config, version, log, onFatal: fatal.resolve });
  process.stdout.write(`pacpool server listening on ${server.address}\n`);
  log.info({ address: server.address, ops: server.opsAddress, stateDir: config.stateDir, version }, "server ready");
  const failure = await Promise.race([aborted(signal), fatal.promise]);
  log.info({ signal: String(signal?.reason), err: failure }, "server stopping");
  const forced = setTimeout(() => {
    log.error("stopping took too long, giving up");
    process.exit(1);
  }, STOP_MS);
  await server.stop();
  clearTimeout(forced);
  log.info("server stopped");
  if (failure !== undefined) {
    throw failure;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve(undefined);
    }
    signal?.addEventListener(
      "abort",
      () => {
        resolve(undefined);
      },
      { once: true },
    );
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" } } });
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
    readonly version: string;
  };
  await runServer({ config: loadServerConfig({ file: values.config, environment: process.env }), version });
}

if (import.meta.main) {
  try {
    await main();
    // Nothing may keep a stopped server alive, whatever a library left behind.
    process.exit(0);
  } catch (error) {
    const isConfiguration = error instanceof ConfigurationError;
    process.stderr.write(`pacpool server: ${isConfiguration ? error.message : describe(error)}\n`);
    process.exit(isConfiguration ? error.exitCode : 1);
  }
}

/** What was attempted and why it failed, from the outermost error to its cause; stacks only for those who look for them. */
function describe(error: unknown): string {
  if (process.env["PACPOOL_LOG_LEVEL"] === "debug" && error instanceof Error) return error.stack ?? error.message;
  const words: string[] = [];
  for (let at = error; at instanceof Error && words.length < 5; at = at.cause) {
    words.push(at instanceof Refusal ? refusalSentence(at) : at.message);
  }
  return words.length === 0 ? "something that is no error was thrown" : words.join(": ");
}
