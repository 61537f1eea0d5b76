import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("RepairOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("orders an interrupted operation to run again, with a higher fence", async () => {
    const agent = await poolWithTarget(server, "a");
    const operation = await started(server, agent);
    await taken(agent);
    await finished(agent, operation, OperationState.INTERRUPTED, ["the power failed"]);
    const { operation: repaired } = await server.admin.operations.repairOperation({ id: operation.id });
    expect(repaired?.fence).toBeGreaterThan(operation.fence);
    const { order } = await agent.next("command");
    expect(order?.$case).toBe("start");
    expect(order?.value).toMatchObject({ fence: repaired?.fence });
  });

  it("refuses an operation that went well, one that is not there, and viewers", async () => {
    const agent = await poolWithTarget(server, "b");
    const operation = await started(server, agent);
    await taken(agent);
    await finished(agent, operation, OperationState.SUCCEEDED);
    expect(await reasonOf(server.admin.operations.repairOperation({ id: operation.id }))).toBe("OPERATION_FINISHED");
    expect(
      await reasonOf(server.admin.operations.repairOperation({ id: "00000000-0000-4000-8000-000000000000" })),
    ).toBe("OPERATION_NOT_FOUND");
    expect(await reasonOf((await server.as("viewer")).operations.repairOperation({ id: operation.id }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
