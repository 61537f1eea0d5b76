// How facts are said on more than one screen: ages, sizes, presence, what differs, a target in one line.
import type { DriftCounts } from "../domain/drift/drift.ts";
import { agoWords } from "../domain/face/ago.ts";
import { PRESENCE_FACES } from "../domain/face/faces.ts";
import { formatAge } from "../domain/status-line/age.ts";
import { targetAge } from "../domain/target/age.ts";
import type { Target } from "../domain/target/target.ts";
import type { EndpointView } from "../rpc/codec/endpoint.ts";
import type { PoolView } from "../rpc/codec/pool.ts";
import type { Line } from "./theme.ts";

/** For example "5 min ago"; "never" for 0. */
export function ago(sinceMs: number, nowMs: number): string {
  return agoWords(sinceMs, nowMs);
}

/** Local date and time to the minute. */
export function moment(ms: number): string {
  if (ms === 0) return "–";
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Local time to the second. */
export function clock(ms: number): string {
  const at = new Date(ms);
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((value) => String(value).padStart(2, "0")).join(":");
}

/** For example "2 min 5 s". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export function size(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = unit === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  return `${bytes < 0 ? "−" : ""}${shown} ${UNITS[unit] ?? ""}`;
}

/** What never changes the status and is counted all the same. */
export function asides(counts: DriftCounts): string {
  return (["own", "held", "foreign"] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`)
    .join(", ");
}

export function presence(endpoint: EndpointView, nowMs: number): Line {
  const { glyph, word, role } = PRESENCE_FACES[endpoint.isOnline ? "online" : "asleep"];
  if (endpoint.isOnline) return [{ text: `${glyph} `, tone: role }, { text: word }];
  const isNew = nowMs - endpoint.lastSeenMs < 60_000;
  const since = endpoint.lastSeenMs === 0 ? "" : isNew ? " <1 min" : ` ${formatAge(endpoint.lastSeenMs, nowMs)}`;
  return [{ text: `${glyph} ${word}${since}`, tone: role }];
}

/** For example: target 4 "May" from atlas, 5 min ago. */
export function targetLine(pool: PoolView | undefined, nowMs: number): Line {
  const target = pool?.target;
  if (pool === undefined || target === undefined) {
    return [
      { text: "no target yet: ", tone: "muted" },
      { text: "L", tone: "key" },
      { text: " on an endpoint makes one" },
    ];
  }
  return [
    { text: `target ${target.revision} `, tone: "strong" },
    ...(target.bad ? [{ text: "bad ", tone: "alarm" } as const] : []),
    ...ageWords(pool, target, nowMs),
    ...(target.message === "" ? [] : [{ text: `“${target.message}” ` }]),
    { text: `from ${target.sourceEndpoint}, ${ago(target.createdAtMs, nowMs)}`, tone: "muted" },
  ];
}

/** An old target is not simply well, and what upstream has is worth a word. Before the message, since lines are cut. */
function ageWords({ upstream, staleAfterDays }: PoolView, target: Target, nowMs: number): Line {
  const { isOld } = targetAge(target, upstream, staleAfterDays, nowMs);
  const count = upstream === undefined ? 0 : upstream.newerInstalled || upstream.newer;
  const words = [...(isOld ? ["old"] : []), ...(count === 0 ? [] : [`${count} newer upstream`])].join(", ");
  return words === "" ? [] : [{ text: `${words} `, tone: isOld ? "notice" : "muted" }];
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
