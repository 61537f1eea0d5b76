// Ages for people: one number and a unit, rounded down, never in the future.

const UNITS = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "min", seconds: 60 },
] as const;

/** Ten years: what is older, or has a damaged time, is as old as that. */
const MAX_SECONDS = 3_650 * 86_400;

/** For example "5 min"; below a minute "under a minute". A clock that went back counts as no age. */
export function formatAge(sinceMs: number, nowMs: number): string {
  const elapsed = Math.floor((nowMs - sinceMs) / 1_000);
  const seconds = Number.isNaN(elapsed) ? MAX_SECONDS : Math.min(MAX_SECONDS, Math.max(0, elapsed));
  const unit = UNITS.find((one) => seconds >= one.seconds);
  return unit === undefined ? "under a minute" : `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}
