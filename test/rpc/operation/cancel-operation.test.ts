import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState, OperationStep } from "../../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../../support/eventually.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("CancelOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("tells the agent, whose word decides", async () => {
    const agent = await poolWithTarget(server, "a");
    const { id } = await started(server, agent);
    await taken(agent);
    await server.admin.operations.cancelOperation({ id });
    const { order } = await agent.next("command");
    expect(order).toEqual({ $case: "cancel", value: { operationId: id } });
  });

  it("refuses once pacman runs, and once it is over", async () => {
    const agent = await poolWithTarget(server, "b");
    const operation = await started(server, agent);
    await taken(agent);
    const value = {
      operationId: operation.id,
      fence: operation.fence,
      step: OperationStep.TRANSACTION,
      percent: 50,
      message: "",
    };
    await agent.say({ $case: "operationProgress", value });
    await eventually("the transaction", async () =>
      (await server.admin.operations.getOperation({ id: operation.id })).operation?.step === OperationStep.TRANSACTION
        ? true
        : undefined,
    );
    const tooLate = server.admin.operations.cancelOperation({ id: operation.id });
    await expect(tooLate).rejects.toThrow(/pacman has begun on .*; it will finish/);
    expect(await reasonOf(tooLate)).toBe("LOCKED");
    await finished(agent, operation, OperationState.SUCCEEDED);
    expect(await reasonOf(server.admin.operations.cancelOperation({ id: operation.id }))).toBe("OPERATION_FINISHED");
  });

  it("refuses an id that is not there, and viewers", async () => {
    const id = "00000000-0000-4000-8000-000000000000";
    expect(await reasonOf(server.admin.operations.cancelOperation({ id }))).toBe("OPERATION_NOT_FOUND");
    expect(await reasonOf((await server.as("viewer")).operations.cancelOperation({ id }))).toBe("PERMISSION_DENIED");
  });
});
