import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("VerifyTarget", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await server.admin.pools.createPool({ name: "empty" });
    await settled(server, "source", { ...CURRENT, cached: [] }, "desks");
    await settled(server, "behind", { ...BEHIND, cached: [] }, "desks");
    await server.admin.targets.setLatest({ endpoint: "source" });
    await server.admin.targets.setLatest({ endpoint: "source" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("tells of the newest target whether each endpoint can reach it, once every source was tried", async () => {
    const answer = await eventually("the end of fetching", async () => {
      const now = await server.admin.targets.verifyTarget({ pool: "desks" });
      return now.fetching ? undefined : now;
    });
    expect(answer).toMatchObject({
      pool: "desks",
      revision: 2n,
      files: 2,
      filesKept: 0,
      bytesKept: 0n,
      filesMissing: 2,
    });
    expect(
      answer.endpoints.map(({ endpoint, reachable, lackingCount }) => [endpoint, reachable, lackingCount]),
    ).toEqual([
      ["behind", false, 2],
      ["source", true, 0],
    ]);
  });

  it("tells of an older one without fetching for it", async () => {
    const answer = await server.admin.targets.verifyTarget({ pool: "desks", revision: 1n });
    expect(answer).toMatchObject({ revision: 1n, fetching: false, filesMissing: 2 });
  });

  it("refuses a pool that is not there, has no target, or not that one", async () => {
    const { targets } = server.admin;
    expect(await reasonOf(targets.verifyTarget({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(targets.verifyTarget({ pool: "empty" }))).toBe("NO_TARGET");
    expect(await reasonOf(targets.verifyTarget({ pool: "desks", revision: 9n }))).toBe("TARGET_NOT_FOUND");
    expect(await reasonOf(targets.verifyTarget({ pool: "desks", revision: -1n }))).toBe("INVALID_FIELD");
  });

  it("is for viewers, not for agents", async () => {
    await (await server.as("viewer")).targets.verifyTarget({ pool: "desks" });
    const { connection } = await server.enrol("third", "desks");
    expect(await reasonOf(connection.targets.verifyTarget({ pool: "desks" }))).toBe("PERMISSION_DENIED");
  });
});
