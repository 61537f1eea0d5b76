// Operations that people ran on a machine without the server, as the server learns of them afterwards.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../../domain/plan/plan.ts";
import { sealPlan } from "../../../domain/plan/plan.ts";
import { sha256Of } from "../../../server/operations/content.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import type { RunResult } from "../../../server/operations/records.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { BASE, CALLER, digestOf, type Fleet, makeFleet } from "./fleet.ts";

let store: TestStore;
let fleet: Fleet;
let poolId: string;

beforeAll(async () => {
  store = await openTestStore();
  fleet = makeFleet(store);
  poolId = await fleet.makePool();
});
afterAll(() => store[Symbol.asyncDispose]());

const step = { name: "bash", fromVersion: "2-1", toVersion: "1-1", repository: "core", architecture: "x86_64" };

function revertOf(endpointId: string): Plan {
  const rest = { reasons: [], warnings: [], leftAlone: [], downloadBytes: 0, installedDeltaBytes: 0 };
  const steps = [{ action: "downgrade" as const, ...step, buildDate: 0, downloadBytes: 0, why: "as it was" }];
  const digests = { baseDigest: "cd".repeat(32), afterDigest: digestOf(BASE) };
  return sealPlan({ endpointId, ...digests, targetRevision: 3, isRevert: true, steps, ...rest }, sha256Of);
}

function resultWith(plan: Plan, more: Partial<RunResult> = {}): RunResult {
  const startedAt = new Date("2026-05-01T10:00:00Z");
  return { operationId: randomUUID(), fence: 1, state: "succeeded", problems: [], startedAt, plan, ...more };
}

test("an operation that was run on the machine itself becomes part of the history, told once or twice", async () => {
  const endpointId = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(endpointId);
  const plan = revertOf(endpointId);
  const result = resultWith(plan);
  await fleet.sessions.recordResult(session, result);
  await fleet.sessions.recordResult(session, result);
  const { operation, plan: stored } = await fleet.runs.getOperation(result.operationId);
  expect(operation).toMatchObject({
    state: "succeeded",
    percent: 100,
    isRevert: true,
    targetRevision: 3,
    author: "on the machine",
    changes: 1,
    createdAt: result.startedAt,
  });
  expect(operation.finishedAt).toBeInstanceOf(Date);
  expect(stored.digest).toBe(plan.digest);
  const { items } = await fleet.runs.listOperations(
    { endpoint: endpointId, pool: undefined, active: false },
    { size: 10, token: undefined },
  );
  expect(items).toHaveLength(1);
});

test("one whose proof failed leaves the endpoint degraded, and can be repaired from the server", async () => {
  const endpointId = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(endpointId);
  const result = resultWith(revertOf(endpointId), { state: "degraded", problems: ["lib: /usr/lib/lib is missing"] });
  await fleet.sessions.recordResult(session, result);
  expect(await readEndpoint(store.database, endpointId)).toMatchObject({
    status: "degraded",
    reasons: expect.arrayContaining(["lib: /usr/lib/lib is missing"]),
  });
  const repaired = await fleet.runs.repairOperation({
    caller: CALLER,
    idempotencyKey: undefined,
    id: result.operationId,
  });
  expect(repaired).toMatchObject({ state: "queued", fence: 2 });
});

test("a result without a plan, and one with another endpoint's plan, are dropped", async () => {
  const endpointId = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(endpointId);
  const stranger = await fleet.makeEndpoint(poolId);
  for (const plan of [undefined, revertOf(stranger)]) {
    const result = { ...resultWith(revertOf(endpointId)), plan };
    await fleet.sessions.recordResult(session, result);
    await expect(fleet.runs.getOperation(result.operationId)).rejects.toMatchObject({ reason: "OPERATION_NOT_FOUND" });
  }
});
