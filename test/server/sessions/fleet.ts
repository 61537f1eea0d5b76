// A pool with endpoints in a real store, and the words of their agents, for tests of the operations.
import { randomUUID } from "node:crypto";
import { packageSetDigest } from "../../../domain/package-set/canonical.ts";
import type { InstalledPackage, PackageSet } from "../../../domain/package-set/package-set.ts";
import { type Plan, sealPlan } from "../../../domain/plan/plan.ts";
import { makeProgressBell, type ProgressBell } from "../../../server/live/progress-bell.ts";
import { sha256Of } from "../../../server/operations/content.ts";
import { makePlanStore } from "../../../server/operations/plans.ts";
import type { Caller, OperationRecord } from "../../../server/operations/records.ts";
import { makeRunOperations, type RunOperations } from "../../../server/operations/runs.ts";
import { makeSessionOperations, type SessionOperations } from "../../../server/operations/session-operations.ts";
import type { MachineFacts, OpenedSession } from "../../../server/operations/sessions.ts";
import type { Store } from "../../../server/store/store.ts";
import { setOf } from "../../support/sample-packages.ts";

export const CALLER: Caller = { kind: "operator", id: "k", name: "ann", role: "operator" };

export const FACTS: MachineFacts = {
  held: [],
  apply: "ask",
  root: "/",
  rebootRequired: false,
  healthProblems: [],
  inbox: [],
};

export const BASE: PackageSet = setOf("bash 1-1", "glibc 1-1");

export interface Fleet {
  readonly sessions: SessionOperations;
  readonly runs: RunOperations;
  readonly progressBell: ProgressBell;
  readonly makePool: () => Promise<string>;
  readonly makeEndpoint: (poolId: string) => Promise<string>;
  readonly connect: (endpointId: string, facts?: MachineFacts) => Promise<OpenedSession>;
  /** Connects, reports BASE. */
  readonly reported: (endpointId: string, facts?: MachineFacts) => Promise<OpenedSession>;
  readonly makePlan: (endpointId: string, base?: PackageSet) => Promise<Plan>;
  readonly start: (endpointId: string, planDigest: string, idempotencyKey?: string) => Promise<OperationRecord>;
}

export function makeFleet(store: Store): Fleet {
  const progressBell = makeProgressBell();
  const sessions = makeSessionOperations(store, progressBell);
  const runs = makeRunOperations(store);
  const connect = (endpointId: string, facts = FACTS): Promise<OpenedSession> =>
    sessions.open(endpointId, { instance: randomUUID(), agentVersion: "1.0.0", facts, lastCommand: 0 });
  const fleet: Fleet = {
    sessions,
    runs,
    progressBell,
    async makePool() {
      const id = randomUUID();
      await store.database.query("insert into pool (id, name, mode) values ($1, $2, 'versions')", [id, `pool-${id}`]);
      return id;
    },
    async makeEndpoint(poolId) {
      const id = randomUUID();
      const text = "insert into endpoint (id, name, pool_id, key_hash) values ($1, $2, $3, '')";
      await store.database.query(text, [id, `endpoint-${id}`, poolId]);
      return id;
    },
    connect,
    async reported(endpointId, facts) {
      const session = await connect(endpointId, facts);
      await sessions.storeReport(session, fullReport(BASE));
      return session;
    },
    async makePlan(endpointId, base = BASE) {
      const plan = planFor(endpointId, digestOf(base));
      await makePlanStore(store).storePlan(endpointId, plan);
      return plan;
    },
    start: (endpoint, planDigest, idempotencyKey) =>
      runs.startOperation({ caller: CALLER, idempotencyKey, endpoint, planDigest }),
  };
  return fleet;
}

export function digestOf(set: PackageSet): string {
  return packageSetDigest(set, sha256Of);
}

export function fullReport(set: PackageSet): Parameters<SessionOperations["storeReport"]>[1] {
  return { baseDigest: "", digest: digestOf(set), upserts: set.packages, removed: [], facts: undefined };
}

export function deltaReport(
  base: PackageSet,
  next: PackageSet,
  upserts: readonly InstalledPackage[],
  removed: readonly string[] = [],
): Parameters<SessionOperations["storeReport"]>[1] {
  return { baseDigest: digestOf(base), digest: digestOf(next), upserts, removed, facts: undefined };
}

/** A fresh one each time: its target revision differs. */
let revisions = 0;

function planFor(endpointId: string, baseDigest: string): Plan {
  revisions += 1;
  const step = { name: "bash", fromVersion: "1-1", toVersion: "2-1", repository: "core", architecture: "x86_64" };
  return sealPlan(
    {
      endpointId,
      baseDigest,
      afterDigest: "ab".repeat(32),
      targetRevision: revisions,
      isRevert: false,
      steps: [{ action: "upgrade", ...step, buildDate: 0, downloadBytes: 0, why: "older than the target" }],
      reasons: [],
      warnings: [],
      leftAlone: [],
      downloadBytes: 0,
      installedDeltaBytes: 0,
    },
    sha256Of,
  );
}
