// The agent's summary of its machine, as it lies beside its socket. Read again at every change; never trusted blindly:
// a damaged file is the same as none.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DriftCounts, NO_DRIFT } from "../domain/drift/drift.ts";
import { SYNC_STATUSES, type SyncStatus } from "../domain/drift/sync-status.ts";
import { DRIFT_FACES } from "../domain/face/faces.ts";
import { STALE_AFTER_MS } from "../domain/status-line/line-content.ts";
import {
  type CountsByStatus,
  type FleetSummary,
  type LastDeed,
  MAX_NAMED_DRIFT,
  type NamedDrift,
  type StatusSummary,
} from "../domain/status-line/status-summary.ts";

/** Named by the agent; the launcher reads `status` in the same folder. */
export const SUMMARY_FILE = "status.json";

/** A summary is a few hundred bytes, some thousand with names and sentences. */
const MAX_CHARS = 64 * 1024;
const MAX_REASONS = 100;

type Fields = Readonly<Record<string, unknown>>;

/** Of the first folder whose summary is fresh, else of the first that has one; undefined when none has. */
export function readSummary(runDirs: readonly string[], nowMs = Date.now()): StatusSummary | undefined {
  const found = runDirs
    .map((runDir) => parseSummary(readText(join(runDir, SUMMARY_FILE))))
    .filter((one) => one !== undefined);
  return found.find((one) => isFresh(one, nowMs)) ?? found[0];
}

/** Somebody vouches for it at this moment, for all that one look can tell. */
export function isFresh({ reportedAtMs, isAgentStopped }: StatusSummary, nowMs: number): boolean {
  return isAgentStopped !== true && Math.abs(nowMs - reportedAtMs) < STALE_AFTER_MS;
}

/** Undefined for anything that is not a whole summary. Read by hand: a bar starts in a few milliseconds. */
export function parseSummary(text: string): StatusSummary | undefined {
  if (text.length === 0 || text.length > MAX_CHARS) return undefined;
  try {
    return toSummary(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toSummary(value: unknown): StatusSummary | undefined {
  if (!isFields(value)) return undefined;
  const { endpoint, pool, reasons, reportedAtMs } = value;
  const status = SYNC_STATUSES.find((one) => one === value["status"]);
  const counts = toCounts(value["counts"]);
  const isWhole = typeof endpoint === "string" && typeof pool === "string" && isTexts(reasons);
  if (status === undefined || counts === undefined || !isWhole || !isNumber(reportedAtMs)) return undefined;
  return {
    endpoint,
    pool,
    status,
    counts,
    reasons: reasons.slice(0, MAX_REASONS),
    reportedAtMs,
    targetRevision: isNumber(value["targetRevision"]) ? value["targetRevision"] : 0,
    ...only(value, ["percent", "offlineSinceMs", "inbox"], isNumber),
    ...only(value, ["step", "message", "targetAge"], isText),
    ...only(value, ["rebootRequired", "targetIsOld", "isAgentStopped"], isBoolean),
    ...only(value, ["lastDeed"], isDeed),
    ...only(value, ["fleet"], isFleet),
    ...(Array.isArray(value["drift"]) ? { drift: value["drift"].filter(isNamedDrift).slice(0, MAX_NAMED_DRIFT) } : {}),
  };
}

/** The named fields that are there and right. */
function only<Name extends keyof StatusSummary, Value extends StatusSummary[Name]>(
  fields: Fields,
  names: readonly Name[],
  isRight: (value: unknown) => value is Value,
): { readonly [One in Name]?: Value } {
  const found: { [One in Name]?: Value } = {};
  for (const name of names) {
    const value = fields[name];
    if (isRight(value)) found[name] = value;
  }
  return found;
}

/** An older agent lacks a count. */
function toCounts(value: unknown): DriftCounts | undefined {
  if (!isFields(value)) return undefined;
  const names = Object.keys(NO_DRIFT) as (keyof DriftCounts)[];
  return Object.fromEntries(
    names.map((name) => [name, isNumber(value[name]) ? value[name] : 0]),
  ) as unknown as DriftCounts;
}

function isDeed(value: unknown): value is LastDeed {
  return isFields(value) && isText(value["what"]) && isText(value["who"]) && isNumber(value["atMs"]);
}

function isFleet(value: unknown): value is FleetSummary {
  if (!isFields(value) || !isNumber(value["endpoints"]) || !isNumber(value["online"])) return false;
  return isFields(value["counts"]) && isCountsByStatus(value["counts"]);
}

function isCountsByStatus(counts: Fields): counts is Fields & CountsByStatus {
  return SYNC_STATUSES.every((status: SyncStatus) => isNumber(counts[status]));
}

function isNamedDrift(value: unknown): value is NamedDrift {
  if (!isFields(value) || !isText(value["name"]) || !isText(value["kind"])) return false;
  const versions = [value["installed"], value["wanted"]];
  return Object.hasOwn(DRIFT_FACES, value["kind"]) && versions.every((one) => one === undefined || isText(one));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
