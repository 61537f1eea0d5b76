import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { CURRENT, settled } from "../../support/two-moments.ts";

describe("ListTargets", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    for (const message of ["one", "two", "three"]) {
      await server.admin.targets.setLatest({ endpoint: "source", message });
    }
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("lists the history, newest first, in pages", async () => {
    const first = await server.admin.targets.listTargets({ pool: "desks", pageSize: 2 });
    const second = await server.admin.targets.listTargets({
      pool: "desks",
      pageSize: 2,
      pageToken: first.nextPageToken,
    });
    expect([...first.targets, ...second.targets].map(({ message }) => message)).toEqual(["three", "two", "one"]);
    expect(second.nextPageToken).toBe("");
  });

  it("is empty for a pool without one", async () => {
    expect(await server.admin.targets.listTargets({ pool: "unassigned" })).toEqual({ targets: [], nextPageToken: "" });
  });

  it("refuses unknown pools and pages that are too big", async () => {
    expect(await reasonOf(server.admin.targets.listTargets({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(server.admin.targets.listTargets({ pool: "desks", pageSize: 501 }))).toBe("INVALID_FIELD");
  });
});
