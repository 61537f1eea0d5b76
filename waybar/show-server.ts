// What a bar shows of the server: its watch while it answers, and what was known last, with its age, while it does not.

import { Refusal } from "../domain/refusal.ts";
import { statusLine, unknownStatusLine } from "../domain/status-line/status-line.ts";
import { type ConnectionOptions, openConnection } from "../rpc/connection.ts";
import { refusalSentence } from "../rpc/errors.ts";
import { followServer, type ServerScope, type ServerState } from "./follow-server.ts";
import { readLastGood, saveLastGood } from "./last-good.ts";
import type { LineOutput } from "./output.ts";
import { poolsLine } from "./pools-line.ts";

/** How long `--once` waits for the server; the bar waits with it. */
const ONCE_TIMEOUT_MS = 5_000;

export interface ServerOptions {
  readonly once: boolean;
  /** Keeps the last good state between `--once` runs. */
  readonly cacheDir: string;
  readonly scope: ServerScope;
  readonly connection: ConnectionOptions;
}

/** Runs until the output closes, or with `once` until one line is printed. */
export async function showServer(options: ServerOptions, output: LineOutput): Promise<void> {
  const enough = new AbortController();
  const limits = options.once ? [output.closed, enough.signal, AbortSignal.timeout(ONCE_TIMEOUT_MS)] : [output.closed];
  const signal = AbortSignal.any(limits);
  using connection = openConnection(options.connection);
  let hasShown = false;
  let refused: string | undefined;
  const showKept = (why: string, nowMs: number): void => {
    const kept = readLastGood(options.cacheDir, options.scope);
    output.print(kept === undefined ? unknownStatusLine(why) : lineOf(offline(kept, nowMs), options.scope, nowMs));
    hasShown = true;
  };
  await followServer({
    connection,
    scope: options.scope,
    signal,
    show(state) {
      const isOffline = state.pools.offlineSinceMs !== undefined;
      // A server that says no is there: that its facts are old would be the smaller half of the truth.
      output.print(
        isOffline && refused !== undefined ? unknownStatusLine(refused) : lineOf(state, options.scope, Date.now()),
      );
      hasShown = true;
      if (state.pools.offlineSinceMs === undefined) saveLastGood(options.cacheDir, options.scope, state, Date.now());
      if (options.once) enough.abort();
    },
    lost(error) {
      refused = error instanceof Refusal ? refusalSentence(error) : undefined;
      if (refused !== undefined) output.print(unknownStatusLine(refused));
      else if (!hasShown) showKept(`the server at ${options.connection.address} does not answer`, Date.now());
      hasShown = true;
      if (options.once) enough.abort();
    },
  });
  if (!hasShown) showKept(`the server did not answer within ${String(ONCE_TIMEOUT_MS / 1_000)} s`, Date.now());
}

function lineOf(state: ServerState, scope: ServerScope, nowMs: number): string {
  if (scope.kind !== "endpoint") return poolsLine(state.pools, nowMs);
  if (state.endpoint === undefined)
    return unknownStatusLine(`there is no endpoint ${scope.endpoint}; see pacpool endpoint list`);
  return statusLine(state.endpoint, nowMs);
}

/** What was saved is as old as its save. */
function offline(kept: { readonly state: ServerState; readonly savedAtMs: number }, nowMs: number): ServerState {
  const sinceMs = Math.min(kept.savedAtMs, nowMs);
  const { endpoint, pools } = kept.state;
  return {
    whole: true,
    pools: { ...pools, offlineSinceMs: sinceMs },
    endpoint: endpoint === undefined ? undefined : { ...endpoint, reportedAtMs: sinceMs, offlineSinceMs: sinceMs },
  };
}
