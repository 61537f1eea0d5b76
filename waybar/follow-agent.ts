// Follows this machine's agent through the summary that it keeps in a file: right without a server, without a key, and
// for every monitor's bar at once.
import { existsSync, type FSWatcher, watch } from "node:fs";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import type { Pulse } from "./pulse.ts";
import { isFresh, readSummary, SUMMARY_FILE } from "./summary-file.ts";

export interface AgentFollower {
  readonly runDirs: readonly string[];
  readonly show: (summary: StatusSummary | undefined) => void;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

/** Shows every new summary, or undefined while there is none, until the signal aborts. */
export async function followAgent({ runDirs, show, pulse, signal }: AgentFollower): Promise<void> {
  const watched = new Map<string, FSWatcher>();
  let isAsking = false;
  const look = (): void => {
    for (const runDir of runDirs) watchFolder(runDir, watched, look);
    const summary = readSummary(runDirs);
    if (summary === undefined || isFresh(summary, Date.now())) {
      show(summary);
    } else if (!isAsking) {
      isAsking = true;
      // The clock was set, or the machine slept: a living agent says at once what its file says only within a minute.
      void askAgent(runDirs).then((answer) => {
        isAsking = false;
        if (!signal.aborted) show(answer ?? readSummary(runDirs));
      });
    }
  };
  // A folder that was not there has no watcher that could tell of the agent's coming.
  pulse.follow(look, signal);
  look();
  try {
    await aborted(signal);
  } finally {
    for (const watcher of watched.values()) watcher.close();
  }
}

async function askAgent(runDirs: readonly string[]): Promise<StatusSummary | undefined> {
  const { askSummary } = await import("./ask-agent.ts");
  return await askSummary(runDirs);
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      "abort",
      () => {
        resolve();
      },
      { once: true },
    );
  });
}

/** The folder may come and go with the agent: a watcher that fails is dropped and set up again at the next look. */
function watchFolder(runDir: string, watched: Map<string, FSWatcher>, look: () => void): void {
  if (watched.has(runDir) || !existsSync(runDir)) return;
  const drop = (): void => {
    watched.get(runDir)?.close();
    watched.delete(runDir);
  };
  try {
    const watcher = watch(runDir, (_event, name) => {
      // The file is replaced whole by a rename; other files of the folder are not ours to look at.
      if (name === null || name === SUMMARY_FILE) look();
      if (!existsSync(runDir)) drop();
    });
    watcher.on("error", drop);
    watched.set(runDir, watcher);
  } catch {
    drop();
  }
}
