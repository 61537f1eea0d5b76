import type { DriftCounts } from "../drift/drift.ts";
/** For example "12 older, 1 newer"; empty for nothing. */
export declare function differences(counts: DriftCounts): string;
/** For example "12↓ 1↑". */
export declare function shortDifferences(counts: DriftCounts): string;
