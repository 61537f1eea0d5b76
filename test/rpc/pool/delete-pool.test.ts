import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("DeletePool", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("deletes an empty pool, and says so again on a retry", async () => {
    await server.admin.pools.createPool({ name: "empty" });
    await server.admin.pools.deletePool({ pool: "empty", idempotencyKey: "d-1" });
    await server.admin.pools.deletePool({ pool: "empty", idempotencyKey: "d-1" });
    expect(await reasonOf(server.admin.pools.getPool({ pool: "empty" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(server.admin.pools.deletePool({ pool: "empty" }))).toBe("POOL_NOT_FOUND");
  });

  it("keeps a pool with endpoints in it", async () => {
    await server.admin.pools.createPool({ name: "full" });
    await server.enrol("one", "full");
    expect(await reasonOf(server.admin.pools.deletePool({ pool: "full" }))).toBe("POOL_NOT_EMPTY");
    await server.admin.endpoints.moveEndpoint({ endpoint: "one", pool: "unassigned" });
    await server.admin.pools.deletePool({ pool: "full" });
  });

  it("keeps the pool unassigned", async () => {
    await expect(server.admin.pools.deletePool({ pool: "unassigned" })).rejects.toThrow();
    expect((await server.admin.pools.getPool({ pool: "unassigned" })).pool?.name).toBe("unassigned");
  });

  it("is not for viewers", async () => {
    expect(await reasonOf((await server.as("viewer")).pools.deletePool({ pool: "unassigned" }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
