import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState, OperationStep } from "../../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../../support/eventually.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("GetOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const state = (id: string, wanted: OperationState) =>
    eventually(`state ${String(wanted)}`, async () => {
      const { operation } = await server.admin.operations.getOperation({ id });
      return operation?.state === wanted ? operation : undefined;
    });

  it("follows an operation from its order to its proof, with its plan", async () => {
    const agent = await poolWithTarget(server, "a");
    const operation = await started(server, agent);
    const { plan } = await server.admin.operations.getOperation({ id: operation.id });
    expect(plan?.digest).toBe(operation.planDigest);
    await taken(agent);
    await state(operation.id, OperationState.DELIVERED);
    const value = {
      operationId: operation.id,
      fence: operation.fence,
      step: OperationStep.TRANSACTION,
      percent: 40,
      message: "upgrading app",
    };
    await agent.say({ $case: "operationProgress", value });
    expect(await state(operation.id, OperationState.RUNNING)).toMatchObject({
      step: OperationStep.TRANSACTION,
      percent: 40,
      message: "upgrading app",
    });
    await finished(agent, operation, OperationState.SUCCEEDED);
    const done = await state(operation.id, OperationState.SUCCEEDED);
    expect(done.problems).toEqual([]);
    expect(done.finishedAt).toBeDefined();
  });

  it("keeps a line of each step on its way, and not one of every word", async () => {
    const agent = await poolWithTarget(server, "log");
    const operation = await started(server, agent);
    await taken(agent);
    const say = async (step: OperationStep, percent: number, message: string): Promise<void> => {
      const value = { operationId: operation.id, fence: operation.fence, step, percent, message };
      await agent.say({ $case: "operationProgress", value });
    };
    const logged = (wanted: string) =>
      eventually(`the line ${wanted}`, async () => {
        const answer = await server.admin.operations.getOperation({ id: operation.id });
        return answer.log.some(({ message }) => message === wanted) ? answer.log : undefined;
      });
    // What is said faster than it is written is not kept: the newest word wins.
    await say(OperationStep.CHECK, 1, "checking");
    await logged("checking");
    await say(OperationStep.FETCH, 10, "fetching app");
    await logged("fetching app");
    await say(OperationStep.FETCH, 20, "fetching lib");
    await say(OperationStep.TRANSACTION, 60, "upgrading app");
    const log = await logged("upgrading app");
    expect(log.map(({ step, percent, message }) => [step, percent, message])).toEqual([
      [OperationStep.CHECK, 1, "checking"],
      [OperationStep.FETCH, 10, "fetching app"],
      [OperationStep.TRANSACTION, 60, "upgrading app"],
    ]);
    await finished(agent, operation, OperationState.SUCCEEDED);
    await state(operation.id, OperationState.SUCCEEDED);
    expect((await server.admin.operations.getOperation({ id: operation.id })).log).toHaveLength(3);
  });

  it("keeps what went wrong, and shows the machine as degraded", async () => {
    const agent = await poolWithTarget(server, "b");
    const operation = await started(server, agent);
    await taken(agent);
    await finished(agent, operation, OperationState.DEGRADED, ["/usr/lib/liblib.so is missing"]);
    expect((await state(operation.id, OperationState.DEGRADED)).problems).toEqual(["/usr/lib/liblib.so is missing"]);
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: "b-behind" });
    expect(endpoint?.reasons.join("\n")).toContain("liblib.so");
  });

  it("does not let a late word of an older attempt change anything", async () => {
    const agent = await poolWithTarget(server, "c");
    const operation = await started(server, agent);
    await taken(agent);
    await state(operation.id, OperationState.DELIVERED);
    const value = {
      operationId: operation.id,
      fence: operation.fence - 1n,
      state: OperationState.FAILED,
      problems: ["old"],
      digest: "",
      startedAt: new Date(),
      finishedAt: new Date(),
      plan: undefined,
    };
    await agent.say({ $case: "operationResult", value });
    await agent.next("operationResultAck");
    expect((await server.admin.operations.getOperation({ id: operation.id })).operation?.state).toBe(
      OperationState.DELIVERED,
    );
  });

  it("refuses an id that is not there", async () => {
    expect(await reasonOf(server.admin.operations.getOperation({ id: "00000000-0000-4000-8000-000000000000" }))).toBe(
      "OPERATION_NOT_FOUND",
    );
    expect(await reasonOf(server.admin.operations.getOperation({ id: "nothing" }))).toBe("OPERATION_NOT_FOUND");
    expect(await reasonOf(server.admin.operations.getOperation({ id: "" }))).toBe("INVALID_FIELD");
  });
});
