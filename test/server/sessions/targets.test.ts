import { afterAll, beforeAll, expect, test } from "vitest";
import { makePackageSet } from "../../../domain/package-set/package-set.ts";
import type { View } from "../../../domain/view/view.ts";
import { makeArtifactOperations } from "../../../server/operations/artifacts.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import type { OpenedSession } from "../../../server/operations/sessions.ts";
import { setLatest } from "../../../server/operations/target/set-latest.ts";
import { installed } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { makeSyncDatabase, type SyncDatabase, sha256 as sha256Of } from "../../support/sync-database.ts";
import { CALLER, type Fleet, fullReport, makeFleet } from "./fleet.ts";

let store: TestStore;
let fleet: Fleet;

beforeAll(async () => {
  store = await openTestStore();
  fleet = makeFleet(store);
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const BUILT = 100;

const NONE_HELD = { targetRevision: 0, afterCommand: 0, limit: 4 };

function repository(version: string): Promise<SyncDatabase> {
  return makeSyncDatabase("core", [{ name: "bash", version, buildDate: BUILT }]);
}

function viewOf(database: SyncDatabase): View {
  const { sha256, bytes } = database;
  return {
    architecture: "x86_64",
    class: "x86_64:core",
    databases: [{ repository: "core", sha256, size: bytes.length }],
  };
}

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

function upload({ sha256, bytes }: SyncDatabase): Promise<void> {
  return makeArtifactOperations(store).store({ sha256, size: bytes.length }, stream(bytes));
}

/** An endpoint that has bash of that version, and says so together with its repository. */
async function machine(poolId: string, database: SyncDatabase, version: string): Promise<OpenedSession> {
  const session = await fleet.connect(await fleet.makeEndpoint(poolId));
  await fleet.sessions.storeReport(session, fullReport(makePackageSet([installed(`bash ${version}`)])));
  await fleet.sessions.storeView(session, viewOf(database));
  return session;
}

function latest(endpoint: string): ReturnType<typeof setLatest> {
  return setLatest(store, {
    caller: CALLER,
    idempotencyKey: undefined,
    endpoint,
    message: "",
    pins: [],
    pinAll: false,
    expectedTargetRevision: undefined,
    shared: [],
  });
}

async function statusOf({ endpointId }: OpenedSession): Promise<string> {
  return (await readEndpoint(store.database, endpointId)).status;
}

test("an endpoint is compared with the target as soon as the last file of its view is there", async () => {
  const poolId = await fleet.makePool();
  const [newer, older] = [await repository("2-1"), await repository("1-1")];
  const source = await machine(poolId, newer, "2-1");
  await upload(newer);
  await latest(source.endpointId);
  expect(await statusOf(source)).toBe("in-sync");
  const behind = await machine(poolId, older, "1-1");
  expect(await statusOf(behind)).toBe("unknown");
  await upload(older);
  expect(await statusOf(behind)).toBe("behind");
});

test("an agent is sent the target that it does not hold, with the set to reach in mirror mode only", async () => {
  const poolId = await fleet.makePool();
  const database = await repository("3-1");
  const source = await machine(poolId, database, "3-1");
  await upload(database);
  await latest(source.endpointId);
  const { target: sent } = await fleet.sessions.pendingWork(source, NONE_HELD);
  expect(sent?.target).toMatchObject({ revision: 1, sourceEndpointId: source.endpointId });
  expect(sent?.packageSet).toBeUndefined();
  const holding = { ...NONE_HELD, targetRevision: 1 };
  expect((await fleet.sessions.pendingWork(source, holding)).target).toBeUndefined();
  await store.database.query("update pool set mode = 'mirror' where id = $1", [poolId]);
  await latest(source.endpointId);
  const { target: mirrored } = await fleet.sessions.pendingWork(source, holding);
  expect(mirrored?.target?.revision).toBe(2);
  expect(mirrored?.packageSet?.packages.map((one) => one.name)).toEqual(["bash"]);
});

test("an endpoint whose agent could not take a target is blocked until it takes one", async () => {
  const poolId = await fleet.makePool();
  const database = await repository("4-1");
  const session = await machine(poolId, database, "4-1");
  await upload(database);
  await latest(session.endpointId);
  await fleet.sessions.recordTargetStatus(session, 1, "a database is missing");
  expect(await readEndpoint(store.database, session.endpointId)).toMatchObject({
    status: "blocked",
    reasons: ["the agent did not take target 1: a database is missing"],
  });
  await fleet.sessions.recordTargetStatus(session, 1, undefined);
  expect(await statusOf(session)).toBe("in-sync");
});

test("an unreadable database leaves its endpoint unknown and stops nobody", async () => {
  const poolId = await fleet.makePool();
  const good = await repository("5-1");
  const source = await machine(poolId, good, "5-1");
  await upload(good);
  await latest(source.endpointId);
  const bytes = Buffer.from("no tar at all");

  const broken: SyncDatabase = { repository: "core", bytes, sha256: sha256Of(bytes) };
  const session = await machine(poolId, broken, "5-1");
  await upload(broken);
  expect(await statusOf(session)).toBe("unknown");
  await fleet.sessions.close(session);
  expect(await statusOf(source)).toBe("in-sync");
});
