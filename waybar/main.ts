// `pacpool waybar`: one JSON line per change, flushed. Never ends because of the server or the agent; ends when its
// reader is gone. Decides only where the facts come from.
import { statusLine, unknownStatusLine } from "../domain/status-line/status-line.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import type { ConnectionOptions } from "../rpc/connection.ts";
import { followAgent } from "./follow-agent.ts";
import type { ServerScope } from "./follow-server.ts";
import { type LineOutput, type LineStream, openLineOutput } from "./output.ts";
import { readSummary } from "./summary-file.ts";

/** `this` is the machine's own agent, and the server only where no agent has left a word. */
export type Scope = { readonly kind: "this" } | ServerScope;

export interface WaybarOptions {
  readonly once: boolean;
  readonly scope: Scope;
  /** Where an agent of this machine keeps its summary, the user's own first. */
  readonly runDirs: readonly string[];
  /** How to reach the server; undefined when no profile says so. */
  readonly connection: ConnectionOptions | undefined;
  /** This machine's endpoint by the profile; empty when it names none. */
  readonly endpoint: string;
  /** Keeps the last good state of a server scope between `--once` runs. */
  readonly cacheDir: string;
  readonly stdout: LineStream;
  readonly signal: AbortSignal;
}

const NOT_SET_UP = "pacpool is not set up here: run pacpool init, or pacpool join CODE";

/** Runs to the end; rejects only for a defect. */
export async function runWaybar(options: WaybarOptions): Promise<void> {
  const output = openLineOutput(options.stdout, () => process.ppid, options.signal);
  const scope = scopeOf(options);
  if (scope === undefined) {
    await (options.once ? showAgentOnce(options, output) : showAgent(options, output));
  } else if (options.connection === undefined) {
    output.print(unknownStatusLine(NOT_SET_UP));
    if (!options.once) await untilAborted(output.closed);
  } else {
    // The wire costs a hundred milliseconds to load, which a bar that follows its agent never needs.
    const { showServer } = await import("./show-server.ts");
    await showServer({ ...options, scope, connection: options.connection }, output);
  }
}

/** Undefined: the agent's summary. */
function scopeOf(options: WaybarOptions): ServerScope | undefined {
  if (options.scope.kind !== "this") return options.scope;
  const hasAgent = readSummary(options.runDirs) !== undefined;
  if (hasAgent || options.connection === undefined || options.endpoint === "") return undefined;
  return { kind: "endpoint", endpoint: options.endpoint };
}

function agentLine(summary: StatusSummary | undefined): string {
  return summary === undefined ? unknownStatusLine(NOT_SET_UP) : statusLine(summary, Date.now());
}

async function showAgentOnce(options: WaybarOptions, output: LineOutput): Promise<void> {
  output.print(agentLine(readSummary(options.runDirs)));
  await Promise.resolve();
}

async function showAgent(options: WaybarOptions, output: LineOutput): Promise<void> {
  let last: StatusSummary | undefined;
  await followAgent(
    options.runDirs,
    (summary) => {
      // An agent that stopped takes its summary along; what it last said stays, with its age.
      last = summary ?? last;
      output.print(agentLine(last));
    },
    output.closed,
  );
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    // A pending promise alone would let the process end; the bar expects the module to stay.
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener("abort", () => {
      clearInterval(alive);
      resolve();
    });
  });
}
