import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState, OperationStep } from "../../../proto/generated/pacpool/v1/operation.ts";
import { finished, poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("WatchOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("tells the present state first, then what changes, and ends with the operation", async () => {
    const agent = await poolWithTarget(server, "a");
    const operation = await started(server, agent);
    const seen: OperationState[] = [];
    for await (const { operation: now } of server.admin.operations.watchOperation({ id: operation.id })) {
      seen.push(now?.state ?? OperationState.UNSPECIFIED);
      if (now?.state === OperationState.QUEUED) {
        await taken(agent);
      } else if (now?.state === OperationState.DELIVERED) {
        const value = {
          operationId: operation.id,
          fence: operation.fence,
          step: OperationStep.FETCH,
          percent: 10,
          message: "fetching",
        };
        await agent.say({ $case: "operationProgress", value });
      } else if (now?.state === OperationState.RUNNING) {
        await finished(agent, operation, OperationState.SUCCEEDED);
      }
    }
    expect(seen[0]).toBe(OperationState.QUEUED);
    expect(seen.filter((state, at) => state !== seen[at - 1])).toEqual([
      OperationState.QUEUED,
      OperationState.DELIVERED,
      OperationState.RUNNING,
      OperationState.SUCCEEDED,
    ]);
    const after: (OperationState | undefined)[] = [];
    for await (const { operation: over } of server.admin.operations.watchOperation({ id: operation.id })) {
      after.push(over?.state);
    }
    expect(after).toEqual([OperationState.SUCCEEDED]);
  });

  it("refuses an id that is not there, and strangers", async () => {
    const first = (connection: TestServer["admin"], id: string) =>
      connection.operations.watchOperation({ id })[Symbol.asyncIterator]().next();
    expect(await reasonOf(first(server.admin, "00000000-0000-4000-8000-000000000000"))).toBe("OPERATION_NOT_FOUND");
    expect(await reasonOf(first(server.connect(), "x"))).toBe("UNAUTHENTICATED");
  });
});
