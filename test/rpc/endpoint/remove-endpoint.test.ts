import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { CURRENT, settled } from "../../support/two-moments.ts";

describe("RemoveEndpoint", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("forgets a machine, its key opens nothing any more, and its name is free", async () => {
    const { key } = await server.enrol("goes");
    await server.admin.endpoints.removeEndpoint({ endpoint: "goes", idempotencyKey: "r-1" });
    await server.admin.endpoints.removeEndpoint({ endpoint: "goes", idempotencyKey: "r-1" });
    expect(await reasonOf(server.connect(key).access.whoAmI({}))).toBe("WRONG_KEY");
    expect((await server.enrol("goes")).name).toBe("goes");
  });

  it("keeps the targets that were taken from it, with its name", async () => {
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "source" });
    await server.admin.endpoints.removeEndpoint({ endpoint: "source" });
    expect((await server.admin.targets.getTarget({ pool: "desks" })).target).toMatchObject({
      sourceEndpoint: "source",
      sourceEndpointId: "",
    });
  });

  it("refuses a machine that is not there, and viewers", async () => {
    expect(await reasonOf(server.admin.endpoints.removeEndpoint({ endpoint: "nobody" }))).toBe("ENDPOINT_NOT_FOUND");
    expect(await reasonOf((await server.as("viewer")).endpoints.removeEndpoint({ endpoint: "nobody" }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
