// Finds the pools that moved, whoever moved them, and rings for them. It reads every event whose transaction was not
// certainly visible a round ago, only to learn which pools moved; watchers then read each pool by its revisions. So one
// long transaction costs a few rows read twice, and no event is ever lost.
import type { Database } from "../store/database.ts";
import { type Rounds, runEvery } from "./run-every.ts";

export interface SweepOptions extends Pick<Rounds, "onError"> {
  readonly database: Database;
  /** Rings in this process. */
  readonly ring: (poolId: string) => void;
  readonly everyMs?: number;
}

/** Without a doorbell a change on another server is seen this late at most. */
const SWEEP_MS = 1_500;

/** Sweeps until disposed. */
export function sweepPools(options: SweepOptions): AsyncDisposable {
  const sweep = makeSweep(options.database);
  return runEvery({ everyMs: options.everyMs ?? SWEEP_MS, onError: options.onError }, async () => {
    for (const poolId of await sweep()) options.ring(poolId);
  });
}

interface Moved {
  readonly pool_id: string;
  readonly revision: number;
}

/** Each call gives the pools that moved since the call before; the first gives none. */
export function makeSweep(database: Database): () => Promise<readonly string[]> {
  let horizon: string | undefined;
  let seen = new Map<string, number>();
  return () =>
    database.snapshot(async (sql) => {
      const text = "select pg_snapshot_xmin(pg_current_snapshot())::text as xmin";
      const [row] = await sql.query<{ xmin: string }>(text);
      const from = horizon;
      if (row === undefined || from === undefined) {
        horizon = row?.xmin;
        return [];
      }
      const moved = await sql.query<Moved>(
        "select pool_id, max(revision) as revision from pool_event where xid >= $1::xid8 group by pool_id",
        [from],
      );
      const fresh = moved.filter((one) => one.revision > (seen.get(one.pool_id) ?? -1));
      // Only what the next round can read again has to be remembered.
      seen = new Map(moved.map((one) => [one.pool_id, one.revision]));
      horizon = row.xmin;
      return fresh.map((one) => one.pool_id);
    });
}
