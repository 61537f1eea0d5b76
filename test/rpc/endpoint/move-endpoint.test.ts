import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("MoveEndpoint", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    for (const name of ["here", "there"]) {
      await server.admin.pools.createPool({ name });
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("puts a machine into another pool, whose target it is told", async () => {
    await settled(server, "source", CURRENT, "there");
    await server.admin.targets.setLatest({ endpoint: "source" });
    const agent = await settled(server, "moves", BEHIND, "here");
    const { endpoint } = await server.admin.endpoints.moveEndpoint({ endpoint: "moves", pool: "there" });
    expect(endpoint?.pool).toBe("there");
    expect((await agent.next("targetState")).target?.sourceEndpoint).toBe("source");
    expect((await server.admin.pools.getPool({ pool: "here" })).pool?.endpoints).toBe(0);
    expect((await server.admin.pools.getPool({ pool: "there" })).pool?.endpoints).toBe(2);
  });

  it("changes nothing when it is there already, or on a retry", async () => {
    await server.enrol("stays", "here");
    const move = { endpoint: "stays", pool: "there", idempotencyKey: "m-1" };
    await server.admin.endpoints.moveEndpoint(move);
    const { pool } = await server.admin.pools.getPool({ pool: "there" });
    await server.admin.endpoints.moveEndpoint(move);
    await server.admin.endpoints.moveEndpoint({ endpoint: "stays", pool: "there" });
    expect((await server.admin.pools.getPool({ pool: "there" })).pool?.endpoints).toBe(pool?.endpoints);
  });

  it("refuses unknown machines and pools, and viewers", async () => {
    await server.enrol("someone");
    expect(await reasonOf(server.admin.endpoints.moveEndpoint({ endpoint: "nobody", pool: "here" }))).toBe(
      "ENDPOINT_NOT_FOUND",
    );
    expect(await reasonOf(server.admin.endpoints.moveEndpoint({ endpoint: "someone", pool: "nowhere" }))).toBe(
      "POOL_NOT_FOUND",
    );
    expect(
      await reasonOf((await server.as("viewer")).endpoints.moveEndpoint({ endpoint: "someone", pool: "here" })),
    ).toBe("PERMISSION_DENIED");
  });
});
