import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { View } from "../../../domain/view/view.ts";
import { makeArtifactOperations } from "../../../server/operations/artifacts.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import type { EndpointRecord } from "../../../server/operations/records.ts";
import type { OpenedSession } from "../../../server/operations/sessions.ts";
import { setLatest } from "../../../server/operations/target/set-latest.ts";
import { setOf } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { BUILD_DATE, makeSyncDatabase, type SyncDatabase, type SyncEntry } from "../../support/sync-database.ts";
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

/** A base that resolves from the named repository, as a distribution's own builds do. */
function repository(name: string, version: string, built = BUILD_DATE): Promise<SyncDatabase> {
  const entries: readonly SyncEntry[] = ["base", "bash"].map((one) => ({ name: one, version, buildDate: built }));
  return makeSyncDatabase(name, entries);
}

function viewOf(databases: readonly SyncDatabase[], claimed = "whatever an agent says"): View {
  return {
    architecture: "x86_64",
    class: claimed,
    databases: databases.map(({ repository: name, sha256, bytes }) => ({
      repository: name,
      sha256,
      size: bytes.length,
    })),
  };
}

async function upload({ sha256, bytes }: SyncDatabase): Promise<void> {
  await makeArtifactOperations(store).store({ sha256, size: bytes.length }, stream(bytes));
}

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

/** An endpoint with `bash` of a version whose databases are, or are not yet, on the server. */
async function machine(
  poolId: string,
  version: string,
  databases: readonly SyncDatabase[],
  { isUploaded = true, built = BUILD_DATE } = {},
): Promise<OpenedSession> {
  const session = await fleet.connect(await fleet.makeEndpoint(poolId));
  await fleet.sessions.storeReport(
    session,
    fullReport(setOf(`base ${version} @${String(built)}`, `bash ${version} @${String(built)}`)),
  );
  if (isUploaded) for (const database of databases) await upload(database);
  await fleet.sessions.storeView(session, viewOf(databases));
  return session;
}

async function takeTarget({ endpointId }: OpenedSession): Promise<void> {
  const latest = { message: "", pins: [], pinAll: false, expectedTargetRevision: undefined, shared: [] };
  await setLatest(store, { caller: CALLER, idempotencyKey: undefined, endpoint: endpointId, ...latest });
}

function look({ endpointId }: OpenedSession): Promise<EndpointRecord> {
  return readEndpoint(store.database, endpointId);
}

const NOTHING_HELD = { targetRevision: 0, afterCommand: 0, limit: 10 };

describe("a pool of two classes", () => {
  it("takes a view of each class at set-latest and compares every endpoint with that of its own", async () => {
    const poolId = await fleet.makePool();
    const [arch, cachy] = [await repository("core", "2-1"), await repository("cachyos", "2-1.1")];
    const source = await machine(poolId, "2-1", [arch]);
    const other = await machine(poolId, "1-1.1", [cachy]);
    await takeTarget(source);
    expect(await look(source)).toMatchObject({ status: "in-sync" });
    expect(await look(other)).toMatchObject({ status: "behind", counts: { older: 2 } });
    const { target: sent } = await fleet.sessions.pendingWork(other, NOTHING_HELD);
    expect(sent?.target?.view).toMatchObject({ class: "x86_64:cachyos", databases: [{ repository: "cachyos" }] });
  });

  it("freezes the freshest view that any endpoint of the other class has", async () => {
    const poolId = await fleet.makePool();
    const source = await machine(poolId, "2-1", [await repository("core", "2-1")]);
    const built = BUILD_DATE + 60;
    const fresh = await machine(poolId, "3-1.1", [await repository("cachyos", "3-1.1", built)], { built });
    const stale = await machine(poolId, "1-1.1", [await repository("cachyos", "1-1.1", BUILD_DATE - 60)]);
    await takeTarget(source);
    expect((await look(fresh)).status).toBe("in-sync");
    expect((await look(stale)).status).toBe("behind");
  });

  it("blocks an endpoint of a class that came after the target, and says which", async () => {
    const poolId = await fleet.makePool();
    const source = await machine(poolId, "2-1", [await repository("core", "2-1")]);
    await takeTarget(source);
    const late = await machine(poolId, "1-1.1", [await repository("cachyos", "1-1.1")]);
    const blocked = await look(late);
    expect(blocked.status).toBe("blocked");
    expect(blocked.reasons[0]).toContain("no view for class x86_64:cachyos");
    expect((await fleet.sessions.pendingWork(late, NOTHING_HELD)).target).toBeUndefined();
    await takeTarget(source);
    expect((await look(late)).status).toBe("in-sync");
  });

  it("mirrors machines of the source's class only", async () => {
    const poolId = await fleet.makePool();
    await store.database.query("update pool set mode = 'mirror' where id = $1", [poolId]);
    const source = await machine(poolId, "2-1", [await repository("core", "2-1")]);
    const other = await machine(poolId, "2-1.1", [await repository("cachyos", "2-1.1")]);
    await takeTarget(source);
    expect((await look(other)).reasons[0]).toContain("mirrors a machine of class x86_64:core");
  });
});

describe("the class of an endpoint", () => {
  it("is computed from its databases, whatever its agent says", async () => {
    const poolId = await fleet.makePool();
    const session = await machine(poolId, "1-1", [
      await repository("core", "1-1"),
      await repository("multilib", "1-1"),
    ]);
    expect((await look(session)).view?.class).toBe("x86_64:core");
  });

  it("is not guessed while its databases are on the way", async () => {
    const poolId = await fleet.makePool();
    const source = await machine(poolId, "2-1", [await repository("core", "2-1")]);
    await takeTarget(source);
    const database = await repository("core", "1-7");
    const waiting = await machine(poolId, "1-7", [database], { isUploaded: false });
    expect(await look(waiting)).toMatchObject({ status: "unknown", view: { class: "" } });
    await upload(database);
    expect(await look(waiting)).toMatchObject({ status: "behind", view: { class: "x86_64:core" } });
    expect((await fleet.sessions.pendingWork(waiting, NOTHING_HELD)).target?.target?.revision).toBe(1);
  });
});
