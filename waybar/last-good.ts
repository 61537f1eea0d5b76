// The last good summary of a server scope, kept in a file so that a bar that starts while the server is gone still has
// something to show. A cache: losing it loses nothing but that.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";

export function saveLastGood(file: string, summary: BarSummary): void {
  const temporary = `${file}.${String(process.pid)}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify(summary), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // A full disk or a read-only home must not cost the bar its line.
  }
}

/** As of the moment of its save, and said to be: the server is not reachable since then, for all that is known. */
export function readLastGood(file: string): BarSummary | undefined {
  try {
    return asOffline(JSON.parse(readFileSync(file, "utf8")) as BarSummary);
  } catch {
    return undefined;
  }
}

/** Throws on what is no summary. */
function asOffline(summary: BarSummary): BarSummary | undefined {
  switch (summary.kind) {
    case "endpoint": {
      const { endpoint } = summary;
      return { kind: "endpoint", endpoint: { ...endpoint, offlineSinceMs: timeOf(endpoint) } };
    }
    case "pools":
      return { kind: "pools", pools: { ...summary.pools, offlineSinceMs: timeOf(summary.pools) } };
    default:
      return undefined;
  }
}

function timeOf({ reportedAtMs }: { readonly reportedAtMs: number }): number {
  if (!Number.isFinite(reportedAtMs)) throw new Error("it has no time");
  return reportedAtMs;
}
