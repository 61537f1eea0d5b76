import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poolWithTarget, started } from "../../support/operation-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ApproveOperation", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("refuses another plan than the operation's, an id that is not there, and viewers", async () => {
    const agent = await poolWithTarget(server, "a");
    const { id, planDigest } = await started(server, agent);
    expect(await reasonOf(server.admin.operations.approveOperation({ id, planDigest: "0".repeat(64) }))).toBe(
      "STALE_PLAN",
    );
    expect(
      await reasonOf(
        server.admin.operations.approveOperation({ id: "00000000-0000-4000-8000-000000000000", planDigest }),
      ),
    ).toBe("OPERATION_NOT_FOUND");
    expect(await reasonOf((await server.as("viewer")).operations.approveOperation({ id, planDigest }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
