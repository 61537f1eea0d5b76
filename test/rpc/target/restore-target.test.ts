import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("RestoreTarget", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "old", BEHIND, "desks");
    await settled(server, "new", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "old", message: "good" });
    await server.admin.targets.setLatest({ endpoint: "new", message: "regretted" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("appends a revision that repeats the one before, and marks the present one bad", async () => {
    const request = { pool: "desks", markBad: true, message: "back", idempotencyKey: "b-1" };
    const { target } = await server.admin.targets.restoreTarget(request);
    const { target: first } = await server.admin.targets.getTarget({ pool: "desks", revision: 1n });
    expect(target).toMatchObject({
      revision: 3n,
      restoresRevision: 1n,
      message: "back",
      bad: false,
      view: first?.view,
    });
    expect((await server.admin.targets.getTarget({ pool: "desks", revision: 2n })).target?.bad).toBe(true);
    expect((await server.admin.targets.restoreTarget(request)).target?.revision).toBe(3n);
  });

  it("brings back a named revision, compare-and-set", async () => {
    expect(
      await reasonOf(server.admin.targets.restoreTarget({ pool: "desks", revision: 2n, expectedTargetRevision: 2n })),
    ).toBe("STALE_REVISION");
    const { target } = await server.admin.targets.restoreTarget({
      pool: "desks",
      revision: 2n,
      expectedTargetRevision: 3n,
    });
    expect(target).toMatchObject({ revision: 4n, restoresRevision: 2n });
  });

  it("lets no machine bring back what was marked bad, unless somebody says so", async () => {
    await server.admin.pools.createPool({ name: "labs" });
    await settled(server, "lab-old", BEHIND, "labs");
    await settled(server, "lab-new", CURRENT, "labs");
    await server.admin.targets.setLatest({ endpoint: "lab-old" });
    await server.admin.targets.setLatest({ endpoint: "lab-new" });
    await server.admin.targets.restoreTarget({ pool: "labs", markBad: true });
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "lab-new" }))).toBe("TARGET_BAD");
    const { target } = await server.admin.targets.setLatest({ endpoint: "lab-new", evenBad: true });
    expect(target?.revision).toBe(4n);
  });

  it("refuses what is not there: a revision, one before the first, a pool", async () => {
    expect(await reasonOf(server.admin.targets.restoreTarget({ pool: "desks", revision: 99n }))).toBe(
      "TARGET_NOT_FOUND",
    );
    await server.admin.pools.createPool({ name: "young" });
    await settled(server, "young-one", CURRENT, "young");
    await server.admin.targets.setLatest({ endpoint: "young-one" });
    expect(await reasonOf(server.admin.targets.restoreTarget({ pool: "young" }))).toBe("TARGET_NOT_FOUND");
    expect(await reasonOf(server.admin.targets.restoreTarget({ pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
  });

  it("is not for viewers", async () => {
    expect(await reasonOf((await server.as("viewer")).targets.restoreTarget({ pool: "desks" }))).toBe(
      "PERMISSION_DENIED",
    );
  });
});
