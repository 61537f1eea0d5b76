// Analyses for the edge, bound to a store.
import type { PackageFilter } from "../../../domain/analysis/list-packages.ts";
import type { Store } from "../../store/store.ts";
import { contentOf } from "../content.ts";
import type { Page } from "../records.ts";
import { makeAnalysisCaches } from "./analysis-cache.ts";
import { analyzePool, type PoolAnalysis } from "./analyze-pool.ts";

export interface AnalysisOperations {
  readonly analyzePool: (pool: string, filter: PackageFilter, page: Page) => Promise<PoolAnalysis>;
}

export function makeAnalysisOperations(store: Store): AnalysisOperations {
  const present = makeAnalysisCaches(contentOf(store));
  return { analyzePool: (pool, filter, page) => analyzePool(store.database, present(), pool, filter, page) };
}
