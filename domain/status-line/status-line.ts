// A status summary becomes the one JSON line that WayBar reads. Agent and WayBar module draw the same line with it, so it
// knows neither; the clock is passed in.
import type { DriftCounts } from "../drift/drift.ts";
import { MAX_STATUS_LINE_BYTES } from "../limits.ts";
import { encodeUtf8 } from "../text/utf8.ts";
import { formatAge } from "./age.ts";
import { escapePango, shorten } from "./pango.ts";
import type { StatusSummary } from "./status-summary.ts";

/** The keys of WayBar's format-icons, and classes of its style sheet. */
export type StatusAlt = StatusSummary["status"] | "reboot-required" | "offline" | "stale";

/** Older facts are shown as stale: three heartbeats of the agent, and some. */
export const STALE_AFTER_MS = 120_000;

/** One line without its newline, under 4 KiB. */
export function statusLine(summary: StatusSummary, nowMs: number): string {
  const line = {
    text: escapePango(labelOf(summary)),
    alt: altOf(summary, nowMs),
    class: classesOf(summary, nowMs),
    percentage: percentageOf(summary),
  };
  const lines = tooltipLines(summary, nowMs).map((one) => escapePango(shorten(one, MAX_LINE_CHARACTERS)));
  // Lines go from the end until it fits: the first ones say what matters.
  for (let kept = lines.length; kept > 0; kept -= 1) {
    const text = JSON.stringify({ ...line, tooltip: lines.slice(0, kept).join("\n") });
    if (encodeUtf8(text).length < MAX_STATUS_LINE_BYTES) return text;
  }
  return JSON.stringify({ ...line, tooltip: "" });
}

/** The line when nothing at all is known: no agent, no server. Still a line, so that the module stays in the bar. */
export function unknownStatusLine(message: string): string {
  const tooltip = escapePango(shorten(message, MAX_LINE_CHARACTERS));
  return JSON.stringify({ text: "?", alt: "unknown", class: ["unknown"], percentage: 0, tooltip });
}

const MAX_LINE_CHARACTERS = 200;
const MAX_REASONS_SHOWN = 6;
const MAX_LABEL_CHARACTERS = 40;

function altOf(summary: StatusSummary, nowMs: number): StatusAlt {
  // What needs a hand, or moves, is worth more than how old it is.
  if (summary.status === "syncing" && !isStale(summary, nowMs)) return "syncing";
  if (summary.offlineSinceMs !== undefined) return "offline";
  if (isStale(summary, nowMs)) return "stale";
  if (summary.rebootRequired === true && summary.status === "in-sync") return "reboot-required";
  return summary.status;
}

/** The status is always there, so that offline and stale can be styled over the last good colour. */
function classesOf(summary: StatusSummary, nowMs: number): readonly string[] {
  const classes: string[] = [summary.status];
  if (summary.offlineSinceMs !== undefined) classes.push("offline");
  if (isStale(summary, nowMs)) classes.push("stale");
  if (summary.rebootRequired === true) classes.push("reboot-required");
  if (summary.targetIsOld === true) classes.push("old-target");
  return classes;
}

function isStale(summary: StatusSummary, nowMs: number): boolean {
  return nowMs - summary.reportedAtMs >= STALE_AFTER_MS;
}

/** A whole number: older WayBars read 7.6 as 0. Without an operation it is how far the status is from done. */
function percentageOf(summary: StatusSummary): number {
  if (summary.status === "in-sync") return 100;
  const percent = Math.trunc(summary.percent ?? 0);
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}

/** Never empty: WayBar hides a module without text, and people then think that it broke. */
function labelOf(summary: StatusSummary): string {
  const { older, newer, rebuilt, missing, extra, replaced, reason } = summary.counts;
  const behind = older + rebuilt + missing + replaced;
  switch (summary.status) {
    case "in-sync":
      return summary.rebootRequired === true ? "reboot" : "in sync";
    case "syncing":
      return `${percentageOf(summary)}%`;
    case "behind":
      return `↓${behind}`;
    case "ahead":
      return `↑${newer}`;
    case "diverged":
      return `↓${behind} ↑${newer}${extra + reason > 0 ? ` ±${extra + reason}` : ""}`;
    case "pending-approval":
      return "approve?";
    case "blocked":
    case "degraded":
    case "unknown":
      return shorten(summary.status, MAX_LABEL_CHARACTERS);
  }
}

function tooltipLines(summary: StatusSummary, nowMs: number): readonly string[] {
  const lines = [`${summary.endpoint}${summary.pool === "" ? "" : ` in pool ${summary.pool}`}: ${summary.status}`];
  if (summary.offlineSinceMs !== undefined) {
    lines.push(`server not reachable for ${formatAge(summary.offlineSinceMs, nowMs)}; this is the last that is known`);
  }
  if (isStale(summary, nowMs)) lines.push(`stale: from ${formatAge(summary.reportedAtMs, nowMs)} ago`);
  if (summary.status === "syncing" && summary.step !== undefined)
    lines.push(`${summary.step}, ${percentageOf(summary)}%`);
  if (summary.rebootRequired === true) lines.push("a reboot is needed");
  lines.push(...summary.reasons.slice(0, MAX_REASONS_SHOWN));
  if (summary.reasons.length > MAX_REASONS_SHOWN)
    lines.push(`and ${summary.reasons.length - MAX_REASONS_SHOWN} more reasons`);
  const counts = countsLine(summary.counts);
  // An agent that names some packages puts the counts before them.
  if (counts !== "" && !summary.reasons.includes(counts)) lines.push(counts);
  if (summary.targetRevision > 0) {
    const message = summary.message === undefined || summary.message === "" ? "" : `: ${summary.message}`;
    lines.push(`target ${summary.targetRevision}${message}`);
    if (summary.targetAge !== undefined) lines.push(summary.targetAge);
  }
  return lines.map((one) => one.replaceAll("\n", " "));
}

/** For example "3 older, 1 newer, 4 held"; empty when all are zero. Own packages are no news. */
export function countsLine(counts: DriftCounts): string {
  const shown = [
    "older",
    "newer",
    "rebuilt",
    "missing",
    "extra",
    "reason",
    "replaced",
    "held",
    "foreign",
    "unavailable",
  ] as const;
  return shown
    .filter((one) => counts[one] > 0)
    .map((one) => `${counts[one]} ${one}`)
    .join(", ");
}
