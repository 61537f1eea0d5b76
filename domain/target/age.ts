// How old a target is, in words: in sync with an old target is not simply well. Never changes a sync status.
import { formatAge } from "../status-line/age.ts";
import type { Upstream } from "./beyond.ts";

/** Two weeks: Arch asks for frequent updates, and many upgrade weekly. */
export const DEFAULT_STALE_AFTER_DAYS = 14;

const DAY_MS = 86_400_000;

export interface TargetAge {
  /** Whether it is older than the pool wants its target to be. */
  readonly isOld: boolean;
  /** For example "23 d old; upstream has 41 newer packages". */
  readonly words: string;
  /** One word for where there is little room; empty while all is well. */
  readonly hint: string;
}

export function targetAge(
  target: { readonly createdAtMs: number },
  upstream: Upstream | undefined,
  staleAfterDays: number,
  nowMs: number,
): TargetAge {
  const isOld = staleAfterDays > 0 && nowMs - target.createdAtMs >= staleAfterDays * DAY_MS;
  const age = `${formatAge(target.createdAtMs, nowMs)} old`;
  const beyond = upstream === undefined ? undefined : upstreamWords(upstream);
  return { isOld, words: [age, ...(beyond === undefined ? [] : [beyond])].join("; "), hint: isOld ? "old target" : "" };
}

/** What a line or a header says of it; empty while the target is young and nothing newer is known. */
export function ageNotice(age: TargetAge, upstream: Upstream | undefined): string {
  if (!age.isOld && upstream === undefined) return "";
  return age.isOld ? `${age.hint}: ${age.words}` : age.words;
}

/** "upstream has 41 newer packages", counted among those that the target's source has where there are any. */
function upstreamWords({ newer, newerInstalled }: Upstream): string {
  if (newerInstalled === 0) return `upstream has ${plural(newer)}, none of them installed`;
  return `upstream has ${plural(newerInstalled)}`;
}

function plural(count: number): string {
  return count === 1 ? "1 newer package" : `${String(count)} newer packages`;
}
