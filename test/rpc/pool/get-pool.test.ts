import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("GetPool", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("finds a pool by name and by id", async () => {
    const { pool } = await server.admin.pools.createPool({ name: "desks" });
    expect((await server.admin.pools.getPool({ pool: "desks" })).pool).toEqual(pool);
    expect((await server.admin.pools.getPool({ pool: pool?.id ?? "" })).pool).toEqual(pool);
  });

  it("has the pool unassigned from the first start", async () => {
    expect((await server.admin.pools.getPool({ pool: "unassigned" })).pool).toMatchObject({
      name: "unassigned",
      endpoints: 0,
    });
  });

  it("counts endpoints by status", async () => {
    await server.enrol("one", "unassigned");
    const { pool } = await server.admin.pools.getPool({ pool: "unassigned" });
    expect(pool).toMatchObject({ endpoints: 1, online: 0, counts: { unknown: 1, inSync: 0 } });
  });

  it("refuses a pool that is not there, by name and by id", async () => {
    expect(await reasonOf(server.admin.pools.getPool({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(server.admin.pools.getPool({ pool: "00000000-0000-4000-8000-000000000000" }))).toBe(
      "POOL_NOT_FOUND",
    );
    expect(await reasonOf(server.admin.pools.getPool({ pool: "" }))).toBe("INVALID_FIELD");
  });

  it("is for viewers too, not for endpoints", async () => {
    expect((await (await server.as("viewer")).pools.getPool({ pool: "unassigned" })).pool?.name).toBe("unassigned");
    expect(await reasonOf((await server.enrol("two")).connection.pools.getPool({ pool: "unassigned" }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
