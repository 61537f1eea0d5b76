import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncStatus } from "../../../proto/generated/pacpool/v1/drift.ts";
import { OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { encodePackage } from "../../../rpc/codec/package-set.ts";
import { decodePlan } from "../../../rpc/codec/plan.ts";
import { eventually } from "../../support/eventually.ts";
import { digestOf, installed } from "../../support/fake-agent.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, hasReported, planned } from "../../support/two-moments.ts";

describe("StartOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const statusOf = async (name: string) =>
    (await server.admin.endpoints.getEndpoint({ endpoint: name })).endpoint?.status;

  it("orders the agent to run exactly the approved plan, and shows the machine as syncing until it is done", async () => {
    const agent = await poolWithTarget(server, "a");
    const plan = await planned(server, agent);
    const { operation } = await server.admin.operations.startOperation({
      endpoint: "a-behind",
      planDigest: plan.digest,
    });
    expect(operation).toMatchObject({
      state: OperationState.QUEUED,
      planDigest: plan.digest,
      endpoint: "a-behind",
      targetRevision: 1n,
      changes: 2,
    });
    const command = await agent.next("command");
    expect(command.notAfter?.getTime()).toBeGreaterThan(Date.now());
    expect(
      command.order?.$case === "start" && command.order.value.plan !== undefined
        ? decodePlan(command.order.value.plan)
        : undefined,
    ).toEqual(plan);
    expect(await statusOf("a-behind")).toBe(SyncStatus.SYNCING);
    await agent.say({
      $case: "commandAck",
      value: { commandSequence: command.commandSequence, outcome: 1, reason: "" },
    });
    await finished(agent, operation ?? expect.fail("no operation"), OperationState.SUCCEEDED);
    await agent.reportView();
    await agent.reportAll();
    await eventually("in sync", async () => ((await statusOf("a-behind")) === SyncStatus.IN_SYNC ? true : undefined));
    expect((await server.admin.endpoints.getEndpoint({ endpoint: "a-behind" })).endpoint).toMatchObject({
      appliedRevision: 1n,
      operationId: "",
    });
  });

  it("starts one operation of many retries at once, and sends one order", async () => {
    const agent = await poolWithTarget(server, "b");
    const plan = await planned(server, agent);
    const calls = Array.from({ length: 6 }, () =>
      server.admin.operations.startOperation({ endpoint: "b-behind", planDigest: plan.digest, idempotencyKey: "o-1" }),
    );
    expect(new Set((await Promise.all(calls)).map(({ operation }) => operation?.id)).size).toBe(1);
    await taken(agent);
    await agent.heartbeat(1n);
    await server.admin.pools.listPools({});
    expect(agent.heard.filter(({ body }) => body?.$case === "command")).toHaveLength(1);
  });

  it("refuses a second operation while one is under way", async () => {
    const agent = await poolWithTarget(server, "c");
    const { planDigest, id } = await started(server, agent);
    const second = server.admin.operations.startOperation({ endpoint: "c-behind", planDigest });
    await expect(second).rejects.toMatchObject({ reason: "OPERATION_RUNNING", metadata: { operation: id } });
  });

  it("refuses a plan that starts from packages that the machine no longer has", async () => {
    const agent = await poolWithTarget(server, "d");
    const plan = await planned(server, agent);
    const packages = [...BEHIND.packages, installed("tool", "1.0-1")];
    const value = {
      reportId: "r",
      baseDigest: plan.baseDigest,
      digest: digestOf(packages),
      upserts: [encodePackage(installed("tool", "1.0-1"))],
      removed: [],
      chunk: 0,
      chunks: 1,
      facts: undefined,
    };
    agent.machine = { ...BEHIND, packages };
    await agent.say({ $case: "stateReport", value });
    await hasReported(server, "d-behind", agent.machine);
    expect(
      await reasonOf(server.admin.operations.startOperation({ endpoint: "d-behind", planDigest: plan.digest })),
    ).toBe("STALE_PLAN");
  });

  it("refuses what the machine's owner forbids", async () => {
    const agent = await poolWithTarget(server, "e");
    const plan = await planned(server, agent);
    agent.machine = { ...BEHIND, facts: { apply: "never" } };
    await agent.reportAll();
    await eventually("the owner's word", async () =>
      (await server.admin.endpoints.getEndpoint({ endpoint: "e-behind" })).endpoint?.apply === "never"
        ? true
        : undefined,
    );
    expect(
      await reasonOf(server.admin.operations.startOperation({ endpoint: "e-behind", planDigest: plan.digest })),
    ).toBe("CONSENT_NEVER");
  });

  it("refuses plans that are not there or another machine's, unknown machines, and viewers", async () => {
    const agent = await poolWithTarget(server, "f");
    const plan = await planned(server, agent);
    const start = (endpoint: string, planDigest: string) =>
      server.admin.operations.startOperation({ endpoint, planDigest });
    expect(await reasonOf(start("f-behind", "0".repeat(64)))).toBe("PLAN_NOT_FOUND");
    expect(await reasonOf(start("f-behind", "x"))).toBe("INVALID_FIELD");
    expect(await reasonOf(start("f-source", plan.digest))).toBe("PLAN_NOT_FOUND");
    expect(await reasonOf(start("nobody", plan.digest))).toBe("ENDPOINT_NOT_FOUND");
    const viewer = await server.as("viewer");
    expect(await reasonOf(viewer.operations.startOperation({ endpoint: "f-behind", planDigest: plan.digest }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
