import { expect, test } from "vitest";
import { type Drift, NO_DRIFT } from "../../domain/drift/drift.ts";
import type { Target } from "../../domain/target/target.ts";
import { setOf } from "../../test/support/sample-packages.ts";
import type { DeliveredTarget, MachineState, Progress } from "../machine.ts";
import { EMPTY_ORDER_BOOK, type OperationResult } from "../orders/order-book.ts";
import { describeStatus, type LocalFacts, summarize } from "./local-status.ts";

const machine: MachineState = {
  set: setOf("foo 1-1"),
  digest: "set",
  view: { architecture: "x86_64", class: "", databases: [] },
  viewDigest: "view",
  servers: [],
  facts: { held: [], apply: "ask", root: "/r", isRebootRequired: false, healthProblems: [], inbox: [] },
};

const delivered: DeliveredTarget = {
  poolId: "p-1",
  target: { revision: 7, mode: "versions", message: "the good day" } as Target,
  mirror: undefined,
  databaseFile: () => "",
};

const behind: Drift = {
  items: [{ name: "foo", kind: "older", cause: "view", installed: "1-1", wanted: "2-1" }],
  counts: { ...NO_DRIFT, older: 1 },
};

const result: OperationResult = {
  operationId: "o-1",
  fence: 1,
  state: "degraded",
  problems: ["the hook mkinitcpio failed"],
  digest: "set",
  startedAtMs: 1,
  finishedAtMs: 2,
};

const running: Progress = { operationId: "o-1", fence: 1, step: "fetch", percent: 30, message: "fetching foo" };

function facts(more: Partial<LocalFacts> = {}): LocalFacts {
  return {
    name: "alpha",
    pool: "lab",
    machine,
    delivered,
    drift: { items: [], counts: NO_DRIFT },
    book: EMPTY_ORDER_BOOK,
    running: undefined,
    connection: { kind: "connected", sinceMs: 10, name: "alpha", pool: "lab" },
    standing: undefined,
    reportedAtMs: 900,
    nowMs: 1_000,
    ...more,
  };
}

test("a machine that agrees with its target is in sync, with the target's message", () => {
  expect(summarize(facts())).toMatchObject({
    endpoint: "alpha",
    pool: "lab",
    status: "in-sync",
    reasons: [],
    targetRevision: 7,
    message: "the good day",
    reportedAtMs: 1_000,
  });
});

test("an old target is told beside the status, and a machine that is ahead has its two ways out", () => {
  const nowMs = 20 * 86_400_000;
  const target = { ...delivered.target, createdAtMs: 86_400_000 };
  const old = facts({ nowMs, delivered: { ...delivered, target } });
  expect(summarize(old)).toMatchObject({ status: "in-sync", targetIsOld: true, targetAge: "old target: 19 d old" });
  const young = { ...delivered, target: { ...target, createdAtMs: nowMs - 1 } };
  expect(summarize(facts({ nowMs, delivered: young }))).not.toHaveProperty("targetIsOld");
  const counts = { ...NO_DRIFT, newer: 1 };
  const item = { name: "foo", kind: "newer", cause: "view", installed: "2-1", wanted: "1-1" } as const;
  expect(describeStatus(facts({ drift: { items: [item], counts } }))).toMatchObject({
    status: "ahead",
    ways: [{ verb: "pacpool set-latest --endpoint alpha" }, { verb: "pacpool sync --endpoint alpha --downgrade" }],
  });
});

test("a difference is told by name in a summary, and as a reason with both versions where nothing stands beside it", () => {
  expect(summarize(facts({ drift: behind }))).toMatchObject({
    status: "behind",
    reasons: [],
    drift: [{ name: "foo", kind: "older", installed: "1-1", wanted: "2-1" }],
  });
  expect(describeStatus(facts({ drift: behind }))).toMatchObject({ reasons: ["foo 1-1 → 2-1"] });
});

test("a summary names a dozen packages and no held one", () => {
  const item = { name: "foo", kind: "older", cause: "view", installed: "1-1", wanted: "2-1" } as const;
  const items = [{ ...item, name: "held", kind: "held" } as const, ...Array.from({ length: 40 }, () => item)];
  const { drift } = summarize(facts({ drift: { items, counts: { ...NO_DRIFT, older: 40, held: 1 } } }));
  expect(drift).toHaveLength(12);
  expect(drift?.[0]?.name).toBe("foo");
});

test("the pool's own measure says whether a target is old, and its server what upstream has beyond it", () => {
  const nowMs = 20 * 86_400_000;
  const target = { ...delivered.target, createdAtMs: 86_400_000 };
  const counts = { "in-sync": 2 } as never;
  const standing = { pool: "lab", endpoints: 2, online: 1, counts, staleAfterDays: 30, upstream: undefined };
  const summary = summarize(facts({ nowMs, delivered: { ...delivered, target }, standing }));
  expect(summary).not.toHaveProperty("targetIsOld");
  expect(summary.fleet).toEqual({ endpoints: 2, online: 1, counts });
  const upstream = { newer: 50, newerInstalled: 41, builtAt: 1, endpoint: "beta" };
  const told = facts({ nowMs, delivered: { ...delivered, target }, standing: { ...standing, upstream } });
  expect(summarize(told)).toMatchObject({
    targetIsOld: false,
    targetAge: expect.stringContaining("41 newer packages"),
  });
});

test("the last deed is the newer one of the target that was set and the operation that ended", () => {
  const target = { ...delivered.target, createdAtMs: 500, author: "ann", sourceEndpoint: "atlas" };
  const here = facts({ delivered: { ...delivered, target } });
  expect(summarize(here).lastDeed).toEqual({ what: "set-latest from atlas, target 7", who: "ann", atMs: 500 });
  const last = { ...result, finishedAtMs: 900 };
  expect(summarize({ ...here, book: { ...EMPTY_ORDER_BOOK, last } }).lastDeed).toMatchObject({
    what: "operation, degraded",
    atMs: 900,
  });
  const about = { targetRevision: 7, isRevert: false };
  expect(summarize({ ...here, book: { ...EMPTY_ORDER_BOOK, last: { ...last, about } } }).lastDeed?.what).toBe(
    "sync to target 7, degraded",
  );
});

test("without the server the status stays, with the time since when", () => {
  const offline = { kind: "offline", sinceMs: 500, why: "no route", needsPerson: false } as const;
  expect(summarize(facts({ drift: behind, connection: offline }))).toMatchObject({
    status: "behind",
    offlineSinceMs: 500,
  });
  expect(describeStatus(facts({ connection: offline }))).toMatchObject({
    online: false,
    offlineSince: "1970-01-01T00:00:00.500Z",
    offlineBecause: "no route",
  });
});

test("what only a person can mend comes first", () => {
  const connection = {
    kind: "offline",
    sinceMs: 500,
    why: "the key is refused; join again",
    needsPerson: true,
  } as const;
  expect(summarize(facts({ drift: behind, connection })).reasons[0]).toBe("the key is refused; join again");
});

test("a waiting or running operation makes it syncing, over everything else", () => {
  const plan = { digest: "d" } as never;
  const order = { operationId: "o-1", fence: 1, plan, hasBegun: false };
  expect(summarize(facts({ book: { ...EMPTY_ORDER_BOOK, orders: [order] }, drift: behind })).status).toBe("syncing");
  expect(summarize(facts({ running, drift: behind }))).toMatchObject({
    status: "syncing",
    percent: 30,
    step: "fetch",
    message: "fetching foo",
  });
});

test("a failed proof stays visible after the server has the result", () => {
  expect(summarize(facts({ book: { ...EMPTY_ORDER_BOOK, last: result } }))).toMatchObject({
    status: "degraded",
    reasons: ["the hook mkinitcpio failed"],
  });
});

test("a torn database blocks, and the problem is the reason", () => {
  const torn = { ...machine, facts: { ...machine.facts, healthProblems: ["foo-1-1 is torn"] } };
  expect(summarize(facts({ machine: torn }))).toMatchObject({ status: "blocked", reasons: ["foo-1-1 is torn"] });
});

test("without a target, or without its databases, nothing is claimed", () => {
  expect(summarize(facts({ delivered: undefined, drift: undefined }))).toMatchObject({
    status: "unknown",
    reasons: ["the pool has no target yet"],
  });
  expect(summarize(facts({ drift: undefined })).status).toBe("unknown");
});

test("the status as JSON has the names that scripts rely on", () => {
  expect(describeStatus(facts({ drift: behind }))).toMatchObject({
    name: "alpha",
    pool: "lab",
    status: "behind",
    online: true,
    digest: "set",
    packages: 1,
    older: 1,
    newer: 0,
    missing: 0,
    extra: 0,
    held: 0,
    foreign: 0,
    lastSeen: "1970-01-01T00:00:01.000Z",
    items: [{ name: "foo", kind: "older" }],
  });
});
