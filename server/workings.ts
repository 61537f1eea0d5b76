// What works behind the services: store, bells, operations and loops, bound to what services, sessions and watches ask for.
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../domain/refusal.ts";
import { formatKey, hashSecret, type Key, makeSecret, parseKey } from "../rpc/keys.ts";
import type { Logger } from "../rpc/log.ts";
import type { Principal } from "../rpc/principal.ts";
import { writePrivate } from "./authority/private-file.ts";
import type { ServerConfig } from "./config.ts";
import { openFileKeeping } from "./file-keeping.ts";
import { makeProgressBell } from "./live/progress-bell.ts";
import { connectRedisDoorbell } from "./live/redis-doorbell.ts";
import { type ApplyTargetsOptions, applyTargets } from "./loops/apply-targets.ts";
import { expire } from "./loops/expire.ts";
import type { FileKeeper } from "./loops/keep-files.ts";
import { runEvery } from "./loops/run-every.ts";
import { sweepPools } from "./loops/sweep-pools.ts";
import { type AccessOperations, makeAccessOperations } from "./operations/access/access-operations.ts";
import { makeAnalysisOperations } from "./operations/analysis/analysis-operations.ts";
import { listWilling } from "./operations/apply/list-willing.ts";
import { makeArtifactOperations } from "./operations/artifacts.ts";
import { makeEndpointOperations } from "./operations/endpoint/endpoint-operations.ts";
import { listInbox } from "./operations/inbox/list-inbox.ts";
import { makePlanStore } from "./operations/plans.ts";
import { readEndpointPolicy } from "./operations/policy/endpoint-policies.ts";
import { makePolicyOperations } from "./operations/policy/policy-operations.ts";
import { ensureUnassignedPool } from "./operations/pool/create-pool.ts";
import { makePoolOperations } from "./operations/pool/pool-operations.ts";
import { readMoves } from "./operations/read-moves.ts";
import type { Caller } from "./operations/records.ts";
import { makeRunOperations } from "./operations/runs.ts";
import { makeSessionOperations, type SessionOperations } from "./operations/session-operations.ts";
import { makeTargetOperations } from "./operations/target/target-operations.ts";
import { makeWatchReads } from "./operations/watch-reads.ts";
import type { Metrics } from "./ops/metrics.ts";
import type {
  AccessCases,
  AnalysisCases,
  ArtifactCases,
  EndpointCases,
  EnrolCases,
  InboxCases,
  OperationCases,
  PolicyCases,
  PoolCases,
  TargetCases,
} from "./services/use-cases.ts";
import { computePlanCase } from "./session/compute-plan.ts";
import type { SessionDesk } from "./session/desk.ts";
import { operationsDesk } from "./session/operations-desk.ts";
import { poolStandings } from "./session/pool-standings.ts";
import type { SessionRegistry } from "./session/registry.ts";
import { WakeBoard } from "./session/wake-board.ts";
import { openStore, type Store } from "./store/store.ts";
import type { WatchDesk } from "./watch/desk.ts";
import { operationsWatchDesk } from "./watch/operations-desk.ts";

export interface WorkingsOptions {
  readonly config: ServerConfig;
  readonly log: Logger;
  readonly registry: SessionRegistry;
  readonly metrics: Metrics;
  /** The server cannot go on. */
  readonly onFatal: (error: Error) => void;
}

type Cases = AccessCases &
  AnalysisCases &
  ArtifactCases &
  EndpointCases &
  EnrolCases &
  InboxCases &
  OperationCases &
  PoolCases &
  TargetCases &
  PolicyCases;

export interface Workings extends AsyncDisposable {
  readonly cases: Cases;
  readonly desk: SessionDesk;
  readonly watch: WatchDesk;
  /** Throws Refusal WRONG_KEY. */
  readonly identify: (key: Key) => Promise<Principal>;
  /** Undefined when the database answers, else why not. */
  readonly notReady: () => Promise<string | undefined>;
}

/** A stream that missed three heartbeats ends by itself; a row that is older belongs to a server that is gone. */
const SILENT_HEARTBEATS = 4;

export async function openWorkings(options: WorkingsOptions): Promise<Workings> {
  const { config, log } = options;
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore({ ...config, onDatabaseEnded: databaseEnded(options) }));
  const access = makeAccessOperations(store, { formatKey, parseKey, makeSecret, hashSecret });
  await ensureUnassignedPool(store);
  await keepAdministratorKey(access, config, log);
  const progressBell = makeProgressBell();
  const sessions = makeSessionOperations(store, progressBell);
  const board = new WakeBoard({
    readMoves: (poolId, after) => readMoves(store.database, poolId, after),
    onError: (error) => {
      log.warn({ err: error }, "looking for work of agents failed");
    },
  });
  opening.use(
    store.bell.onRing((poolId) => {
      board.ring(poolId);
    }),
  );
  await openLoops(opening, options, store, sessions);
  const files = openFileKeeping(opening, options, store);
  const cases = makeCases(options, store, access, files);
  const applying = opening.use(applyTargets(applyingOptions(options, store, cases)));
  opening.use(store.bell.onRing(applying.ring));
  const standings = poolStandings({
    readPool: cases.getPool,
    revisionOf: (poolId) => board.revisionOf(poolId),
    nowMs: () => performance.now(),
  });
  const kept = opening.move();
  return {
    cases,
    desk: operationsDesk(sessions, board, standings),
    watch: operationsWatchDesk({ reads: makeWatchReads(store), bell: store.bell, progressBell }),
    identify: (key) => access.identify(key),
    notReady: async () => ((await store.database.ping()) ? undefined : "the database does not answer"),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function makeCases(options: WorkingsOptions, store: Store, access: AccessOperations, files: FileKeeper): Cases {
  const { registry, config } = options;
  const pools = makePoolOperations(store);
  const endpoints = makeEndpointOperations(store, (endpointId) => {
    access.forgetKey(endpointId);
    registry.end(endpointId, new Refusal("WRONG_KEY"));
  });
  const { storePlan } = makePlanStore(store);
  const computePlan = computePlanCase({
    registry,
    getEndpoint: endpoints.getEndpoint,
    getPool: pools.getPool,
    storePlan,
    readPolicy: (endpointId) => readEndpointPolicy(store.database, endpointId),
  });
  return {
    ...access,
    ...makeAnalysisOperations(store),
    ...makeArtifactOperations(store, { unsignedAllowed: new Set(config.unsignedAllowed) }),
    ...endpoints,
    listInbox: (filter, page) => listInbox(store.database, filter, page),
    ...makeRunOperations(store),
    ...makePolicyOperations(store),
    ...pools,
    ...makeTargetOperations(store, files.isFetching),
    computePlan,
  };
}

async function openLoops(
  opening: AsyncDisposableStack,
  options: WorkingsOptions,
  store: Store,
  sessions: SessionOperations,
): Promise<void> {
  const { config, log } = options;
  const onError = (error: unknown): void => {
    log.warn({ err: error }, "a round failed, the next one tries again");
  };
  const { database, bell } = store;
  const doorbell =
    config.redisUrl === undefined
      ? undefined
      : opening.use(
          connectRedisDoorbell({
            url: config.redisUrl,
            bell,
            onOutage: (error) => {
              log.warn({ err: error }, "redis cannot be reached; changes on other servers are seen a little later");
            },
          }),
        );
  const ring = doorbell?.ringHere ?? bell.ring;
  // With a database of its own there was no other server: whoever counts as online is not any more.
  await sessions.findSleepers(config.databaseUrl === undefined ? 0 : silentMs(config));
  opening.use(sweepPools({ database, ring, onError }));
  opening.use(expire({ database, onError }));
  opening.use(
    runEvery({ everyMs: config.heartbeatSeconds * 1_000, onError }, async () => {
      await sessions.findSleepers(silentMs(config));
    }),
  );
}

/** Signed by the pool's policy: nobody else asked for it. */
function applyingOptions(
  { registry, config, log }: WorkingsOptions,
  { database }: Store,
  cases: Cases,
): ApplyTargetsOptions {
  return {
    database,
    connected: () => registry.endpointIds(),
    everyMs: config.heartbeatSeconds * 1_000,
    onError: (error) => {
      log.warn({ err: error }, "an endpoint that syncs by itself could not be started");
    },
    start: async ({ id, pool }, signal) => {
      const outcome = await cases.computePlan({ endpoint: id, isRevert: false, revertOperationId: undefined }, signal);
      if (outcome.kind === "refused") throw new Refusal("PLAN_REFUSED", { details: outcome.message });
      if (outcome.plan.steps.length === 0 && outcome.plan.reasons.length === 0) return;
      // A machine that comes back may tell only now that somebody took this very target back on it.
      if ((await listWilling(database, [id], undefined)).length === 0) return;
      const caller: Caller = { kind: "operator", id: "policy", name: `policy of ${pool}`, role: "operator" };
      const planDigest = outcome.plan.digest;
      await cases.startOperation({ caller, idempotencyKey: undefined, endpoint: id, planDigest });
    },
  };
}

function silentMs(config: ServerConfig): number {
  return config.heartbeatSeconds * 1_000 * SILENT_HEARTBEATS;
}

function databaseEnded({ onFatal }: WorkingsOptions): (words: string) => void {
  return (words) => {
    onFatal(new Error(`the embedded database ended by itself:\n${words}`));
  };
}

/** Made with the first administrator; the file is the only place that has it. */
async function keepAdministratorKey(access: AccessOperations, config: ServerConfig, log: Logger): Promise<void> {
  const key = await access.ensureAdministratorKey();
  if (key !== undefined) {
    const file = join(config.stateDir, "administrator.key");
    await writePrivate(file, `${key}\n`);
    await chmod(file, 0o600);
    log.info({ file }, "administrator key made");
  }
}
