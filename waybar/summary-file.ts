// The agent's summary of its machine, as it lies beside its socket. Read again at every change; never trusted blindly:
// a damaged file is the same as none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { DriftCounts } from "../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../domain/drift/sync-status.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";

/** Named by the agent; the launcher reads `status` in the same folder. */
export const SUMMARY_FILE = "status.json";

/** A summary is a few hundred bytes. */
const MAX_BYTES = 64 * 1024;

const count = z.number().int().nonnegative();
const driftCount = count.default(0);

const Counts = z.object({
  older: driftCount,
  newer: driftCount,
  rebuilt: driftCount,
  missing: driftCount,
  extra: driftCount,
  reason: driftCount,
  replaced: driftCount,
  held: driftCount,
  foreign: driftCount,
  unavailable: driftCount,
  own: driftCount,
} satisfies Record<keyof DriftCounts, unknown>);

const Summary = z.object({
  endpoint: z.string(),
  pool: z.string(),
  status: z.enum(SYNC_STATUSES),
  counts: Counts,
  targetRevision: count,
  percent: z.number().min(0).max(100).optional(),
  step: z.string().optional(),
  reasons: z.array(z.string()).max(100),
  rebootRequired: z.boolean().optional(),
  offlineSinceMs: z.number().optional(),
  reportedAtMs: z.number(),
  message: z.string().optional(),
  targetAge: z.string().optional(),
  targetIsOld: z.boolean().optional(),
});

/** The newest summary in the first of the folders that has one; undefined when none has. */
export function readSummary(runDirs: readonly string[]): StatusSummary | undefined {
  for (const runDir of runDirs) {
    const summary = parseSummary(readText(join(runDir, SUMMARY_FILE)));
    if (summary !== undefined) return summary;
  }
  return undefined;
}

/** Undefined for anything that is not a whole summary. */
export function parseSummary(text: string): StatusSummary | undefined {
  if (text.length === 0 || text.length > MAX_BYTES) return undefined;
  try {
    return Summary.parse(JSON.parse(text)) as StatusSummary;
  } catch {
    return undefined;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
