// What a line says before it is drawn: plain texts that a template may put elsewhere. Nothing in it is escaped or cut yet.
import { SYNC_STATUSES, type SyncStatus } from "../drift/sync-status.ts";

/** The keys of WayBar's format-icons: the one thing that matters most. */
export const LINE_ALTS = [...SYNC_STATUSES, "asleep", "stale", "offline", "reboot", "error"] as const;

/** Classes of the style sheet: the status always, and whatever else is true beside it. */
export const LINE_CLASSES = [...LINE_ALTS, "approval", "old-target"] as const;

export type LineAlt = (typeof LINE_ALTS)[number];
export type LineClass = (typeof LINE_CLASSES)[number];

/** What a template can ask for. */
export const TEMPLATE_FIELDS = [
  "text",
  "tooltip",
  "icon",
  "status",
  "endpoint",
  "pool",
  "older",
  "newer",
  "missing",
  "rebuilt",
  "held",
  "foreign",
  "behind",
  "ahead",
  "endpoints",
  "online",
  "percent",
  "step",
  "reason",
  "differences",
  "drift",
  "target",
  "message",
  "deed",
  "fleet",
  "inbox",
  "age",
] as const;

export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

export interface LineContent {
  readonly text: string;
  readonly alt: LineAlt;
  readonly classes: readonly LineClass[];
  /** A whole number from 0 to 100: older WayBars read 7.6 as 0. */
  readonly percentage: number;
  /** The first lines say what matters: what does not fit is cut from the end. */
  readonly tooltip: readonly string[];
  /** Nobody vouches for it at this moment. */
  readonly isDim: boolean;
  /** In sync, live, and nothing waits: a bar may hide it. */
  readonly isQuiet: boolean;
  /** What `text` and `tooltip` do not say; a field that has no meaning here is empty. */
  readonly fields: Readonly<Partial<Record<TemplateField, string>>>;
}

/** Older facts are shown as stale: twice the agent's rhythm. */
export const STALE_AFTER_MS = 120_000;

/** What shows more digits is wider than a bar, and more packages than there are. */
const MAX_COUNT = 999_999;

/** A count as it may stand in a line, whatever a damaged file says. */
export function wholeCount(value: number | undefined): number {
  if (value === undefined || !(value > 0)) return 0;
  return Math.min(MAX_COUNT, Math.trunc(value));
}

/** From 0 to 100. */
export function wholePercent(value: number | undefined): number {
  return Math.min(100, wholeCount(value));
}

/** What needs a hand comes before what moves, and both before what is only different. */
export const WORST_FIRST: readonly SyncStatus[] = [
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

/** For example "2 behind, 5 in-sync", worst first; empty without endpoints. */
export function statusCounts(counts: Readonly<Partial<Record<SyncStatus, number>>>): string {
  return WORST_FIRST.filter((status) => wholeCount(counts[status]) > 0)
    .map((status) => `${String(wholeCount(counts[status]))} ${status}`)
    .join(", ");
}
