// How long ago something was, as every table says it.
import { formatAge } from "../status-line/age.ts";

/** For example "5 min ago"; "just now" within a minute, "never" for 0. Unix ms. */
export function agoWords(sinceMs: number, nowMs: number): string {
  if (sinceMs === 0) return "never";
  return nowMs - sinceMs < 60_000 ? "just now" : `${formatAge(sinceMs, nowMs)} ago`;
}
