// What a pool's endpoints have seen of their mirrors beyond its target, and how old the target is: shown with the pool,
// never part of a sync status.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { makeSyncDatabase } from "../../support/sync-database.ts";
import { BEHIND, CURRENT, OLD, settled } from "../../support/two-moments.ts";

const BUILT = 1_790_000_000;
const NEWER = await makeSyncDatabase("core", [
  { name: "app", version: "3.0-1", buildDate: BUILT },
  { name: "lib", version: "1.1-1", buildDate: BUILT },
  { name: "other", version: "9-1", buildDate: BUILT },
  { name: "tool", version: "1.1-1", buildDate: BUILT },
]);

describe("what upstream has beyond a target", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "source" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const poolNow = async () => (await server.admin.pools.getPool({ pool: "desks" })).pool;

  it("is unknown until an endpoint has newer databases, and does not come from older ones", async () => {
    expect(await poolNow()).toMatchObject({ upstream: undefined, staleAfterDays: 14 });
    await settled(server, "slow-mirror", { ...BEHIND, databases: [OLD] }, "desks");
    expect((await poolNow())?.upstream).toBeUndefined();
  });

  it("is told as soon as one endpoint has seen it, with its name and moment, and changes no status", async () => {
    await settled(server, "fresh", { ...CURRENT, databases: [NEWER] }, "desks");
    const upstream = await eventually("the upstream of the pool", async () => (await poolNow())?.upstream);
    // `tool` and `app` are newer; only `app` is installed at the source. `other` is new, not newer.
    expect(upstream).toEqual({
      newer: 2,
      newerInstalled: 1,
      endpoint: "fresh",
      asOf: new Date(BUILT * 1_000),
    });
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: "fresh" });
    const { endpoint: source } = await server.admin.endpoints.getEndpoint({ endpoint: "source" });
    expect([endpoint?.status, source?.status]).toEqual([source?.status, endpoint?.status]);
  });

  it("is gone with a target that has it, and back with the older one", async () => {
    await server.admin.targets.setLatest({ endpoint: "fresh", pinAll: true });
    expect((await poolNow())?.upstream).toBeUndefined();
    await server.admin.targets.restoreTarget({ pool: "desks", revision: 1n });
    expect((await poolNow())?.upstream).toMatchObject({ newer: 2, endpoint: "fresh" });
  });

  it("the age from which a target is called old is the pool's to say", async () => {
    await server.admin.pools.updatePool({ pool: "desks", staleAfterDays: 3 });
    expect((await poolNow())?.staleAfterDays).toBe(3);
    expect(await reasonOf(server.admin.pools.updatePool({ pool: "desks", staleAfterDays: 4_000 }))).toBe(
      "INVALID_FIELD",
    );
  });
});
