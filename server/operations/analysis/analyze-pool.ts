import { createHash } from "node:crypto";
import type { Analysis, PoolFacts } from "../../../domain/analysis/analysis.ts";
import { computeAnalysis } from "../../../domain/analysis/compute-analysis.ts";
import { listPackages, type PackageFilter, type PackagePage } from "../../../domain/analysis/list-packages.ts";
import type { ViewOffers } from "../../../domain/analysis/view-offers.ts";
import type { Database } from "../../store/database.ts";
import { pageStart, tokenOf } from "../pages.ts";
import type { Page } from "../records.ts";
import { readNewestTarget } from "../target-rows.ts";
import type { AnalysisCache } from "./analysis-cache.ts";
import { type MemberRow, readPoolMembers, viewDigestsOf } from "./pool-members.ts";
import { countInstalled, standMembers } from "./stand-members.ts";

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
    targetViews:
      target === undefined ? undefined : [target.viewDigest, ...target.otherViews.map(({ digest }) => digest)],
    shared: [...new Set([...(target?.shared ?? []), ...read.shared])].toSorted(),
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

function digestOf(views: readonly ViewOffers[], rows: readonly MemberRow[]): string {
  const hash = createHash("sha256");
  for (const { digest } of views) hash.update(`${digest}\n`);
  for (const row of rows) hash.update(`${row.name} ${row.view_digest ?? ""} ${row.package_set_digest ?? ""}\n`);
  return hash.digest("hex");
}
