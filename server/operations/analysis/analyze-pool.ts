import { createHash } from "node:crypto";
import type { Analysis, Member, PoolFacts } from "../../../domain/analysis/analysis.ts";
import { computeAnalysis } from "../../../domain/analysis/compute-analysis.ts";
import { listPackages, type PackageFilter, type PackagePage } from "../../../domain/analysis/list-packages.ts";
import { computeStanding, type Standing } from "../../../domain/analysis/standing.ts";
import type { ViewOffers } from "../../../domain/analysis/view-offers.ts";
import type { Database } from "../../store/database.ts";
import { pageStart, tokenOf } from "../pages.ts";
import type { Page } from "../records.ts";
import { readNewestTarget } from "../target-rows.ts";
import type { AnalysisCache, ComparedViews } from "./analysis-cache.ts";
import { type MemberRow, readPoolMembers, viewDigestsOf } from "./pool-members.ts";

export interface PoolAnalysis {
  readonly poolId: string;
  readonly pool: string;
  /** Changes when a view or a set of the pool does: pages of one digest belong together. */
  readonly digest: string;
  readonly analysis: Analysis;
  readonly page: PackagePage & { readonly nextToken: string | undefined };
}

/** Views that one analysis compares, those of most endpoints first: with more the answer would say nothing any more. */
const MAX_VIEWS = 64;

/** Over the views and sets that the pool's endpoints have now. Throws POOL_NOT_FOUND. */
export async function analyzePool(
  database: Database,
  cache: AnalysisCache,
  pool: string,
  filter: PackageFilter,
  page: Page,
): Promise<PoolAnalysis> {
  const after = pageStart(page) ?? "";
  const read = await database.snapshot(async (sql) => {
    const members = await readPoolMembers(sql, pool);
    return { ...members, target: await readNewestTarget(sql, members.pool.id) };
  });
  const { rows, target } = read;
  const digests = viewDigestsOf(rows);
  // From here on by digest: what has one never changes, so no snapshot is held open meanwhile.
  const views = inOrder(await readViews(database, cache, digests.slice(0, MAX_VIEWS)), rows);
  const compared = await cache.compare(views);
  const beyond = new Set(digests.slice(MAX_VIEWS));
  const members = (await standMembers(database, cache, compared, rows)).map((member, at) => ({
    ...member,
    isBeyond: beyond.has(rows[at]?.view_digest ?? ""),
  }));
  const facts: PoolFacts = {
    pool: read.pool.name,
    mode: read.pool.mode,
    viewsBeyond: beyond.size,
    target:
      target === undefined
        ? undefined
        : {
            revision: target.revision,
            views: [target.viewDigest, ...target.otherViews.map(({ digest }) => digest)],
            shared: target.shared,
          },
  };
  await cache.turns.pause();
  const counts = await countInstalled(database, cache, compared, rows);
  const analysis = computeAnalysis(cache.table, compared.availability, members, facts, counts);
  const found = listPackages(cache.table, analysis, filter, { after, size: page.size });
  const last = found.packages.at(-1);
  return {
    poolId: read.pool.id,
    pool: read.pool.name,
    digest: digestOf(views, rows),
    analysis,
    page: { ...found, nextToken: found.hasMore && last !== undefined ? tokenOf(last.name) : undefined },
  };
}

/** The largest class first, the freshest of a class first. */
function inOrder(views: readonly ViewOffers[], rows: readonly MemberRow[]): readonly ViewOffers[] {
  const classes = new Map(views.map((view) => [view.digest, view.class]));
  const endpoints = new Map<string, number>();
  for (const { view_digest: digest } of rows) {
    const ofClass = classes.get(digest ?? "");
    if (ofClass !== undefined) endpoints.set(ofClass, (endpoints.get(ofClass) ?? 0) + 1);
  }
  return views.toSorted(
    (a, b) =>
      (endpoints.get(b.class) ?? 0) - (endpoints.get(a.class) ?? 0) ||
      (a.class === b.class ? b.newestBuild - a.newestBuild : a.class < b.class ? -1 : 1) ||
      (a.digest < b.digest ? -1 : 1),
  );
}

async function readViews(
  database: Database,
  cache: AnalysisCache,
  digests: readonly string[],
): Promise<readonly ViewOffers[]> {
  const views: ViewOffers[] = [];
  // One after the other: together they would hold all their databases' texts in memory at once.
  for (const digest of digests) {
    const view = await cache.view(database, digest);
    if (view !== undefined) views.push(view);
    await cache.turns.pause();
  }
  return views;
}

/** Each distinct set, view and held names once; the rest is looked up. */
async function standMembers(
  database: Database,
  cache: AnalysisCache,
  compared: ComparedViews,
  rows: readonly MemberRow[],
): Promise<readonly Omit<Member, "isBeyond">[]> {
  const { views } = compared.availability;
  const places = new Map(views.map(({ digest }, place) => [digest, place] as const));
  const standings = new Map<string, Standing>();
  const members: Omit<Member, "isBeyond">[] = [];
  for (const row of rows) {
    const view = row.view_digest === null ? undefined : places.get(row.view_digest);
    const setDigest = row.package_set_digest;
    let standing: Standing | undefined;
    if (view !== undefined && setDigest !== null) {
      const key = `${setDigest} ${String(view)} ${row.held.join(" ")}`;
      standing = standings.get(key) ?? compared.standings.get(key);
      if (standing === undefined) {
        const installed = await cache.installed(database, setDigest);
        standing = computeStanding(cache.table, {
          lines: cache.lines,
          installed,
          own: view,
          views,
          held: new Set(row.held),
        });
        await cache.turns.pause();
      }
      standings.set(key, standing);
    }
    members.push({ name: row.name, isOnline: row.online, isDegraded: row.degraded, view, standing });
  }
  compared.standings = standings;
  return members;
}

/** Endpoints by name number, from each distinct set once. */
async function countInstalled(
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
  for (const [digest, many] of endpoints) {
    const installed = await cache.installed(database, digest);
    if (cache.table.names > counts.length) counts = grown(counts, cache.table.names);
    for (const line of installed) {
      const name = cache.lines.nameOf(line);
      counts[name] = (counts[name] ?? 0) + many;
    }
    await cache.turns.pause();
  }
  compared.installed = { key, counts };
  return counts;
}

function grown(counts: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(length);
  longer.set(counts);
  return longer;
}

function digestOf(views: readonly ViewOffers[], rows: readonly MemberRow[]): string {
  const hash = createHash("sha256");
  for (const { digest } of views) hash.update(`${digest}\n`);
  for (const row of rows) hash.update(`${row.name} ${row.view_digest ?? ""} ${row.package_set_digest ?? ""}\n`);
  return hash.digest("hex");
}
