// A store with all of this folder's operations, and machines that "report" by rows and files, as the sessions write them.
import { randomUUID } from "node:crypto";
import { packageSetDigest } from "../../../domain/package-set/canonical.ts";
import { type View, viewDigest } from "../../../domain/view/view.ts";
import { formatKey, hashSecret, makeSecret, parseKey } from "../../../rpc/keys.ts";
import { makeAccessOperations } from "../../../server/operations/access/access-operations.ts";
import { packSet, sha256Of } from "../../../server/operations/content.ts";
import { makeEndpointOperations } from "../../../server/operations/endpoint/endpoint-operations.ts";
import { ensureUnassignedPool } from "../../../server/operations/pool/create-pool.ts";
import { makePoolOperations } from "../../../server/operations/pool/pool-operations.ts";
import type { Mutation } from "../../../server/operations/records.ts";
import { refreshEndpointStatus } from "../../../server/operations/refresh-status.ts";
import { makeTargetOperations } from "../../../server/operations/target/target-operations.ts";
import { setOf } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { makeSyncDatabase, type SyncEntry } from "../../support/sync-database.ts";

export const ADA = { kind: "operator", id: "ada", name: "Ada", role: "administrator" } as const;

/** Ada's change; with a key a retry is the same change. */
export function by(idempotencyKey?: string): Mutation {
  return { caller: ADA, idempotencyKey };
}

export interface Report {
  /** `name version`; built when the repositories' packages were unless said. */
  readonly packages: readonly string[];
  readonly repository: readonly SyncEntry[];
  readonly architecture?: string;
  readonly held?: readonly string[];
  readonly degradedBecause?: readonly string[];
  readonly healthProblems?: readonly string[];
  readonly withoutFiles?: boolean;
}

export async function openFleet() {
  const store = await openTestStore();
  const access = makeAccessOperations(store, { formatKey, parseKey, makeSecret, hashSecret });
  const pools = makePoolOperations(store);
  const endpoints = makeEndpointOperations(store, access.forgetKey);
  const targets = makeTargetOperations(store);
  await ensureUnassignedPool(store);

  const enrol = async (name: string, pool?: string): Promise<string> => {
    const { token } = await access.createToken({ ...by(), pool, uses: 1, validForMs: 60_000 });
    return (await access.enrol({ idempotencyKey: undefined, token, name, pool: undefined, replace: false })).endpointId;
  };

  const report = async (name: string, said: Report): Promise<void> => {
    await writeReport(store, (await endpoints.getEndpoint(name)).id, said);
  };

  const settled = async (name: string, pool: string, said: Report): Promise<void> => {
    await enrol(name, pool);
    await report(name, said);
  };

  const operate = async (name: string, state: string): Promise<string> => {
    const { id, poolId } = await endpoints.getEndpoint(name);
    return writeOperation(store, { id, poolId, state });
  };

  return {
    store,
    access,
    pools,
    endpoints,
    targets,
    enrol,
    report,
    settled,
    operate,
    createPool: (name: string) => pools.createPool({ ...by(), name, mode: "versions", description: "" }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

async function writeReport(store: TestStore, id: string, said: Report): Promise<void> {
  const { database } = store;
  const set = setOf(...said.packages.map((line) => (line.includes("@") ? line : `${line} @${String(BUILT)}`)));
  const digest = packageSetDigest(set, sha256Of);
  const made = await makeSyncDatabase(
    "core",
    said.repository.map((entry) => ({ buildDate: BUILT, ...entry })),
  );
  const databases = [{ repository: "core", sha256: made.sha256, size: made.bytes.length }];
  const architecture = said.architecture ?? "x86_64";
  const view: View = { architecture, class: `${architecture}:core`, databases };
  const ofView = viewDigest(view, sha256Of);
  if (said.withoutFiles !== true) await store.artifacts.write(made.sha256, made.bytes.length, once(made.bytes));
  await database.query(
    "insert into package_set (digest, packages, body) values ($1, $2, $3) on conflict (digest) do nothing",
    [digest, set.packages.length, packSet(set)],
  );
  await database.query(
    "insert into view (digest, architecture, class, databases) values ($1, $2, $3, $4::jsonb) on conflict do nothing",
    [ofView, view.architecture, view.class, JSON.stringify(databases)],
  );
  await database.query(
    `update endpoint set package_set_digest = $2, packages = $3, view_digest = $4, held = $5::jsonb,
         degraded_because = $6::jsonb, health_problems = $7::jsonb, reported_at = now() where id = $1`,
    [
      id,
      digest,
      set.packages.length,
      ofView,
      JSON.stringify(said.held ?? []),
      JSON.stringify(said.degradedBecause ?? []),
      JSON.stringify(said.healthProblems ?? []),
    ],
  );
  await database.transaction((sql) => refreshEndpointStatus(store, sql, id));
}

/** An operation in a state, as if its plan had been approved. */
async function writeOperation(
  store: TestStore,
  { id, poolId, state }: { readonly id: string; readonly poolId: string; readonly state: string },
): Promise<string> {
  const [plan, operation] = [randomUUID(), randomUUID()];
  await store.database.query(
    `insert into plan (digest, endpoint_id, base_digest, target_revision, is_revert, changes, body)
       values ($1, $2, '', 1, false, 1, '{}')`,
    [plan, id],
  );
  await store.database.query(
    `insert into operation (id, endpoint_id, pool_id, plan_digest, target_revision, is_revert, state, author, changes)
       values ($1, $2, $3, $4, 1, false, $5, 'Ada', 1)`,
    [operation, id, poolId, plan, state],
  );
  await store.database.transaction((sql) => refreshEndpointStatus(store, sql, id));
  return operation;
}

export type Fleet = Awaited<ReturnType<typeof openFleet>>;

export const BUILT = 100;

export const CURRENT: Report = {
  packages: ["app 2-1", "lib 2-1"],
  repository: [
    { name: "app", version: "2-1" },
    { name: "lib", version: "2-1" },
    { name: "tool", version: "1-1" },
  ],
};

export const BEHIND: Report = {
  packages: ["app 1-1", "lib 1-1"],
  repository: [
    { name: "app", version: "1-1" },
    { name: "lib", version: "1-1" },
    { name: "tool", version: "1-1" },
  ],
};

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** What setLatest is asked when nothing is said. */
export const latest = {
  message: "",
  pins: [],
  pinAll: false,
  expectedTargetRevision: undefined,
  shared: [],
} as const;
