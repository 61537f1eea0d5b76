// What is known of a scope, as it changes: this machine from its agent, everything else from the server over the one
// connection that all copies of a person share. For the bar's line and for whatever else follows along.
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import type { ConnectionOptions } from "../rpc/connection.ts";
import { aborted, followAgent } from "./follow-agent.ts";
import type { ServerScope } from "./follow-server.ts";
import type { Pulse } from "./pulse.ts";
import { readSummary } from "./summary-file.ts";

/** `this` is the machine's own agent, and the server only where no agent has left a word. */
export type Scope = { readonly kind: "this" } | ServerScope;

export interface FollowOptions {
  readonly scope: Scope;
  /** Where an agent of this machine keeps its summary, the user's own first. */
  readonly runDirs: readonly string[];
  /** How to reach the server; undefined when no profile says so. */
  readonly connection: ConnectionOptions | undefined;
  /** Why there is no connection, when it is not simply that nothing is set up. */
  readonly problem?: Problem | undefined;
  /** This machine's endpoint by the profile; empty when it names none. */
  readonly endpoint: string;
  /** Folder of this person in which copies meet, gone with the session: $XDG_RUNTIME_DIR/pacpool. */
  readonly meetingDir: string;
  /** Keeps the last good summaries between starts. */
  readonly cacheDir: string;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

type Problem = Extract<BarSummary, { kind: "problem" }>;

const NOT_SET_UP: Problem = {
  kind: "problem",
  problem: "setup",
  sentence: "pacpool is not set up here: run pacpool init, or pacpool join CODE",
};

/**
 * Yields the newest summary whenever it changes, the first as soon as something is known or known to be wrong. Never
 * ends by itself; summaries that come while the reader is busy are dropped for newer ones. Throws only for a defect.
 */
export async function* followSummary(options: FollowOptions): AsyncGenerator<BarSummary, void, undefined> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  let newest: BarSummary | undefined;
  let wake = Promise.withResolvers<void>();
  const show = (summary: BarSummary): void => {
    newest = summary;
    wake.resolve();
  };
  const following = follow({ ...options, signal }, show).finally(() => {
    over.abort();
    wake.resolve();
  });
  try {
    while (!signal.aborted || newest !== undefined) {
      await wake.promise;
      wake = Promise.withResolvers<void>();
      if (signal.aborted) wake.resolve();
      const summary = newest;
      newest = undefined;
      if (summary !== undefined) yield summary;
    }
  } finally {
    over.abort();
    await following;
  }
}

type Show = (summary: BarSummary) => void;

async function follow(options: FollowOptions, show: Show): Promise<void> {
  const { scope, connection, signal } = options;
  if (scope.kind === "this") return await followThis(options, show);
  if (connection === undefined) {
    show(options.problem ?? NOT_SET_UP);
    return await aborted(signal);
  }
  await followThroughServer(options, connection, scope, show);
}

/** The agent, from the moment on at which it has left a word; until then the server's word about this endpoint. */
async function followThis(options: FollowOptions, show: Show): Promise<void> {
  const { runDirs, connection, endpoint, pulse, signal } = options;
  if (connection !== undefined && endpoint !== "" && readSummary(runDirs) === undefined) {
    const agentCame = new AbortController();
    const over = AbortSignal.any([signal, agentCame.signal]);
    pulse.follow(() => {
      if (readSummary(runDirs) !== undefined) agentCame.abort();
    }, over);
    await followThroughServer({ ...options, signal: over }, connection, { kind: "endpoint", endpoint }, show);
  }
  let last: BarSummary = options.problem ?? NOT_SET_UP;
  const take = (summary: Parameters<Parameters<typeof followAgent>[0]["show"]>[0]): void => {
    // An agent that is gone may take its summary along; what it last said stays, with its age.
    if (summary !== undefined) last = { kind: "endpoint", endpoint: summary };
    show(last);
  };
  await followAgent({ runDirs, show: take, pulse, signal });
}

/** What a bar that has its agent never needs, and costs a third of its start. */
async function followThroughServer(
  options: FollowOptions,
  connection: ConnectionOptions,
  scope: ServerScope,
  show: Show,
): Promise<void> {
  const { followThroughServer: followOverMeeting } = await import("./meeting.ts");
  await followOverMeeting({ ...options, connection, scope, show });
}
