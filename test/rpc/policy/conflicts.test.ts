import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncStatus } from "../../../proto/generated/pacpool/v1/drift.ts";
import { ConflictMode, ConflictTake } from "../../../proto/generated/pacpool/v1/policy.ts";
import { driftOf, poolWithConflict, toldPolicy } from "../../support/policy-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("ListConflicts and ResolveConflicts", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const endpointOf = async (endpoint: string) => (await server.admin.endpoints.getEndpoint({ endpoint })).endpoint;

  it.each([
    ["use-target", ConflictMode.USE_TARGET, ConflictTake.TARGET, ["app newer", "lib older"], SyncStatus.DIVERGED],
    ["keep-current", ConflictMode.KEEP_CURRENT, ConflictTake.CURRENT, ["app held", "lib older"], SyncStatus.BEHIND],
    ["newest", ConflictMode.NEWEST, ConflictTake.CURRENT, ["app held", "lib older"], SyncStatus.BEHIND],
    ["oldest", ConflictMode.OLDEST, ConflictTake.TARGET, ["app newer", "lib older"], SyncStatus.DIVERGED],
    ["manual", ConflictMode.MANUAL, ConflictTake.UNSPECIFIED, ["app newer", "lib older"], SyncStatus.PENDING_APPROVAL],
  ])("mode %s: what becomes of it, in drift, status and why", async (name, mode, take, drift, status) => {
    const { endpoint } = await poolWithConflict(server, name, mode);
    const { conflicts } = await server.admin.policies.listConflicts({ endpoint });
    expect(conflicts).toMatchObject([
      { endpoint, name: "app", installedVersion: "3.0-1", targetVersion: "2.0-1", targetRevision: 1n, take },
    ]);
    expect(await driftOf(server, endpoint)).toEqual(drift);
    const shown = await endpointOf(endpoint);
    expect(shown?.status).toBe(status);
    if (mode === ConflictMode.MANUAL) expect(shown?.reasons.join()).toContain("app");
    const { items } = await server.admin.endpoints.getDrift({ endpoint });
    expect(items.find((one) => one.name === "app")?.why).toContain("on this endpoint itself");
  });

  it("takes a person's word package by package, records who, and tells status and agent", async () => {
    const { agent, endpoint } = await poolWithConflict(server, "a");
    const told = await toldPolicy(agent, "");
    expect(told.keep).toMatchObject([{ name: "app" }]);
    const resolve = (take: ConflictTake) =>
      server.admin.policies.resolveConflicts({ endpoint, packages: ["app"], take });
    const { conflicts } = await resolve(ConflictTake.CURRENT);
    expect(conflicts).toMatchObject([{ name: "app", take: ConflictTake.CURRENT }]);
    expect(conflicts[0]?.decidedBy).not.toBe("");
    expect(conflicts[0]?.decidedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await endpointOf(endpoint))?.status).toBe(SyncStatus.BEHIND);
    expect(await driftOf(server, endpoint)).toEqual(["app held", "lib older"]);
    const kept = await toldPolicy(agent, told.digest);
    expect(kept.keep[0]?.why).toContain("kept at 3.0-1");
    await resolve(ConflictTake.TARGET);
    expect((await endpointOf(endpoint))?.status).toBe(SyncStatus.DIVERGED);
    expect(await toldPolicy(agent, kept.digest)).toMatchObject({ keep: [], digest: "" });
  });

  it("takes a person's word also where the pool's mode decides by itself", async () => {
    const { endpoint } = await poolWithConflict(server, "w", ConflictMode.USE_TARGET);
    await server.admin.policies.resolveConflicts({ endpoint, packages: ["app"], take: ConflictTake.CURRENT });
    expect(await driftOf(server, endpoint)).toEqual(["app held", "lib older"]);
    expect((await endpointOf(endpoint))?.status).toBe(SyncStatus.BEHIND);
    await server.admin.policies.resolveConflicts({ endpoint, packages: ["app"], take: ConflictTake.TARGET });
    expect(await driftOf(server, endpoint)).toEqual(["app newer", "lib older"]);
  });

  it("forgets a word with the next target", async () => {
    const { endpoint } = await poolWithConflict(server, "b");
    await server.admin.policies.resolveConflicts({ endpoint, allUndecided: true, take: ConflictTake.CURRENT });
    expect((await endpointOf(endpoint))?.status).toBe(SyncStatus.BEHIND);
    await server.admin.targets.setLatest({ endpoint: "b-source" });
    expect((await endpointOf(endpoint))?.status).toBe(SyncStatus.PENDING_APPROVAL);
    const { conflicts } = await server.admin.policies.listConflicts({ pool: "b", undecidedOnly: true });
    expect(conflicts).toMatchObject([
      { name: "app", targetRevision: 2n, take: ConflictTake.UNSPECIFIED, decidedBy: "" },
    ]);
  });

  it("sees no conflict in a machine that is only behind, and none in one that had the target", async () => {
    await poolWithConflict(server, "c");
    const { conflicts } = await server.admin.policies.listConflicts({ endpoint: "c-source" });
    expect(conflicts).toEqual([]);
    expect(
      (await server.admin.policies.listConflicts({ endpoint: "c-away" })).conflicts.map((one) => one.name),
    ).toEqual(["app"]);
  });

  it("refuses packages without a conflict, an empty request, no choice, and viewers", async () => {
    const { endpoint } = await poolWithConflict(server, "d");
    const resolve = (more: object) =>
      reasonOf(
        server.admin.policies.resolveConflicts({ endpoint, packages: ["app"], take: ConflictTake.CURRENT, ...more }),
      );
    expect(await resolve({ packages: ["lib"] })).toBe("NO_CONFLICT");
    expect(await resolve({ packages: [] })).toBe("INVALID_FIELD");
    expect(await resolve({ allUndecided: true })).toBe("INVALID_FIELD");
    expect(await resolve({ take: ConflictTake.UNSPECIFIED })).toBe("INVALID_FIELD");
    expect(await resolve({ endpoint: "nobody" })).toBe("ENDPOINT_NOT_FOUND");
    const viewer = await server.as("viewer");
    const asked = viewer.policies.resolveConflicts({ endpoint, packages: ["app"], take: ConflictTake.CURRENT });
    expect(await reasonOf(asked)).toBe("PERMISSION_DENIED");
    expect((await viewer.policies.listConflicts({ endpoint })).conflicts).toHaveLength(1);
  });
});
