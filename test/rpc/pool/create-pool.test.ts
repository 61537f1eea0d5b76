import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TargetMode } from "../../../proto/generated/pacpool/v1/target.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("CreatePool", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("makes an empty pool of mode versions unless told otherwise", async () => {
    const { pool } = await server.admin.pools.createPool({ name: "desks", description: "the desks" });
    expect(pool).toMatchObject({
      name: "desks",
      mode: TargetMode.VERSIONS,
      description: "the desks",
      endpoints: 0,
      online: 0,
      target: undefined,
    });
    expect(pool?.createdAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    const mirror = await server.admin.pools.createPool({ name: "lab", mode: TargetMode.MIRROR });
    expect(mirror.pool?.mode).toBe(TargetMode.MIRROR);
  });

  it("answers a retry with the same idempotency key with the first pool", async () => {
    const first = await server.admin.pools.createPool({ name: "once", idempotencyKey: "k-1" });
    const again = await server.admin.pools.createPool({ name: "once", idempotencyKey: "k-1" });
    expect(again.pool?.id).toBe(first.pool?.id);
  });

  it("makes one pool of many retries at once", async () => {
    const calls = Array.from({ length: 8 }, () =>
      server.admin.pools.createPool({ name: "raced", idempotencyKey: "k-2" }),
    );
    const ids = new Set((await Promise.all(calls)).map(({ pool }) => pool?.id));
    expect(ids.size).toBe(1);
  });

  it("refuses a name that is taken", async () => {
    await server.admin.pools.createPool({ name: "taken" });
    expect(await reasonOf(server.admin.pools.createPool({ name: "taken" }))).toBe("POOL_EXISTS");
  });

  it.each(["", "Upper", "with space", "-dash", "dash-", "a".repeat(64), "new\nline", "nul\u0000"])(
    "refuses the name %j",
    async (name) => {
      await expect(server.admin.pools.createPool({ name })).rejects.toMatchObject({
        reason: "INVALID_FIELD",
        metadata: { field: "name" },
      });
    },
  );

  it("refuses a mode that is none, a long description and a strange idempotency key", async () => {
    const { pools } = server.admin;
    await expect(pools.createPool({ name: "a", mode: 7 as never })).rejects.toMatchObject({
      metadata: { field: "mode" },
    });
    await expect(pools.createPool({ name: "a", description: "x".repeat(501) })).rejects.toMatchObject({
      metadata: { field: "description" },
    });
    await expect(pools.createPool({ name: "a", idempotencyKey: "x y" })).rejects.toMatchObject({
      metadata: { field: "idempotency_key" },
    });
  });

  it("is for operators: a viewer, an endpoint and a stranger are refused", async () => {
    const viewer = await server.as("viewer");
    const endpoint = await server.enrol("someone");
    expect(await reasonOf(viewer.pools.createPool({ name: "b" }))).toBe("PERMISSION_DENIED");
    expect(await reasonOf(endpoint.connection.pools.createPool({ name: "b" }))).toBe("PERMISSION_DENIED");
    expect(await reasonOf(server.connect().pools.createPool({ name: "b" }))).toBe("UNAUTHENTICATED");
    const operator = await server.as("operator");
    expect((await operator.pools.createPool({ name: "b" })).pool?.name).toBe("b");
  });
});
