import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncStatus } from "../../../proto/generated/pacpool/v1/drift.ts";
import { eventually } from "../../support/eventually.ts";
import { digestOf } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("GetEndpoint", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const endpointOf = async (name: string) => (await server.admin.endpoints.getEndpoint({ endpoint: name })).endpoint;

  it("knows nothing of a machine before its first report", async () => {
    const { endpointId } = await server.enrol("quiet");
    expect(await endpointOf("quiet")).toMatchObject({
      id: endpointId,
      pool: "unassigned",
      status: SyncStatus.UNKNOWN,
      online: false,
      digest: "",
      packages: 0,
      view: undefined,
      lastSeen: undefined,
    });
    expect(await endpointOf(endpointId)).toEqual(await endpointOf("quiet"));
  });

  it("shows what the machine reported", async () => {
    await settled(server, "loud", { ...BEHIND, facts: { held: ["lib"], rebootRequired: true, root: "/srv/root" } });
    const endpoint = await eventually("facts", async () => {
      const found = await endpointOf("loud");
      return found?.rebootRequired === true ? found : undefined;
    });
    expect(endpoint).toMatchObject({
      digest: digestOf(BEHIND.packages),
      packages: 2,
      online: true,
      agentVersion: "0.0.0-fake",
      apply: "ask",
      root: "/srv/root",
    });
    expect(endpoint.view?.databases.map(({ repository }) => repository)).toEqual(["core"]);
    expect(endpoint.lastSeen).toBeDefined();
    expect(endpoint.reportedAt).toBeDefined();
  });

  it("computes the sync status against the pool's target, with a reason", async () => {
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    await settled(server, "behind", BEHIND, "desks");
    await server.admin.targets.setLatest({ endpoint: "source" });
    const behind = await eventually("a status", async () => {
      const found = await endpointOf("behind");
      return found?.status === SyncStatus.BEHIND ? found : undefined;
    });
    expect(behind.counts).toMatchObject({ older: 2, newer: 0 });
    expect(behind.reasons.length).toBeGreaterThan(0);
    expect((await endpointOf("source"))?.status).toBe(SyncStatus.IN_SYNC);
  });

  it("shows a machine that cannot be planned for as blocked, with the reason", async () => {
    await server.admin.pools.createPool({ name: "sick" });
    await settled(server, "sick-source", CURRENT, "sick");
    await server.admin.targets.setLatest({ endpoint: "sick-source" });
    await settled(server, "sick-one", { ...BEHIND, facts: { healthProblems: ["the entry of lib is torn"] } }, "sick");
    const sick = await eventually("blocked", async () => {
      const found = await endpointOf("sick-one");
      return found?.status === SyncStatus.BLOCKED ? found : undefined;
    });
    expect(sick.reasons.join("\n")).toContain("the entry of lib is torn");
  });

  it("refuses an endpoint that is not there", async () => {
    expect(await reasonOf(endpointOf("nobody"))).toBe("ENDPOINT_NOT_FOUND");
    expect(await reasonOf(endpointOf("no such name!"))).toBe("INVALID_FIELD");
  });
});
