import { afterAll, beforeAll, expect, test } from "vitest";
import { makePackageSet } from "../../../domain/package-set/package-set.ts";
import type { View } from "../../../domain/view/view.ts";
import { makeArtifactOperations } from "../../../server/operations/artifacts.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import { setLatest } from "../../../server/operations/target/set-latest.ts";
import type { Store } from "../../../server/store/store.ts";
import { installed } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { makeSyncDatabase, type SyncDatabase } from "../../support/sync-database.ts";
import { CALLER, fullReport, makeFleet } from "./fleet.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

function viewOf({ sha256, bytes }: SyncDatabase): View {
  const databases = [{ repository: "core", sha256, size: bytes.length }];
  return { architecture: "x86_64", class: "x86_64:core", databases };
}

async function* stream(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

function upload({ sha256, bytes }: SyncDatabase): Promise<void> {
  return makeArtifactOperations(store).store({ sha256, size: bytes.length }, stream(bytes));
}

/** As the store, but a database arrives when the first transaction has written its view and has not been committed. */
function withUploadBeforeCommit(file: SyncDatabase): Store {
  let isUploaded = false;
  const transaction: Store["database"]["transaction"] = (work) =>
    store.database.transaction(async (sql) => {
      const answer = await work(sql);
      if (!isUploaded) await upload(file);
      isUploaded = true;
      return answer;
    });
  return { ...store, database: { ...store.database, transaction } };
}

test("an endpoint whose database another one uploads while its own view is being stored is compared all the same", async () => {
  const fleet = makeFleet(store);
  const poolId = await fleet.makePool();
  const [newer, older] = [
    await makeSyncDatabase("core", [{ name: "bash", version: "2-1", buildDate: 100 }]),
    await makeSyncDatabase("core", [{ name: "bash", version: "1-1", buildDate: 100 }]),
  ];
  const source = await fleet.connect(await fleet.makeEndpoint(poolId));
  await fleet.sessions.storeReport(source, fullReport(makePackageSet([installed("bash 2-1")])));
  await upload(newer);
  await fleet.sessions.storeView(source, viewOf(newer));
  const latest = { message: "", pins: [], pinAll: false, expectedTargetRevision: undefined, shared: [] };
  await setLatest(store, { caller: CALLER, idempotencyKey: undefined, endpoint: source.endpointId, ...latest });

  const behind = await fleet.connect(await fleet.makeEndpoint(poolId));
  await fleet.sessions.storeReport(behind, fullReport(makePackageSet([installed("bash 1-1")])));
  const racing = makeFleet(withUploadBeforeCommit(older));
  expect(await racing.sessions.storeView(behind, viewOf(older))).toEqual({ kind: "nothing" });
  expect((await readEndpoint(store.database, behind.endpointId)).status).toBe("behind");
});
