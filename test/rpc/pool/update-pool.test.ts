import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TargetMode } from "../../../proto/generated/pacpool/v1/target.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("UpdatePool", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("changes what is present and leaves the rest, one revision further", async () => {
    const { pool } = await server.admin.pools.createPool({ name: "desks", description: "old" });
    const renamed = (await server.admin.pools.updatePool({ pool: "desks", name: "tables" })).pool;
    expect(renamed).toMatchObject({ id: pool?.id, name: "tables", description: "old", mode: TargetMode.VERSIONS });
    expect(renamed?.revision).toBe((pool?.revision ?? 0n) + 1n);
    const cleared = (await server.admin.pools.updatePool({ pool: "tables", description: "", mode: TargetMode.MIRROR }))
      .pool;
    expect(cleared).toMatchObject({ name: "tables", description: "", mode: TargetMode.MIRROR });
  });

  it("is compare-and-set when a revision is expected", async () => {
    const { pool } = await server.admin.pools.createPool({ name: "set" });
    const expectedRevision = pool?.revision ?? 0n;
    await server.admin.pools.updatePool({ pool: "set", description: "first", expectedRevision });
    const late = server.admin.pools.updatePool({ pool: "set", description: "late", expectedRevision });
    await expect(late).rejects.toMatchObject({
      reason: "STALE_REVISION",
      metadata: { expected: String(expectedRevision) },
    });
    expect((await server.admin.pools.getPool({ pool: "set" })).pool?.description).toBe("first");
  });

  it("changes nothing on a retry with the same idempotency key", async () => {
    await server.admin.pools.createPool({ name: "retry" });
    const first = await server.admin.pools.updatePool({ pool: "retry", description: "x", idempotencyKey: "u-1" });
    const again = await server.admin.pools.updatePool({ pool: "retry", description: "x", idempotencyKey: "u-1" });
    expect(again.pool?.revision).toBe(first.pool?.revision);
    expect((await server.admin.pools.getPool({ pool: "retry" })).pool?.revision).toBe(first.pool?.revision);
  });

  it("refuses a name that is taken, an unknown pool and a negative revision", async () => {
    await server.admin.pools.createPool({ name: "here" });
    await server.admin.pools.createPool({ name: "there" });
    expect(await reasonOf(server.admin.pools.updatePool({ pool: "here", name: "there" }))).toBe("POOL_EXISTS");
    expect(await reasonOf(server.admin.pools.updatePool({ pool: "nowhere", name: "x" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(server.admin.pools.updatePool({ pool: "here", expectedRevision: -1n }))).toBe(
      "INVALID_FIELD",
    );
  });

  it("is not for viewers", async () => {
    expect(await reasonOf((await server.as("viewer")).pools.updatePool({ pool: "here", name: "x" }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
