import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("DiffTargets", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "old", BEHIND, "desks");
    await settled(server, "new", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "old" });
    await server.admin.targets.setLatest({ endpoint: "new" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("lists what differs between two revisions, by package", async () => {
    const { items } = await server.admin.targets.diffTargets({ pool: "desks", fromRevision: 1n });
    const versions = items.map(({ name, installedVersion, targetVersion }) => [name, installedVersion, targetVersion]);
    expect(versions).toContainEqual(["app", "1.0-1", "2.0-1"]);
    expect(versions).toContainEqual(["lib", "1.0-1", "1.1-1"]);
    const back = await server.admin.targets.diffTargets({ pool: "desks", fromRevision: 2n, toRevision: 1n });
    expect(back.items.find(({ name }) => name === "app")).toMatchObject({
      installedVersion: "2.0-1",
      targetVersion: "1.0-1",
    });
  });

  it("is empty for a revision and itself", async () => {
    expect((await server.admin.targets.diffTargets({ pool: "desks", fromRevision: 2n, toRevision: 2n })).items).toEqual(
      [],
    );
  });

  it("refuses revisions that are not there", async () => {
    expect(await reasonOf(server.admin.targets.diffTargets({ pool: "desks", fromRevision: 9n }))).toBe(
      "TARGET_NOT_FOUND",
    );
    expect(await reasonOf(server.admin.targets.diffTargets({ pool: "nowhere", fromRevision: 1n }))).toBe(
      "POOL_NOT_FOUND",
    );
  });
});
