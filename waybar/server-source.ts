// What a bar shows of the server: its watch while it answers, and what was known last, with its age, while it does not.
// The only file here that loads the wire.
import { Refusal } from "../domain/refusal.ts";
import type { BarSummary, Problem } from "../domain/status-line/bar-summary.ts";
import type { ConnectionOptions } from "../rpc/channel.ts";
import { refusalSentence } from "../rpc/errors.ts";
import { RpcFailure } from "../rpc/failure.ts";
import { openWatchConnection } from "../rpc/watch-connection.ts";
import { followServer, type ServerScope } from "./follow-server.ts";
import { readLastGood, saveLastGood } from "./last-good.ts";
import type { Pulse } from "./pulse.ts";

export interface ServerSource {
  readonly scope: ServerScope;
  readonly connection: ConnectionOptions;
  /** Where the last good summary is kept for the next start. */
  readonly keepFile: string;
  readonly pulse: Pulse;
}

/** Runs until the signal aborts. */
export async function leadFromServer(
  { scope, connection: options, keepFile, pulse }: ServerSource,
  publish: (summary: BarSummary) => void,
  signal: AbortSignal,
): Promise<void> {
  using connection = openWatchConnection(options);
  const keeper = openKeeper(keepFile);
  await followServer({
    connection,
    scope,
    pulse,
    signal,
    show(summary) {
      publish(summary);
      if (summary.kind !== "problem") keeper.keep(summary);
    },
    lost(error, known) {
      // A server that says no is there: that its facts are old would be the smaller half of the truth.
      if (error instanceof Refusal) publish(refused(error));
      else publish(known ?? readLastGood(keepFile) ?? unreachable(options.address, error));
    },
  });
  keeper.flush();
}

/** A bar that is killed loses no more than this; a busy fleet changes four times a second. */
const KEEP_EVERY_MS = 30_000;

/** Saves now and then what was good last. */
function openKeeper(file: string): { readonly keep: (summary: BarSummary) => void; readonly flush: () => void } {
  let unsaved: BarSummary | undefined;
  let savedAtMs = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (unsaved === undefined) return;
    saveLastGood(file, unsaved);
    unsaved = undefined;
    savedAtMs = performance.now();
  };
  return {
    keep(summary) {
      unsaved = summary;
      if (performance.now() - savedAtMs >= KEEP_EVERY_MS) flush();
    },
    flush,
  };
}

const PROBLEM_OF: Partial<Record<Refusal["reason"], Problem>> = {
  WRONG_KEY: "key",
  PERMISSION_DENIED: "key",
  POOL_NOT_FOUND: "pool",
  ENDPOINT_NOT_FOUND: "endpoint",
};

function refused(refusal: Refusal): BarSummary {
  return { kind: "problem", problem: PROBLEM_OF[refusal.reason] ?? "server", sentence: refusalSentence(refusal) };
}

function unreachable(address: string, error: unknown): BarSummary {
  const why = error instanceof RpcFailure ? `: ${error.message}` : "";
  const sentence = `the server at ${address} does not answer${why}`;
  return { kind: "problem", problem: "server", sentence };
}
