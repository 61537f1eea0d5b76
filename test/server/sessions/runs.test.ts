import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OperationProgress } from "../../../server/live/progress-bell.ts";
import type { RunProgress } from "../../../server/operations/agent-work.ts";
import { readEndpoint } from "../../../server/operations/endpoint-rows.ts";
import type { OperationRecord, RunResult } from "../../../server/operations/records.ts";
import type { OpenedSession } from "../../../server/operations/sessions.ts";
import { setOf } from "../../support/sample-packages.ts";
import { openTestStore, type TestStore } from "../../support/store.ts";
import { CALLER, FACTS, type Fleet, fullReport, makeFleet } from "./fleet.ts";

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

const NOTHING_HELD = { targetRevision: 0, afterCommand: 0, limit: 4 };

interface Started {
  readonly endpointId: string;
  readonly session: OpenedSession;
  readonly operation: OperationRecord;
}

async function started(): Promise<Started> {
  const endpointId = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(endpointId);
  const plan = await fleet.makePlan(endpointId);
  return { endpointId, session, operation: await fleet.start(endpointId, plan.digest) };
}

async function delivered(): Promise<Started> {
  const one = await started();
  await fleet.sessions.acknowledgeCommand(one.session, { sequence: 1, outcome: "persisted", reason: "" });
  return one;
}

function progress(operation: OperationRecord, step: RunProgress["step"], percent: number): RunProgress {
  return { operationId: operation.id, fence: operation.fence, step, percent, message: "" };
}

function result(operation: OperationRecord, state: RunResult["state"], ...problems: readonly string[]): RunResult {
  return { operationId: operation.id, fence: operation.fence, state, problems, startedAt: undefined };
}

async function stateOf(id: string): Promise<string> {
  return (await fleet.runs.getOperation(id)).operation.state;
}

const change = (id: string): { caller: typeof CALLER; idempotencyKey: undefined; id: string } => ({
  caller: CALLER,
  idempotencyKey: undefined,
  id,
});

test("of many starts at once one wins and the others are told which operation runs", async () => {
  const endpointId = await fleet.makeEndpoint(poolId);
  await fleet.reported(endpointId);
  const { digest } = await fleet.makePlan(endpointId);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => fleet.start(endpointId, digest)));
  const won = outcomes.filter((one) => one.status === "fulfilled");
  expect(won).toHaveLength(1);
  for (const one of outcomes) {
    if (one.status === "rejected") expect(one.reason).toMatchObject({ reason: "OPERATION_RUNNING" });
  }
  expect(await readEndpoint(store.database, endpointId)).toMatchObject({ status: "syncing" });
});

test("a start that is repeated with its key is the same start", async () => {
  const endpointId = await fleet.makeEndpoint(poolId);
  await fleet.reported(endpointId);
  const { digest } = await fleet.makePlan(endpointId);
  const key = randomUUID();
  const [first, second] = await Promise.all([
    fleet.start(endpointId, digest, key),
    fleet.start(endpointId, digest, key),
  ]);
  expect(second.id).toBe(first.id);
  expect((await fleet.start(endpointId, digest, key)).id).toBe(first.id);
});

test("a plan is refused once its endpoint has moved on, where its owner forbids it, and when nobody made it", async () => {
  const moved = await fleet.makeEndpoint(poolId);
  const session = await fleet.reported(moved);
  const plan = await fleet.makePlan(moved);
  await fleet.sessions.storeReport(session, fullReport(setOf("bash 9-1")));
  await expect(fleet.start(moved, plan.digest)).rejects.toMatchObject({ reason: "STALE_PLAN" });
  const never = await fleet.makeEndpoint(poolId);
  await fleet.reported(never, { ...FACTS, apply: "never" });
  const refused = await fleet.makePlan(never);
  await expect(fleet.start(never, refused.digest)).rejects.toMatchObject({ reason: "CONSENT_NEVER" });
  await expect(fleet.start(moved, refused.digest)).rejects.toMatchObject({ reason: "PLAN_NOT_FOUND" });
});

test("the agent gets its order with the plan until it has acknowledged it", async () => {
  const { session, operation } = await started();
  const work = await fleet.sessions.pendingWork(session, NOTHING_HELD);
  expect(work.target).toBeUndefined();
  expect(work.commands).toMatchObject([{ kind: "start", sequence: 1, operationId: operation.id, fence: 1 }]);
  const [command] = work.commands;
  expect(command?.kind === "start" && command.plan.digest).toBe(operation.planDigest);
  const ack = { sequence: 1, outcome: "persisted", reason: "" } as const;
  await fleet.sessions.acknowledgeCommand(session, ack);
  await fleet.sessions.acknowledgeCommand(session, { ...ack, outcome: "duplicate" });
  expect(await stateOf(operation.id)).toBe("delivered");
  expect((await fleet.sessions.pendingWork(session, NOTHING_HELD)).commands).toEqual([]);
});

test("an order that the agent refuses ends the operation and blocks the endpoint with its reason", async () => {
  const { endpointId, session, operation } = await started();
  await fleet.sessions.acknowledgeCommand(session, { sequence: 1, outcome: "refused", reason: "CONSENT_NEVER" });
  const { operation: ended } = await fleet.runs.getOperation(operation.id);
  expect(ended).toMatchObject({ state: "refused", problems: ["the agent refused the order: CONSENT_NEVER"] });
  expect(ended.finishedAt).toBeInstanceOf(Date);
  expect(await readEndpoint(store.database, endpointId)).toMatchObject({ status: "blocked" });

  const late = await started();
  await fleet.sessions.acknowledgeCommand(late.session, { sequence: 1, outcome: "refused", reason: "STALE_PLAN" });
  expect(await stateOf(late.operation.id)).toBe("refused");
  expect(await readEndpoint(store.database, late.endpointId)).toMatchObject({ status: "unknown" });
});

test("an order whose acknowledgement was lost is given again on the next stream", async () => {
  const { endpointId, operation } = await started();
  const again = await fleet.connect(endpointId);
  const { commands } = await fleet.sessions.pendingWork(again, NOTHING_HELD);
  expect(commands).toMatchObject([{ kind: "start", sequence: 1, operationId: operation.id }]);
  await fleet.sessions.acknowledgeCommand(again, { sequence: 1, outcome: "duplicate", reason: "" });
  expect(await stateOf(operation.id)).toBe("delivered");
});

test("the first progress takes a revision and later progress none, but watchers hear both", async () => {
  const { session, operation } = await delivered();
  const heard: OperationProgress[] = [];
  using _listening = fleet.progressBell.onRing((one) => heard.push(one));
  await fleet.sessions.recordProgress(session, progress(operation, "check", 1));
  const running = await revision();
  await fleet.sessions.recordProgress(session, progress(operation, "fetch", 20));
  await fleet.sessions.recordProgress(session, progress(operation, "check", 2));
  expect(await revision()).toBe(running);
  expect(heard.map((one) => one.step)).toEqual(["check", "fetch"]);
  expect(heard[0]).toMatchObject({ poolId, endpointId: operation.endpointId, operationId: operation.id });
  expect(await stateOf(operation.id)).toBe("running");
});

test("a result is stored once: it ends the operation, marks the target as applied, and a repetition takes no revision", async () => {
  const { endpointId, session, operation } = await delivered();
  await fleet.sessions.recordProgress(session, progress(operation, "transaction", 50));
  await fleet.sessions.recordResult(session, result(operation, "succeeded"));
  const { operation: ended } = await fleet.runs.getOperation(operation.id);
  expect(ended).toMatchObject({ state: "succeeded", percent: 100 });
  const endpoint = await readEndpoint(store.database, endpointId);
  expect(endpoint).toMatchObject({ appliedRevision: operation.targetRevision, operationId: "" });
  const before = await revision();
  await fleet.sessions.recordResult(session, result(operation, "succeeded"));
  await fleet.sessions.recordProgress(session, progress(operation, "report", 99));
  expect(await revision()).toBe(before);
});

test("a degraded operation degrades its endpoint; repaired under a higher fence, words of the first attempt do not count", async () => {
  const { endpointId, session, operation } = await delivered();
  await fleet.sessions.recordResult(session, result(operation, "degraded", "a library is missing"));
  expect(await readEndpoint(store.database, endpointId)).toMatchObject({ status: "degraded" });
  const repaired = await fleet.runs.repairOperation(change(operation.id));
  expect(repaired).toMatchObject({ state: "queued", fence: 2 });
  const { commands } = await fleet.sessions.pendingWork(session, NOTHING_HELD);
  expect(commands).toMatchObject([{ kind: "start", sequence: 2, fence: 2 }]);
  await fleet.sessions.recordResult(session, result(operation, "failed", "late"));
  await fleet.sessions.recordProgress(session, progress(operation, "proof", 90));
  expect(await stateOf(operation.id)).toBe("queued");
  await fleet.sessions.recordResult(session, result(repaired, "succeeded"));
  expect(await stateOf(operation.id)).toBe("succeeded");
  expect(await readEndpoint(store.database, endpointId)).toMatchObject({ status: "unknown" });
});

test("an operation is cancelled here before the agent has it, by the agent afterwards, and never once pacman is at work", async () => {
  const queued = await started();
  expect(await fleet.runs.cancelOperation(change(queued.operation.id))).toMatchObject({ state: "cancelled" });
  const orders = (await fleet.sessions.pendingWork(queued.session, NOTHING_HELD)).commands;
  expect(orders.map((one) => one.kind)).toEqual(["cancel"]);

  const taken = await delivered();
  expect(await fleet.runs.cancelOperation(change(taken.operation.id))).toMatchObject({ state: "delivered" });
  await fleet.sessions.recordResult(taken.session, result(taken.operation, "cancelled"));
  expect(await stateOf(taken.operation.id)).toBe("cancelled");

  const running = await delivered();
  await fleet.sessions.recordProgress(running.session, progress(running.operation, "transaction", 60));
  const tooLate = fleet.runs.cancelOperation(change(running.operation.id));
  await expect(tooLate).rejects.toMatchObject({ reason: "LOCKED" });
  await fleet.sessions.recordResult(running.session, result(running.operation, "succeeded"));
  const over = fleet.runs.cancelOperation(change(running.operation.id));
  await expect(over).rejects.toMatchObject({ reason: "OPERATION_FINISHED" });
});

test("words about another endpoint's operation are dropped", async () => {
  const { operation } = await delivered();
  const stranger = await fleet.reported(await fleet.makeEndpoint(poolId));
  await fleet.sessions.recordResult(stranger, result(operation, "succeeded"));
  await fleet.sessions.recordProgress(stranger, progress(operation, "check", 1));
  expect(await stateOf(operation.id)).toBe("delivered");
});

test("operations are listed newest first, page by page, and the active ones alone", async () => {
  const pool = await fleet.makePool();
  const endpointId = await fleet.makeEndpoint(pool);
  await fleet.reported(endpointId);
  const ids: string[] = [];
  for (let at = 0; at < 3; at += 1) {
    const { id } = await fleet.start(endpointId, (await fleet.makePlan(endpointId)).digest);
    ids.unshift(id);
    if (at < 2) await fleet.runs.cancelOperation(change(id));
  }
  const filter = { pool, endpoint: undefined, active: false };
  const first = await fleet.runs.listOperations(filter, { size: 2, token: undefined });
  const second = await fleet.runs.listOperations(filter, { size: 2, token: first.nextToken });
  expect([...first.items, ...second.items].map((one) => one.id)).toEqual(ids);
  expect(second.nextToken).toBeUndefined();
  const active = await fleet.runs.listOperations({ ...filter, active: true }, { size: 2, token: undefined });
  expect(active.items.map((one) => one.id)).toEqual(ids.slice(0, 1));
});

async function revision(): Promise<number> {
  const [row] = await store.database.query<{ revision: number }>("select revision from pool where id = $1", [poolId]);
  return row?.revision ?? -1;
}
