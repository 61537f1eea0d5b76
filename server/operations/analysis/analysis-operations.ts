// Analyses for the edge, bound to a store.
import type { PackageFilter } from "../../../domain/analysis/list-packages.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import type { Page } from "../records.ts";
import { makeAnalysisCaches } from "./analysis-cache.ts";
import { analyzePool, type PoolAnalysis } from "./analyze-pool.ts";
import { getPackage, type PackageRecord } from "./get-package.ts";
import { makeInstalledLines } from "./installed-lines.ts";

export interface AnalysisOperations {
  readonly analyzePool: (pool: string, filter: PackageFilter, page: Page) => Promise<PoolAnalysis>;
  /** Pool undefined means every pool. */
  readonly getPackage: (name: string, pool: string | undefined, page: Page) => Promise<PackageRecord>;
}

export function makeAnalysisOperations(store: Store): AnalysisOperations {
  const content = contentOf(store);
  const present = makeAnalysisCaches(content);
  const sources = { database: store.database, content, lines: makeInstalledLines(content) };
  return {
    analyzePool: (pool, filter, page) => analyzePool(store.database, present(), pool, filter, page),
    getPackage: (name, pool, page) => getPackage(sources, name, pool, page),
  };
}
