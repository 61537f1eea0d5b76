import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { CURRENT, settled } from "../../support/two-moments.ts";

describe("GetTarget", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "source", message: "one" });
    await server.admin.targets.setLatest({ endpoint: "source", message: "two" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("gives the newest, or the revision that is asked for", async () => {
    expect((await server.admin.targets.getTarget({ pool: "desks" })).target).toMatchObject({
      revision: 2n,
      message: "two",
    });
    expect((await server.admin.targets.getTarget({ pool: "desks", revision: 1n })).target).toMatchObject({
      revision: 1n,
      message: "one",
    });
  });

  it("refuses revisions and pools that are not there", async () => {
    expect(await reasonOf(server.admin.targets.getTarget({ pool: "desks", revision: 3n }))).toBe("TARGET_NOT_FOUND");
    expect(await reasonOf(server.admin.targets.getTarget({ pool: "desks", revision: -1n }))).toBe("INVALID_FIELD");
    expect(await reasonOf(server.admin.targets.getTarget({ pool: "unassigned" }))).toBe("NO_TARGET");
    expect(await reasonOf(server.admin.targets.getTarget({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
  });
});
