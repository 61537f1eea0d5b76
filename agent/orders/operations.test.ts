import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plan } from "../../domain/plan/plan.ts";
import type { ExecutionHooks, Machine, Outcome } from "../machine.ts";
import type { BeginGate } from "./begin-gate.ts";
import { makeOperations, type Operations } from "./operations.ts";
import { type Command, EMPTY_ORDER_BOOK, type OperationResult, type Order } from "./order-book.ts";
import { openOrderBook } from "./order-book-file.ts";

const plan = { digest: "d", baseDigest: "before" } as Plan;
const log = pino({ level: "silent" });

let stateDir = "";
let stop: AbortController;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "pacpool-operations-"));
  stop = new AbortController();
});

afterEach(() => {
  stop.abort();
  rmSync(stateDir, { recursive: true });
});

function start(sequence: number, operationId: string): Command {
  return { kind: "start", sequence, notAfterMs: undefined, operationId, fence: 1, plan };
}

interface Fake {
  readonly execute: (order: Order, hooks: ExecutionHooks) => Promise<Outcome | undefined>;
  readonly outcomeOf?: (order: Order) => Outcome | undefined;
  readonly gate?: Pick<BeginGate, "ask">;
  readonly recover?: (hooks: ExecutionHooks) => Promise<readonly OperationResult[]>;
}

/** Operations over the part of a machine that they call. */
async function open(fake: Fake): Promise<{ operations: Operations; results: () => readonly OperationResult[] }> {
  const machine = {
    execute: fake.execute,
    outcomeOf: fake.outcomeOf ?? (() => undefined),
    recover: fake.recover ?? (() => Promise.resolve([])),
  } as unknown as Machine;
  const book = await openOrderBook(stateDir);
  const operations = makeOperations({
    machine,
    book,
    reread: () => Promise.resolve("after"),
    now: () => 1_000,
    log,
    signal: stop.signal,
    gate: fake.gate ?? { ask: () => Promise.resolve({ kind: "go" }) },
  });
  return { operations, results: () => book.current().results };
}

/** Resolves when that many results are kept. */
function kept(operations: Operations, results: () => readonly OperationResult[], count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (results().length >= count) {
        resolve();
      }
    };
    operations.follow(look);
    look();
  });
}

test("orders run one after the other, and each result is kept with the set that it left", async () => {
  const running: string[] = [];
  const { operations, results } = await open({
    execute: (order) => {
      running.push(order.operationId);
      return Promise.resolve({ state: "succeeded", problems: [] });
    },
  });
  const ended = operations.run();
  await operations.take(start(1, "o-1"), 0, true);
  await operations.take(start(2, "o-2"), 0, true);
  await kept(operations, results, 2);
  expect(running).toEqual(["o-1", "o-2"]);
  expect(results()).toMatchObject([
    { operationId: "o-1", state: "succeeded", digest: "after", startedAtMs: 1_000, finishedAtMs: 1_000 },
    { operationId: "o-2" },
  ]);
  stop.abort();
  await ended;
});

test("results outlive the agent until the server has them", async () => {
  const first = await open({ execute: () => Promise.resolve({ state: "degraded", problems: ["a hook failed"] }) });
  const ended = first.operations.run();
  await first.operations.take(start(1, "o-1"), 0, true);
  await kept(first.operations, first.results, 1);
  stop.abort();
  await ended;
  const second = await open({ execute: () => Promise.reject(new Error("nothing to execute")) });
  expect(second.results()).toMatchObject([{ operationId: "o-1", state: "degraded", problems: ["a hook failed"] }]);
  await second.operations.forget("o-1", 1);
  expect((await open({ execute: () => Promise.resolve(undefined) })).results()).toEqual([]);
});

test("the order book of an older agent is read on under its new name", async () => {
  const old = { ...EMPTY_ORDER_BOOK, lastSequence: 41 };
  writeFileSync(join(stateDir, "inbox.json"), JSON.stringify(old));
  expect((await openOrderBook(stateDir)).current().lastSequence).toBe(41);
  expect((await openOrderBook(stateDir)).current().lastSequence).toBe(41);
  expect(existsSync(join(stateDir, "inbox.json"))).toBe(false);
});

test("an order that had begun when the agent was killed is never run again by itself", async () => {
  const begun = Promise.withResolvers<void>();
  const hang = await open({
    execute: () => {
      begun.resolve();
      return new Promise(() => undefined);
    },
  });
  void hang.operations.run();
  await hang.operations.take(start(1, "o-1"), 0, true);
  await begun.promise;
  const executed: string[] = [];
  const next = await open({
    execute: (order) => {
      executed.push(order.operationId);
      return Promise.resolve({ state: "succeeded", problems: [] });
    },
  });
  const ended = next.operations.run();
  await kept(next.operations, next.results, 1);
  expect(next.results()).toMatchObject([{ operationId: "o-1", state: "interrupted" }]);
  expect(executed).toEqual([]);
  stop.abort();
  await ended;
});

test("an order that had ended when the agent was killed has the end that the machine's journal tells", async () => {
  const begun = Promise.withResolvers<void>();
  const first = await open({
    execute: () => {
      begun.resolve();
      return new Promise(() => undefined);
    },
  });
  void first.operations.run();
  await first.operations.take(start(1, "o-1"), 0, true);
  await begun.promise;
  const next = await open({
    execute: () => Promise.resolve(undefined),
    outcomeOf: () => ({ state: "succeeded", problems: [] }),
  });
  const ended = next.operations.run();
  await kept(next.operations, next.results, 1);
  expect(next.results()).toMatchObject([{ operationId: "o-1", state: "succeeded" }]);
  stop.abort();
  await ended;
});

test("what recovery found out is the result of that operation", async () => {
  const recovered: OperationResult = {
    operationId: "o-1",
    fence: 1,
    state: "succeeded",
    problems: [],
    digest: "after",
    startedAtMs: 1,
    finishedAtMs: 2,
  };
  const { operations, results } = await open({
    execute: () => Promise.resolve(undefined),
    recover: () => Promise.resolve([recovered]),
  });
  const ended = operations.run();
  await kept(operations, results, 1);
  expect(results()).toEqual([recovered]);
  stop.abort();
  await ended;
});

test("a running operation is asked to stop by a cancel, and decides itself how it ends", async () => {
  const { operations, results } = await open({
    execute: (_order, hooks) =>
      new Promise((resolve) => {
        hooks.progress({ operationId: "o-1", fence: 1, step: "fetch", percent: 10, message: "fetching" });
        hooks.cancelled.addEventListener("abort", () => {
          resolve({ state: "cancelled", problems: [] });
        });
      }),
  });
  const ended = operations.run();
  const running = new Promise<void>((resolve) => {
    operations.follow(() => {
      if (operations.running() !== undefined) {
        resolve();
      }
    });
  });
  await operations.take(start(1, "o-1"), 0, true);
  await running;
  const cancel: Command = { kind: "cancel", sequence: 2, notAfterMs: undefined, operationId: "o-1" };
  expect(await operations.take(cancel, 0, true)).toEqual({ kind: "persisted" });
  await kept(operations, results, 1);
  expect(results()).toMatchObject([{ state: "cancelled" }]);
  expect(operations.running()).toBeUndefined();
  stop.abort();
  await ended;
});

test("a defect while executing becomes a failed result, and the next order runs", async () => {
  const { operations, results } = await open({
    execute: (order) =>
      order.operationId === "o-1"
        ? Promise.reject(new TypeError("undefined is not a function"))
        : Promise.resolve({ state: "succeeded", problems: [] }),
  });
  const ended = operations.run();
  await operations.take(start(1, "o-1"), 0, true);
  await operations.take(start(2, "o-2"), 0, true);
  await kept(operations, results, 2);
  expect(results().map(({ state }) => state)).toEqual(["failed", "succeeded"]);
  stop.abort();
  await ended;
});

test("an order that must wait says why, lets others pass, and begins when it may", async () => {
  const begun: string[] = [];
  const messages: (string | undefined)[] = [];
  let mayBegin = false;
  const { operations, results } = await open({
    execute: (order) => {
      begun.push(order.operationId);
      return Promise.resolve({ state: "succeeded", problems: [] });
    },
    gate: {
      ask: ({ operationId }) =>
        Promise.resolve(
          mayBegin || operationId !== "o-1"
            ? { kind: "go" }
            : { kind: "wait", why: "for Saturday", minutes: undefined },
        ),
    },
  });
  operations.follow(() => messages.push(operations.running()?.message));
  const ended = operations.run();
  await operations.take(start(1, "o-1"), 0, true);
  await operations.take(start(2, "o-2"), 0, true);
  await kept(operations, results, 1);
  expect(begun).toEqual(["o-2"]);
  mayBegin = true;
  operations.reconsider();
  await kept(operations, results, 2);
  expect(begun).toEqual(["o-2", "o-1"]);
  expect(messages).toContain("for Saturday");
  stop.abort();
  await ended;
});

test("an order that waits can be cancelled and never begins", async () => {
  const { operations, results } = await open({
    execute: () => Promise.reject(new Error("it began")),
    gate: { ask: () => Promise.resolve({ kind: "wait", why: "for Saturday", minutes: undefined }) },
  });
  const ended = operations.run();
  await operations.take(start(1, "o-1"), 0, true);
  await operations.take({ kind: "cancel", sequence: 2, notAfterMs: undefined, operationId: "o-1" }, 0, true);
  await kept(operations, results, 1);
  expect(results()[0]).toMatchObject({ operationId: "o-1", state: "cancelled" });
  stop.abort();
  await ended;
  expect(operations.running()).toBeUndefined();
});
