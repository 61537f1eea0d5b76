// An agent's word about its machine, as it lies in its run folder: for tests of what reads it.
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";

/** Written whole, as an agent does it. */
export function reportStatus(runDir: string, summary: Partial<StatusSummary>): void {
  const whole: StatusSummary = {
    endpoint: "atlas",
    pool: "home",
    status: "in-sync",
    counts: NO_DRIFT,
    targetRevision: 7,
    reasons: [],
    reportedAtMs: Date.now(),
    ...summary,
  };
  const file = join(runDir, "status.json");
  writeFileSync(`${file}.new`, JSON.stringify(whole), { mode: 0o644 });
  renameSync(`${file}.new`, file);
}
