// Where copies of a person's bar meet to share one connection to the server, and what the one that leads does there.
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import type { ConnectionOptions } from "../rpc/connection.ts";
import type { ServerScope } from "./follow-server.ts";
import type { Pulse } from "./pulse.ts";
import { type Lead, shareSource } from "./shared-source.ts";

export interface Meeting {
  readonly scope: ServerScope;
  readonly connection: ConnectionOptions;
  readonly show: (summary: BarSummary) => void;
  /** Folder of this person in which copies meet, gone with the session. */
  readonly meetingDir: string;
  /** Keeps the last good summaries between starts. */
  readonly cacheDir: string;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
}

/** Bumped when BarSummary changes its shape: copies of another version meet elsewhere, and older files are ignored. */
const VERSION = 2;
/** Bytes of a socket's path that the kernel takes, less its end. */
const MAX_PATH_BYTES = 107;

/** Runs until the signal aborts. */
export async function followThroughServer(meeting: Meeting): Promise<void> {
  const { scope, connection, show, meetingDir, cacheDir, pulse, signal } = meeting;
  const name = nameOf(scope, connection);
  const lead: Lead = async (publish, leading) => {
    // The wire costs a hundred milliseconds and twenty megabytes to load, which only the leader pays.
    const { leadFromServer } = await import("./server-source.ts");
    await leadFromServer({ scope, connection, keepFile: join(cacheDir, `bar-${name}.json`), pulse }, publish, leading);
  };
  const path = [meetingDir, cacheDir]
    .map((folder) => join(folder, `bar-${name}.sock`))
    .find((one) => Buffer.byteLength(one) <= MAX_PATH_BYTES);
  await shareSource({ path, lead, show, signal });
}

/** Who asks, whom and about what: only copies that would get the same answer share it. */
function nameOf(scope: ServerScope, { address, ca, key = "" }: ConnectionOptions): string {
  return createHash("sha256")
    .update(JSON.stringify([VERSION, scope, address, ca, key]))
    .digest("hex")
    .slice(0, 16);
}
