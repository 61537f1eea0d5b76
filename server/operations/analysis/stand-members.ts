// The part of an analysis that follows from package sets: how each endpoint stands to the pool's views, and how many have a
// package. What was computed for the same views before is taken over; the rest is read some sets at a time.
import type { Member } from "../../../domain/analysis/analysis.ts";
import { computeStanding, type Standing } from "../../../domain/analysis/standing.ts";
import type { Database } from "../../store/database.ts";
import { type AnalysisCache, type ComparedViews, SETS_AT_ONCE } from "./analysis-cache.ts";
import type { MemberRow } from "./pool-members.ts";

/** Each distinct set, view and held names once; the rest is looked up. */
export async function standMembers(
  database: Database,
  cache: AnalysisCache,
  compared: ComparedViews,
  rows: readonly MemberRow[],
): Promise<readonly Omit<Member, "isBeyond">[]> {
  const { views } = compared.availability;
  const places = new Map(views.map(({ digest }, place) => [digest, place] as const));
  const subjects = rows.map((row) => subjectOf(row, places));
  const wanted = new Map(subjects.flatMap((one) => (one.key === undefined ? [] : [[one.key, one] as const])));
  const standings = new Map<string, Standing>();
  const missing: Subject[] = [];
  for (const [key, subject] of wanted) {
    const known = compared.standings.get(key);
    if (known === undefined) missing.push(subject);
    else standings.set(key, known);
  }
  for (const some of chunksOf(missing, SETS_AT_ONCE)) {
    const installed = await cache.installed(database, [...new Set(some.map(({ set }) => set))]);
    for (const { key = "", view: own = 0, set, row } of some) {
      const held = new Set(row.held);
      const numbers = installed.get(set) ?? NOTHING;
      standings.set(key, computeStanding(cache.table, { lines: cache.lines, installed: numbers, own, views, held }));
      const pause = cache.turns.pause();
      if (pause !== undefined) await pause;
    }
  }
  compared.standings = standings;
  return subjects.map(({ row, view, key }) => {
    const standing = key === undefined ? undefined : standings.get(key);
    return { name: row.name, isOnline: row.online, isDegraded: row.degraded, view, standing };
  });
}

const NOTHING = new Int32Array(0);

/** An endpoint's row, and what its standing follows from. */
interface Subject {
  readonly row: MemberRow;
  readonly view: number | undefined;
  readonly set: string;
  /** Undefined where there is no standing to compute. */
  readonly key: string | undefined;
}

function subjectOf(row: MemberRow, places: ReadonlyMap<string, number>): Subject {
  const view = row.view_digest === null ? undefined : places.get(row.view_digest);
  const set = row.package_set_digest ?? "";
  const key = view === undefined || set === "" ? undefined : `${set} ${String(view)} ${row.held.join(" ")}`;
  return { row, view, set, key };
}

/** Endpoints by name number, from each distinct set once. */
export async function countInstalled(
  database: Database,
  cache: AnalysisCache,
  compared: ComparedViews,
  rows: readonly MemberRow[],
): Promise<Int32Array> {
  const endpoints = new Map<string, number>();
  for (const { package_set_digest: digest } of rows) {
    if (digest !== null) endpoints.set(digest, (endpoints.get(digest) ?? 0) + 1);
  }
  const key = [...endpoints].map(([digest, many]) => `${digest} ${String(many)}`).join(" ");
  if (compared.installed?.key === key) return compared.installed.counts;
  let counts = new Int32Array(cache.table.names);
  for (const digests of chunksOf([...endpoints.keys()], SETS_AT_ONCE)) {
    for (const [digest, installed] of await cache.installed(database, digests)) {
      if (cache.table.names > counts.length) counts = grown(counts, cache.table.names);
      const many = endpoints.get(digest) ?? 0;
      for (const line of installed) {
        const name = cache.lines.nameOf(line);
        counts[name] = (counts[name] ?? 0) + many;
      }
    }
    await cache.turns.pause();
  }
  compared.installed = { key, counts };
  return counts;
}

function* chunksOf<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

function grown(counts: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(counts);
  return longer;
}
