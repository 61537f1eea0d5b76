// What suggestions are made from. Types only.
import type { Analysis, Member, PoolFacts } from "./analysis.ts";
import type { OfferTable } from "./offer-table.ts";

/** The analysis but for its suggestions, and what it was made from. */
export interface Findings extends Omit<Analysis, "suggestions"> {
  readonly table: OfferTable;
  readonly members: readonly Member[];
  readonly facts: PoolFacts;
}
