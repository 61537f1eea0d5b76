// The status on disk, for readers that must not wait: $RUN/status (line 1 Unix seconds until which it is fresh, line 2
// what WayBar reads) and $RUN/status.json (the summary). Must not know how a status is computed.
import { join } from "node:path";
import { STALE_AFTER_MS } from "../../domain/status-line/line-content.ts";
import { statusLine } from "../../domain/status-line/status-line.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { replaceFile } from "../durable-file.ts";

/** Written again at least this often, well before its readers would call it stale. */
export const REFRESH_MS = 60_000;

/** Everyone on the machine may see its status. */
const MODE = 0o644;

export function statusFilePath(runDir: string): string {
  return join(runDir, "status");
}

/** Both files, each whole or not at all. */
export async function writeStatusFiles(runDir: string, summary: StatusSummary, nowMs: number): Promise<void> {
  const freshUntil = Math.floor((summary.reportedAtMs + STALE_AFTER_MS) / 1000);
  await replaceFile(statusFilePath(runDir), `${String(freshUntil)}\n${statusLine(summary, nowMs)}\n`, MODE);
  const json = { ...summary, reportedAt: new Date(summary.reportedAtMs).toISOString() };
  await replaceFile(join(runDir, "status.json"), `${JSON.stringify(json)}\n`, MODE);
}

/** A stopped agent's last word is not fresh: readers fall back to the server, or say that nobody vouches for it. */
export async function retireStatusFile(runDir: string, summary: StatusSummary, nowMs: number): Promise<void> {
  const last = { ...summary, isAgentStopped: true };
  await replaceFile(statusFilePath(runDir), `0\n${statusLine(last, nowMs)}\n`, MODE);
  await replaceFile(join(runDir, "status.json"), `${JSON.stringify(last)}\n`, MODE);
}
