// Pools become one WayBar line: how many endpoints need something, worst first. Pure; the clock is passed in.
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import { formatAge } from "../domain/status-line/age.ts";
import type { PoolSummary, PoolsState } from "../domain/status-line/bar-summary.ts";
import { escapePango, shorten } from "../domain/status-line/pango.ts";

/** What needs a hand comes before what moves, and both before what is only different. */
const WORST_FIRST: readonly SyncStatus[] = [
  "degraded",
  "blocked",
  "pending-approval",
  "syncing",
  "diverged",
  "behind",
  "ahead",
  "unknown",
  "in-sync",
];

/** A bar's tooltip is no list of a thousand pools. */
const MAX_POOLS_SHOWN = 12;
const MAX_LINE_CHARACTERS = 160;

export function poolsLine(state: PoolsState, nowMs: number): string {
  const total = sum(state.pools);
  const endpoints = state.pools.reduce((all, pool) => all + pool.endpoints, 0);
  const worst = WORST_FIRST.find((status) => total[status] > 0) ?? "unknown";
  const isOffline = state.offlineSinceMs !== undefined;
  const text = endpoints === 0 ? "no endpoints" : `${String(total[worst])}/${String(endpoints)} ${worst}`;
  const lines = state.pools.slice(0, MAX_POOLS_SHOWN).map(poolText);
  if (state.pools.length > MAX_POOLS_SHOWN)
    lines.push(`and ${String(state.pools.length - MAX_POOLS_SHOWN)} more pools`);
  if (state.offlineSinceMs !== undefined) {
    lines.unshift(`server not reachable for ${formatAge(state.offlineSinceMs, nowMs)}; this is the last that is known`);
  }
  return JSON.stringify({
    text: escapePango(text),
    alt: isOffline ? "offline" : worst,
    class: isOffline ? [worst, "offline"] : [worst],
    percentage: endpoints === 0 ? 0 : Math.floor((total["in-sync"] * 100) / endpoints),
    tooltip: lines.map((line) => escapePango(shorten(line.replaceAll("\n", " "), MAX_LINE_CHARACTERS))).join("\n"),
  });
}

function sum(pools: readonly PoolSummary[]): Record<SyncStatus, number> {
  const total = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;
  for (const { counts } of pools) {
    for (const status of SYNC_STATUSES) total[status] += counts[status];
  }
  return total;
}

function poolText(pool: PoolSummary): string {
  const parts = WORST_FIRST.filter((status) => pool.counts[status] > 0).map(
    (status) => `${String(pool.counts[status])} ${status}`,
  );
  const target =
    pool.targetRevision === 0
      ? "no target yet"
      : `target ${String(pool.targetRevision)}${pool.message === "" ? "" : `: ${pool.message}`}${pool.hint === undefined ? "" : ` (${pool.hint})`}`;
  return `${pool.name}: ${parts.length === 0 ? "no endpoints" : parts.join(", ")} (${String(pool.online)} online) · ${target}`;
}
