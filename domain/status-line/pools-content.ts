// What the line says of pools: how many endpoints need something, worst first. Pure; the clock is passed in.
import { SYNC_STATUSES, type SyncStatus } from "../drift/sync-status.ts";
import { STATUS_FACES } from "../face/faces.ts";
import { formatAge } from "./age.ts";
import type { PoolSummary, PoolsState } from "./bar-summary.ts";
import { deedText } from "./endpoint-content.ts";
import {
  type LineAlt,
  type LineClass,
  type LineContent,
  STALE_AFTER_MS,
  statusCounts,
  WORST_FIRST,
  wholeCount,
} from "./line-content.ts";

/** A bar's tooltip is no list of a thousand pools. */
const MAX_POOLS = 12;

export function poolsContent(state: PoolsState, nowMs: number): LineContent {
  const { pools, offlineSinceMs } = state;
  const total = sumByStatus(pools);
  const endpoints = sum(pools, (pool) => pool.endpoints);
  const online = sum(pools, (pool) => pool.online);
  const worst = WORST_FIRST.find((status) => total[status] > 0) ?? "unknown";
  const isStale = !(nowMs - state.reportedAtMs < STALE_AFTER_MS);
  const isAsleep = endpoints > 0 && online === 0;
  const hasOldTarget = pools.some(({ hint }) => hint !== undefined);
  const inbox = sum(pools, (pool) => pool.inbox ?? 0);
  const classes: LineClass[] = [worst];
  if (offlineSinceMs !== undefined) classes.push("offline");
  if (isAsleep) classes.push("asleep");
  if (isStale) classes.push("stale");
  if (total["pending-approval"] > 0) classes.push("approval");
  if (hasOldTarget) classes.push("old-target");
  return {
    text: textOf(worst, total[worst], endpoints),
    alt: altOf(worst, offlineSinceMs !== undefined, isStale),
    classes,
    percentage: endpoints === 0 ? 0 : Math.min(100, Math.floor((total["in-sync"] * 100) / endpoints)),
    tooltip: tooltipLines(state, nowMs, isStale),
    isDim: isStale,
    isQuiet:
      worst === "in-sync" && offlineSinceMs === undefined && !isStale && !hasOldTarget && inbox === 0 && endpoints > 0,
    fields: {
      icon: STATUS_FACES[worst].glyph,
      status: worst,
      endpoint: "",
      pool: pools.length === 1 ? (pools[0]?.name ?? "") : "",
      behind: String(total.behind),
      ahead: String(total.ahead),
      endpoints: String(endpoints),
      online: String(online),
      percent: endpoints === 0 ? "0" : String(Math.min(100, Math.floor((total["in-sync"] * 100) / endpoints))),
      differences: statusCounts(total),
      fleet: statusCounts(total),
      inbox: String(inbox),
      target: pools.length === 1 ? String(wholeCount(pools[0]?.targetRevision)) : "",
      message: pools.length === 1 ? (pools[0]?.message ?? "") : "",
      deed: newestDeed(pools, nowMs),
      age: formatAge(state.reportedAtMs, nowMs),
    },
  };
}

function textOf(worst: SyncStatus, count: number, endpoints: number): string {
  if (endpoints === 0) return `${STATUS_FACES.unknown.glyph} none`;
  const { glyph } = STATUS_FACES[worst];
  return worst === "in-sync" ? `${glyph} ${String(endpoints)}` : `${glyph} ${String(count)}/${String(endpoints)}`;
}

function altOf(worst: SyncStatus, isOffline: boolean, isStale: boolean): LineAlt {
  if (isOffline) return "offline";
  return isStale ? "stale" : worst;
}

function tooltipLines({ pools, offlineSinceMs, reportedAtMs }: PoolsState, nowMs: number, isStale: boolean) {
  const lines: string[] = [];
  if (offlineSinceMs !== undefined) lines.push(`server not reachable for ${formatAge(offlineSinceMs, nowMs)}`);
  if (isStale || offlineSinceMs !== undefined) {
    lines.push(`from ${formatAge(reportedAtMs, nowMs)} ago, the last that is known`);
  }
  // What needs a hand must not be behind the end of the list.
  const shown = pools.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_POOLS);
  lines.push(...shown.map(poolText));
  if (pools.length > shown.length) lines.push(`and ${String(pools.length - shown.length)} more pools`);
  const deed = newestDeed(pools, nowMs);
  if (deed !== "") lines.push(`last: ${deed}`);
  const inbox = sum(pools, (pool) => pool.inbox ?? 0);
  if (inbox > 0) lines.push(`inbox: something waits on ${String(inbox)} ${inbox === 1 ? "endpoint" : "endpoints"}`);
  if (pools.length === 0) lines.push("there is no pool");
  return lines;
}

function rank(pool: PoolSummary): number {
  const place = WORST_FIRST.findIndex((status) => wholeCount(pool.counts[status]) > 0);
  return place === -1 ? WORST_FIRST.length : place;
}

function poolText(pool: PoolSummary): string {
  const by = statusCounts(pool.counts);
  const message = pool.message === "" ? "" : `: ${pool.message}`;
  const hint = pool.hint === undefined ? "" : ` (${pool.hint})`;
  const revision = wholeCount(pool.targetRevision);
  const target = revision === 0 ? "no target yet" : `target ${String(revision)}${message}${hint}`;
  return `${pool.name}: ${by === "" ? "no endpoints" : by} (${String(wholeCount(pool.online))} online) · ${target}`;
}

function newestDeed(pools: readonly PoolSummary[], nowMs: number): string {
  const deeds = pools.flatMap(({ name, lastDeed }) => (lastDeed === undefined ? [] : [{ name, lastDeed }]));
  const newest = deeds.toSorted((a, b) => b.lastDeed.atMs - a.lastDeed.atMs)[0];
  if (newest === undefined) return "";
  return `${pools.length > 1 ? `${newest.name}: ` : ""}${deedText(newest.lastDeed, nowMs)}`;
}

function sum(pools: readonly PoolSummary[], of: (pool: PoolSummary) => number): number {
  return pools.reduce((all, pool) => all + wholeCount(of(pool)), 0);
}

function sumByStatus(pools: readonly PoolSummary[]): Record<SyncStatus, number> {
  const total = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<SyncStatus, number>;
  for (const { counts } of pools) {
    for (const status of SYNC_STATUSES) total[status] += wholeCount(counts[status]);
  }
  return total;
}
