// The JSON shapes that scripts rely on, from the built program against a real server. Field names and types are golden:
// fields may be added on purpose, never renamed or dropped.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandAck_Outcome } from "../../proto/generated/pacpool/v1/agent.ts";
import { OperationState, OperationStep } from "../../proto/generated/pacpool/v1/operation.ts";
import { digestOf } from "../support/fake-agent.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { answerPlan, BEHIND, CURRENT, planFor, settled } from "../support/two-moments.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

let server: TestServer;
let person: Person;
let behind: Awaited<ReturnType<typeof settled>>;

beforeAll(async () => {
  server = await openServer();
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  await person.json("pool", "create", "studio", "--description", "desks");
  await settled(server, "atlas", CURRENT, "studio");
  behind = await settled(server, "borealis", BEHIND, "studio");
  await person.json("set-latest", "--endpoint", "atlas", "--message", "May, tested");
});
afterAll(async () => {
  person[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** Field names with the types of their values. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one)]));
}

const COUNTS = {
  older: "number",
  newer: "number",
  rebuilt: "number",
  missing: "number",
  extra: "number",
  reason: "number",
  replaced: "number",
  held: "number",
  foreign: "number",
  unavailable: "number",
  own: "number",
};

const ENDPOINT = {
  id: "string",
  name: "string",
  pool: "string",
  status: "string",
  online: "boolean",
  digest: "string",
  packages: "number",
  ...COUNTS,
  lastSeen: "string",
  reportedAt: "string",
  labels: {},
  appliedRevision: "number",
  operation: "null",
  agentVersion: "string",
  rebootRequired: "boolean",
  apply: "string",
  root: "string",
};

const TARGET = {
  revision: "number",
  digest: "string",
  message: "string",
  source: "string",
  time: "string",
  author: "string",
  mode: "string",
  viewDigest: "string",
  views: [{ class: "string", digest: "string" }],
  pins: [],
  shared: [],
  bad: "boolean",
  restoresRevision: "null",
};

const OPERATION = {
  id: "string",
  endpoint: "string",
  state: "string",
  step: "string",
  percent: "number",
  startedAt: "string",
  finishedAt: "string",
  outcome: "string",
  problems: [],
  message: "string",
  author: "string",
  createdAt: "string",
  targetRevision: "number",
  revert: "boolean",
  planDigest: "string",
  changes: "number",
};

describe("JSON", () => {
  test("endpoint list", async () => {
    const list = (await person.json("endpoint", "list")) as readonly Readonly<Record<string, unknown>>[];
    expect(list.map(({ name }) => name)).toEqual(["atlas", "borealis"]);
    expect(shape(list)).toEqual([ENDPOINT]);
    expect(list[1]).toMatchObject({
      pool: "studio",
      status: "behind",
      online: true,
      digest: digestOf(BEHIND.packages),
    });
  });

  test("status, with why", async () => {
    const status = (await person.json("status", "borealis")) as { readonly reasons: readonly string[] };
    expect(shape(status)).toEqual({
      ...ENDPOINT,
      reasons: ["string"],
      ways: [],
      targetIsOld: "boolean",
      upstream: "null",
    });
  });

  test("pool show", async () => {
    const pool = await person.json("pool", "show", "studio");
    expect(pool).toMatchObject({
      name: "studio",
      mode: "versions",
      target: { revision: 1, digest: digestOf(CURRENT.packages), message: "May, tested", source: "atlas" },
      endpoints: 2,
      online: 2,
      counts: { inSync: 1, behind: 1, pendingApproval: 0 },
    });
    expect(shape(pool)).toMatchObject({ revision: "number", target: TARGET, createdAt: "string" });
  });

  test("diff", async () => {
    const drift = (await person.json("diff", "borealis")) as readonly unknown[];
    expect(drift.length).toBeGreaterThan(0);
    const version = expect.stringMatching(/.+/) as unknown;
    expect(drift[0]).toEqual({
      name: version,
      kind: "older",
      installedVersion: version,
      targetVersion: version,
      why: version,
    });
  });

  test("target show and history", async () => {
    expect(shape(await person.json("target", "show", "studio"))).toEqual(TARGET);
    expect(shape(await person.json("target", "history", "studio"))).toEqual([TARGET]);
  });

  test("plan", async () => {
    const asked = person.json("plan", "borealis");
    await answerPlan(behind, planFor(behind.endpoint.endpointId, digestOf(BEHIND.packages)));
    const plan = await asked;
    expect(shape(plan)).toMatchObject({
      baseDigest: "string",
      planDigest: "string",
      reasons: expect.any(Array) as unknown,
      warnings: expect.any(Array) as unknown,
      leftAlone: expect.any(Array) as unknown,
      downloadBytes: "number",
    });
    for (const action of ["install", "upgrade", "downgrade", "remove"]) {
      expect(plan).toHaveProperty(action, expect.any(Array));
    }
  });

  test("token create and key create, list, revoke", async () => {
    const token = await person.json("token", "create", "--pool", "studio");
    expect(shape(token)).toEqual({
      id: "string",
      token: "string",
      joinCode: "string",
      expiresAt: "string",
      pool: "string",
      uses: "number",
    });
    const key = (await person.json("key", "create", "--name", "bar", "--role", "viewer")) as {
      readonly id: string;
      readonly secret: string;
    };
    using viewer = openPerson({ server: server.address, ca: server.ca, key: key.secret });
    expect((await viewer.pacpool("pool", "list")).code).toBe(0);
    expect((await viewer.pacpool("pool", "create", "mine")).code).toBe(5);
    expect((await person.pacpool("key", "revoke", key.id)).code).toBe(0);
    expect((await viewer.pacpool("pool", "list")).code).toBe(5);
    const keys = (await person.json("key", "list")) as readonly { readonly name: string; readonly revoked: boolean }[];
    expect(keys.find(({ name }) => name === "bar")?.revoked).toBe(true);
    expect(JSON.stringify(keys)).not.toContain(key.secret);
  });
});

test("a sync runs to its end, and operation show has the golden shape", async () => {
  const syncing = person.json("sync", "--endpoint", "borealis", "--yes");
  await answerPlan(behind, planFor(behind.endpoint.endpointId, digestOf(BEHIND.packages)));
  const command = await behind.next("command");
  const order = command.order?.$case === "start" ? command.order.value : undefined;
  const { operationId = "", fence = 0n } = order ?? {};
  const { commandSequence } = command;
  await behind.say({
    $case: "commandAck",
    value: { commandSequence, outcome: CommandAck_Outcome.PERSISTED, reason: "" },
  });
  await behind.say({
    $case: "operationProgress",
    value: { operationId, fence, step: OperationStep.TRANSACTION, percent: 60, message: "upgrading" },
  });
  const now = new Date();
  await behind.say({
    $case: "operationResult",
    value: {
      operationId,
      fence,
      state: OperationState.SUCCEEDED,
      problems: [],
      digest: digestOf(CURRENT.packages),
      startedAt: now,
      finishedAt: now,
      plan: undefined,
    },
  });
  const ended = (await syncing) as readonly Readonly<Record<string, unknown>>[];
  expect(ended).toMatchObject([{ id: operationId, endpoint: "borealis", outcome: "succeeded" }]);
  const shown = await person.json("operation", "show", operationId);
  expect(shape(shown)).toEqual(OPERATION);
  expect(await person.json("operation", "show", operationId, "--log")).toMatchObject({
    log: [{ step: "transaction", percent: 60, message: "upgrading" }],
  });
  expect(shape(await person.json("operation", "list", "--endpoint", "borealis"))).toEqual([OPERATION]);
});

describe("exit code", () => {
  test("4 for what the server refuses", async () => {
    const refused = [
      ["status", "nobody"],
      ["pool", "show", "nowhere"],
      ["pool", "create", "studio"],
      ["pool", "delete", "studio"],
      ["set-latest", "--endpoint", "atlas", "--expect", "7"],
    ];
    for (const words of refused) {
      const { code, stderr } = await person.pacpool(...words);
      expect([words, code]).toEqual([words, 4]);
      expect(stderr).toMatch(/^pacpool .* failed: /);
    }
  });

  test("5 for a wrong key", async () => {
    using stranger = openPerson({ server: server.address, ca: server.ca, key: `ppk_1_${"0".repeat(40)}` });
    expect((await stranger.pacpool("endpoint", "list")).code).toBe(5);
  });

  test("3 with advice when the server's certificate is not believed", async () => {
    using unsure = openPerson({ server: server.address, key: server.adminKey });
    const { code, stderr } = await unsure.pacpool("endpoint", "list");
    expect(code).toBe(3);
    expect(stderr).toContain("--ca");
  });

  test("2 for what the server finds wrong in the words", async () => {
    expect((await person.pacpool("pool", "create", "Not A Name")).code).toBe(2);
  });
});
