// How pools stand, for their agents' own faces: read once for all agents of a pool, seldom, and only after it moved. Ten
// thousand agents of a busy pool cost one read in five seconds and a message each in a heartbeat.
import type { PoolStanding } from "../../proto/generated/pacpool/v1/agent.ts";
import { encodeStatusCounts, encodeUpstream } from "../../rpc/codec/pool.ts";
import type { PoolRecord } from "../operations/records.ts";
import type { OpenedSession, SessionDesk } from "./desk.ts";
import type { Outbox } from "./outbox.ts";

/** A reading serves everyone who asks within this time. */
const SHARED_MS = 5_000;

export interface Standing {
  /** Told again when the agent has been told another mark. */
  readonly mark: number;
  readonly standing: PoolStanding;
}

interface Reading {
  readonly mark: number;
  readonly atMs: number;
  readonly record: Promise<PoolRecord>;
}

export interface StandingOptions {
  readonly readPool: (poolId: string) => Promise<PoolRecord>;
  /** The newest revision that was heard of; undefined before the first. */
  readonly revisionOf: (poolId: string) => number | undefined;
  readonly nowMs: () => number;
}

/** Answers undefined when nothing moved since the mark, or too little time passed to look again. */
export type AskStanding = (poolId: string, toldMark: number | undefined) => Promise<Standing | undefined>;

export function poolStandings({ readPool, revisionOf, nowMs }: StandingOptions): AskStanding {
  const readings = new Map<string, Reading>();
  return async (poolId, toldMark) => {
    const mark = revisionOf(poolId) ?? 0;
    if (mark === toldMark) return undefined;
    let reading = readings.get(poolId);
    const isShared = reading !== undefined && nowMs() - reading.atMs < SHARED_MS;
    if (reading === undefined || (reading.mark !== mark && !isShared)) {
      reading = { mark, atMs: nowMs(), record: readPool(poolId) };
      readings.set(poolId, reading);
      // Nobody is told of a failure for longer than the others wait for the next reading; a deleted pool is forgotten.
      reading.record.catch(() => readings.delete(poolId));
    }
    if (reading.mark === toldMark) return undefined;
    return { mark: reading.mark, standing: encodeStanding(await reading.record) };
  };
}

/** Tells one agent what is new for it. Only words for a bar: what goes wrong with them must not end its stream. */
export function standingTeller(
  { desk, outbox }: { readonly desk: Pick<SessionDesk, "poolStanding">; readonly outbox: Outbox },
  opened: OpenedSession,
): () => Promise<void> {
  let toldMark: number | undefined;
  return async () => {
    const news = await desk.poolStanding(opened, toldMark).catch(() => undefined);
    if (news === undefined) return;
    toldMark = news.mark;
    await outbox.say({ $case: "poolStanding", value: news.standing });
  };
}

function encodeStanding({ name, endpoints, online, counts, staleAfterDays, upstream }: PoolRecord): PoolStanding {
  return {
    pool: name,
    endpoints,
    online,
    counts: encodeStatusCounts(counts),
    staleAfterDays,
    upstream: upstream === undefined ? undefined : encodeUpstream(upstream),
  };
}
