// Ages for people: one number and a unit, rounded down, never in the future.

const UNITS = [
  { name: "d", seconds: 86_400 },
  { name: "h", seconds: 3_600 },
  { name: "min", seconds: 60 },
] as const;

/** For example "5 min"; below a minute "under a minute". A clock that went back counts as no age. */
export function formatAge(sinceMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1_000));
  const unit = UNITS.find((one) => seconds >= one.seconds);
  return unit === undefined ? "under a minute" : `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}
