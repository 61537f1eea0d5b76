import { afterAll, beforeAll, expect, test } from "vitest";
import { viewDigest } from "../../../domain/view/view.ts";
import { makeArtifactOperations } from "../../../server/operations/artifacts.ts";
import { sha256Of } from "../../../server/operations/content.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import { installed, setOf } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { BASE, deltaReport, digestOf, FACTS, type Fleet, fullReport, makeFleet } from "./fleet.ts";

let store: TestStore;
let fleet: Fleet;
let poolId: string;

beforeAll(async () => {
  store = await openTestStore();
  fleet = makeFleet(store);
  poolId = await fleet.makePool();
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const NEXT = setOf("bash 2-1", "glibc 1-1");

test("a delta on a known base becomes the endpoint's package set", async () => {
  const id = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(id);
  expect(await fleet.sessions.storeReport(session, deltaReport(BASE, NEXT, [installed("bash 2-1")]))).toBe(true);
  expect(await readEndpoint(store.database, id)).toMatchObject({ digest: digestOf(NEXT), packages: 2, online: true });
});

test("a delta on an unknown base, or with another result than it says, asks for the full state and changes nothing", async () => {
  const id = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(id);
  const unknown = setOf("nobody 1-1");
  expect(await fleet.sessions.storeReport(session, deltaReport(unknown, NEXT, [installed("bash 2-1")]))).toBe(false);
  expect(await fleet.sessions.storeReport(session, deltaReport(BASE, NEXT, [installed("bash 3-1")]))).toBe(false);
  expect(await readEndpoint(store.database, id)).toMatchObject({ digest: digestOf(BASE) });
});

test("a set that another endpoint has reported is taken by its digest alone", async () => {
  await fleet.reported(await fleet.makeEndpoint(poolId));
  const id = await fleet.makeEndpoint(poolId);
  const session = await fleet.connect(id);
  const needs = await fleet.sessions.compareDigests(session, { stateDigest: digestOf(BASE), viewDigest: "" });
  expect(needs).toEqual({ wantsFullState: false, view: { kind: "nothing" } });
  expect(await readEndpoint(store.database, id)).toMatchObject({ digest: digestOf(BASE), packages: 2 });
  const unknown = { stateDigest: digestOf(setOf("new 1-1")), viewDigest: "cd".repeat(32) };
  expect(await fleet.sessions.compareDigests(session, unknown)).toEqual({
    wantsFullState: true,
    view: { kind: "report" },
  });
});

test("a heartbeat with the digests that the server has takes no revision", async () => {
  const session = await fleet.reported(await fleet.makeEndpoint(poolId));
  const before = await revision();
  await fleet.sessions.compareDigests(session, { stateDigest: digestOf(BASE), viewDigest: "" });
  expect(await revision()).toBe(before);
});

test("a newer session of the endpoint makes every write of the older one fail, and the older one cannot end it", async () => {
  const id = await fleet.makeEndpoint(poolId);
  const older = await fleet.connect(id);
  const newer = await fleet.connect(id);
  expect(newer.epoch).toBe(older.epoch + 1);
  const refused = { reason: "SUPERSEDED" };
  await expect(fleet.sessions.storeReport(older, fullReport(BASE))).rejects.toMatchObject(refused);
  await expect(fleet.sessions.storeFacts(older, FACTS)).rejects.toMatchObject(refused);
  const digests = { stateDigest: digestOf(BASE), viewDigest: "" };
  await expect(fleet.sessions.compareDigests(older, digests)).rejects.toMatchObject(refused);
  const ack = { sequence: 1, outcome: "persisted", reason: "" } as const;
  await expect(fleet.sessions.acknowledgeCommand(older, ack)).rejects.toMatchObject(refused);
  await fleet.sessions.close(older);
  expect(await readEndpoint(store.database, id)).toMatchObject({ online: true, digest: "" });
  await fleet.sessions.close(newer);
  expect(await readEndpoint(store.database, id)).toMatchObject({ online: false });
});

test("an endpoint that fell silent is asleep until its next word", async () => {
  const id = await fleet.makeEndpoint(poolId);
  const session = await fleet.connect(id);
  expect(await fleet.sessions.findSleepers(60_000)).toBe(0);
  await store.database.query("update endpoint set last_seen = now() - interval '5 minutes' where id = $1", [id]);
  expect(await fleet.sessions.findSleepers(60_000)).toBe(1);
  expect(await readEndpoint(store.database, id)).toMatchObject({ online: false });
  await fleet.sessions.compareDigests(session, { stateDigest: "", viewDigest: "" });
  expect(await readEndpoint(store.database, id)).toMatchObject({ online: true });
});

test("a view names the databases that are missing until each was uploaded whole", async () => {
  const id = await fleet.makeEndpoint(poolId);
  const session = await fleet.connect(id);
  const bytes = Buffer.alloc(1_024);
  const sha256 = sha256Of(bytes);
  const view = {
    architecture: "x86_64",
    class: "x86_64:core",
    databases: [{ repository: "core", sha256, size: bytes.length }],
  };
  const missing = { kind: "databases", sha256: [sha256] };
  expect(await fleet.sessions.storeView(session, view)).toEqual(missing);
  const artifacts = makeArtifactOperations(store);
  const header = { sha256, size: bytes.length };
  await expect(artifacts.store(header, stream(Buffer.alloc(1_023)))).rejects.toMatchObject({
    reason: "ARTIFACT_CORRUPT",
  });
  expect(await artifacts.missing([sha256])).toEqual([sha256]);
  await artifacts.store(header, stream(bytes));
  expect(await artifacts.has(sha256)).toBe(true);
  const digests = { stateDigest: "", viewDigest: viewDigest(view, sha256Of) };
  expect((await fleet.sessions.compareDigests(session, digests)).view).toEqual({ kind: "nothing" });
  const read: Uint8Array[] = [];
  for await (const chunk of artifacts.read(sha256, 1_000)) read.push(chunk);
  expect(Buffer.concat(read)).toHaveLength(24);
});

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

async function revision(): Promise<number> {
  const [row] = await store.database.query<{ revision: number }>("select revision from pool where id = $1", [poolId]);
  return row?.revision ?? -1;
}
