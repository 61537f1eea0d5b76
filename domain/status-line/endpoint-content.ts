// What the line says of one endpoint. Pure; the clock is passed in.
import { CONDITION_FACES, DRIFT_FACES, STATUS_FACES } from "../face/faces.ts";
import { formatAge } from "./age.ts";
import { countsLine } from "./counts-line.ts";
import {
  type LineAlt,
  type LineClass,
  type LineContent,
  STALE_AFTER_MS,
  statusCounts,
  wholeCount,
  wholePercent,
} from "./line-content.ts";
import type { LastDeed, NamedDrift, StatusSummary } from "./status-summary.ts";

export function endpointContent(summary: StatusSummary, nowMs: number): LineContent {
  const isStale = isStaleAt(summary, nowMs);
  const isAway = summary.offlineSinceMs !== undefined || summary.asleepSinceMs !== undefined;
  return {
    text: textOf(summary),
    alt: altOf(summary, isStale),
    classes: classesOf(summary, isStale),
    percentage: percentageOf(summary),
    tooltip: tooltipLines(summary, nowMs),
    isDim: isStale || summary.asleepSinceMs !== undefined,
    isQuiet:
      summary.status === "in-sync" &&
      !isStale &&
      !isAway &&
      summary.rebootRequired !== true &&
      summary.targetIsOld !== true &&
      wholeCount(summary.inbox) === 0,
    fields: fieldsOf(summary, nowMs),
  };
}

function isStaleAt(summary: StatusSummary, nowMs: number): boolean {
  // Written so that a damaged time counts as stale, too.
  return summary.isAgentStopped === true || !(nowMs - summary.reportedAtMs < STALE_AFTER_MS);
}

function altOf(summary: StatusSummary, isStale: boolean): LineAlt {
  // What moves is worth more than that the server is away meanwhile.
  if (summary.status === "syncing" && !isStale && summary.asleepSinceMs === undefined) return "syncing";
  if (summary.offlineSinceMs !== undefined) return "offline";
  if (isStale) return "stale";
  if (summary.asleepSinceMs !== undefined) return "asleep";
  if (summary.rebootRequired === true && summary.status === "in-sync") return "reboot";
  return summary.status;
}

function classesOf(summary: StatusSummary, isStale: boolean): readonly LineClass[] {
  const classes: LineClass[] = [summary.status];
  if (summary.offlineSinceMs !== undefined) classes.push("offline");
  if (summary.asleepSinceMs !== undefined) classes.push("asleep");
  if (isStale) classes.push("stale");
  if (summary.rebootRequired === true) classes.push("reboot");
  if (summary.status === "pending-approval") classes.push("approval");
  if (summary.targetIsOld === true) classes.push("old-target");
  return classes;
}

function percentageOf(summary: StatusSummary): number {
  return summary.status === "in-sync" ? 100 : wholePercent(summary.percent);
}

function behindOf({ counts }: StatusSummary): number {
  const { older, rebuilt, missing, replaced } = counts;
  return [older, rebuilt, missing, replaced].reduce((sum, one) => sum + wholeCount(one), 0);
}

/** Never empty: WayBar hides a module without text, and people then think that it broke. */
function textOf(summary: StatusSummary): string {
  const reboot = CONDITION_FACES.reboot.glyph;
  const text = statusText(summary);
  const asleep = summary.asleepSinceMs === undefined ? "" : `${CONDITION_FACES.asleep.glyph} `;
  if (summary.rebootRequired !== true) return `${asleep}${text}`;
  return summary.status === "in-sync" ? `${asleep}${reboot}` : `${asleep}${text} ${reboot}`;
}

function statusText(summary: StatusSummary): string {
  const { status, counts } = summary;
  const { glyph, word } = STATUS_FACES[status];
  const behind = behindOf(summary);
  const ahead = wholeCount(counts.newer);
  const other = wholeCount(counts.extra) + wholeCount(counts.reason);
  switch (status) {
    case "in-sync":
      return glyph;
    case "syncing":
      return `${glyph} ${String(percentageOf(summary))}%`;
    case "behind":
      return `${glyph}${String(behind)}`;
    case "ahead":
      return `${glyph}${String(ahead)}`;
    case "diverged": {
      const parts = [["↓", behind] as const, ["↑", ahead] as const, ["±", other] as const];
      const shown = parts.filter(([, count]) => count > 0).map(([sign, count]) => `${sign}${String(count)}`);
      return shown.length === 0 ? glyph : shown.join(" ");
    }
    case "pending-approval":
      return `${glyph} approve`;
    case "blocked":
    case "degraded":
      return `! ${word}`;
    case "unknown":
      return `${glyph} ${word}`;
  }
}

/** The tooltip's own bounds keep the rest. */
const MAX_REASONS = 6;
const MAX_NAMES = 8;

function tooltipLines(summary: StatusSummary, nowMs: number): readonly string[] {
  const { endpoint, pool, status, reasons, fleet } = summary;
  const inbox = wholeCount(summary.inbox);
  return [
    `${endpoint}${pool === "" ? "" : ` in pool ${pool}`}: ${status}`,
    ...presenceLines(summary, nowMs),
    ...(status === "syncing" && summary.step !== undefined
      ? [`${summary.step}, ${String(percentageOf(summary))}%`]
      : []),
    ...(summary.rebootRequired === true ? ["a reboot is due"] : []),
    ...reasons.slice(0, MAX_REASONS),
    ...(reasons.length > MAX_REASONS ? [`and ${String(reasons.length - MAX_REASONS)} more reasons`] : []),
    ...driftLines(summary),
    ...targetLines(summary),
    ...(summary.lastDeed === undefined ? [] : [`last: ${deedText(summary.lastDeed, nowMs)}`]),
    ...(fleet === undefined ? [] : [`pool${pool === "" ? "" : ` ${pool}`}: ${fleetText(fleet)}`]),
    ...(inbox > 0 ? [`inbox: ${String(inbox)} ${inbox === 1 ? "thing waits" : "things wait"} for a person`] : []),
  ];
}

/** How true the rest is. */
function presenceLines(summary: StatusSummary, nowMs: number): readonly string[] {
  const { offlineSinceMs, asleepSinceMs, reportedAtMs } = summary;
  const lines: string[] = [];
  if (summary.isAgentStopped === true) {
    lines.push("the agent of this machine was stopped; start it with systemctl start pacpool-agent");
  }
  if (offlineSinceMs !== undefined) lines.push(`server not reachable for ${formatAge(offlineSinceMs, nowMs)}`);
  if (asleepSinceMs !== undefined) {
    const since =
      asleepSinceMs === 0 ? "it was never connected" : `not connected for ${formatAge(asleepSinceMs, nowMs)}`;
    lines.push(`asleep: ${since}`);
  }
  if (isStaleAt(summary, nowMs))
    lines.push(`stale: from ${formatAge(reportedAtMs, nowMs)} ago, the last that is known`);
  return lines;
}

function driftLines(summary: StatusSummary): readonly string[] {
  const counts = countsLine(summary.counts);
  const names = summary.drift ?? [];
  const shown = names.slice(0, MAX_NAMES).map(driftText);
  const { older, newer, rebuilt, missing, extra, reason, replaced } = summary.counts;
  const all = [older, newer, rebuilt, missing, extra, reason, replaced].reduce((sum, one) => sum + wholeCount(one), 0);
  const more = Math.max(all, names.length) - shown.length;
  return [
    // An agent that names some packages among its reasons puts the counts before them.
    ...(counts === "" || summary.reasons.includes(counts) ? [] : [counts]),
    ...shown,
    ...(shown.length > 0 && more > 0 ? [`and ${String(more)} more`] : []),
  ];
}

/** For example "↓ linux 6.9.1 → 6.9.2". */
function driftText({ name, kind, installed, wanted }: NamedDrift): string {
  const versions = [installed, wanted].filter((one) => one !== undefined && one !== "");
  const { glyph, word } = DRIFT_FACES[kind];
  if (versions.length === 2 && versions[0] !== versions[1]) return `${glyph} ${name} ${versions.join(" → ")}`;
  return `${glyph} ${name} ${word}`;
}

function targetLines(summary: StatusSummary): readonly string[] {
  const { targetRevision, message = "", targetAge } = summary;
  if (wholeCount(targetRevision) === 0) return [];
  const line = `target ${String(wholeCount(targetRevision))}${message === "" ? "" : `: ${message}`}`;
  return targetAge === undefined ? [line] : [line, targetAge];
}

/** For example "set-latest from atlas, target 7, by ann, 3 h ago". */
export function deedText({ what, who, atMs }: LastDeed, nowMs: number): string {
  return `${what}${who === "" ? "" : `, by ${who}`}, ${formatAge(atMs, nowMs)} ago`;
}

function fleetText({ endpoints, online, counts }: NonNullable<StatusSummary["fleet"]>): string {
  const total = wholeCount(endpoints);
  const by = statusCounts(counts);
  return `${String(total)} ${total === 1 ? "endpoint" : "endpoints"}, ${String(wholeCount(online))} online${by === "" ? "" : `: ${by}`}`;
}

function fieldsOf(summary: StatusSummary, nowMs: number): LineContent["fields"] {
  const { counts, fleet, lastDeed, message = "", reasons, status } = summary;
  const count = (value: number | undefined): string => String(wholeCount(value));
  return {
    icon: STATUS_FACES[status].glyph,
    status,
    endpoint: summary.endpoint,
    pool: summary.pool,
    older: count(counts.older),
    newer: count(counts.newer),
    missing: count(counts.missing),
    rebuilt: count(counts.rebuilt),
    held: count(counts.held),
    foreign: count(counts.foreign),
    behind: String(behindOf(summary)),
    ahead: count(counts.newer),
    endpoints: fleet === undefined ? "" : count(fleet.endpoints),
    online: fleet === undefined ? "" : count(fleet.online),
    percent: String(percentageOf(summary)),
    step: summary.step ?? "",
    reason: reasons[0] ?? "",
    differences: countsLine(counts),
    drift: (summary.drift ?? []).map(({ name }) => name).join(" "),
    target: count(summary.targetRevision),
    message,
    deed: lastDeed === undefined ? "" : deedText(lastDeed, nowMs),
    fleet: fleet === undefined ? "" : statusCounts(fleet.counts),
    inbox: count(summary.inbox),
    age: formatAge(summary.reportedAtMs, nowMs),
  };
}
