// The age of a pool's target and what its repositories have beyond it, as JSON and for people.
import { type TargetAge, targetAge } from "../../domain/target/age.ts";
import type { Upstream } from "../../domain/target/beyond.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { Terminal } from "../terminal.ts";
import type { Cell } from "./columns.ts";
import { jsonTime } from "./json.ts";
import { ago } from "./words.ts";

/** Null while nothing newer is known. */
export function upstreamJson(upstream: Upstream | undefined): Readonly<Record<string, unknown>> | null {
  if (upstream === undefined) return null;
  const { newer, newerInstalled, builtAt, endpoint } = upstream;
  return { newer, newerInstalled, asOf: jsonTime(builtAt * 1_000), endpoint };
}

/** Undefined without a target. */
export function ageOf({ target, upstream, staleAfterDays }: PoolView, nowMs = Date.now()): TargetAge | undefined {
  return target === undefined ? undefined : targetAge(target, upstream, staleAfterDays, nowMs);
}

/** Nothing while the target is young and nothing newer is known. */
export function ageFacts({ paint }: Terminal, pool: PoolView): readonly (readonly [string, Cell | string])[] {
  const { upstream } = pool;
  const age = ageOf(pool);
  if (age === undefined || (!age.isOld && upstream === undefined)) return [];
  const since = upstream === undefined ? "" : `, as of ${ago(upstream.builtAt * 1_000)}, from ${upstream.endpoint}`;
  const text = `${age.isOld ? `${age.hint}: ` : ""}${age.words}${since}`;
  return [["age", { text, paint: (shown) => (age.isOld ? paint("notice", shown) : shown) }]];
}
