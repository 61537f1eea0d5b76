import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncStatus } from "../../../proto/generated/pacpool/v1/drift.ts";
import { PolicyKind } from "../../../proto/generated/pacpool/v1/policy.ts";
import { poolWithTarget } from "../../support/operation-world.ts";
import { driftOf, toldPolicy } from "../../support/policy-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

const pool = (value: string) => ({ scope: { $case: "pool" as const, value } });
const label = (value: string) => ({ scope: { $case: "label" as const, value } });
const endpoint = (value: string) => ({ scope: { $case: "endpoint" as const, value } });

describe("AddRule", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("compares every endpoint of the pool anew and tells its agents, also those without a new target", async () => {
    const agent = await poolWithTarget(server, "a");
    expect(await driftOf(server, "a-behind")).toEqual(["app older", "lib older"]);
    const { rule } = await server.admin.policies.addRule({
      kind: PolicyKind.HOLD,
      scope: pool("a"),
      pattern: "a*",
      message: "until May",
    });
    expect(rule).toMatchObject({ kind: PolicyKind.HOLD, pattern: "a*", scope: pool("a"), message: "until May" });
    expect(rule?.author).not.toBe("");
    expect(await driftOf(server, "a-behind")).toEqual(["app held", "lib older"]);
    expect((await server.admin.endpoints.getEndpoint({ endpoint: "a-behind" })).endpoint).toMatchObject({
      status: SyncStatus.BEHIND,
      counts: { held: 1, older: 1 },
    });
    expect(await toldPolicy(agent, "")).toMatchObject({ holds: ["a*"], shares: [], refuseDowngrades: false });
  });

  it("is for machines with a label in every pool, as labels come and go", async () => {
    await poolWithTarget(server, "b");
    const scope = label("room=lab");
    await server.admin.policies.addRule({ kind: PolicyKind.SHARE, scope, pattern: "to?l" });
    expect(await driftOf(server, "b-behind")).toEqual(["app older", "lib older"]);
    await server.admin.endpoints.labelEndpoint({ endpoint: "b-behind", set: { room: "lab" } });
    expect(await driftOf(server, "b-behind")).toEqual(["app older", "lib older", "tool missing"]);
    await server.admin.endpoints.labelEndpoint({ endpoint: "b-behind", set: { room: "hall" } });
    expect(await driftOf(server, "b-behind")).toEqual(["app older", "lib older"]);
    await server.admin.policies.addRule({ kind: PolicyKind.FOREIGN, scope: label("room"), pattern: "lib" });
    expect(await driftOf(server, "b-behind")).toEqual(["app older", "lib foreign"]);
  });

  it("is for one endpoint, and adds to the rules of its pool", async () => {
    await poolWithTarget(server, "c");
    await server.admin.policies.addRule({ kind: PolicyKind.HOLD, scope: pool("c"), pattern: "app" });
    await server.admin.policies.addRule({ kind: PolicyKind.HOLD, scope: endpoint("c-behind"), pattern: "lib" });
    expect(await driftOf(server, "c-behind")).toEqual(["app held", "lib held"]);
    expect(await driftOf(server, "c-source")).toEqual(["app held"]);
  });

  it("is the same rule however often it is said, with and without a key", async () => {
    await server.admin.pools.createPool({ name: "d" });
    const request = { kind: PolicyKind.OWN, scope: pool("d"), pattern: "steam", idempotencyKey: "rule-1" };
    const answers = await Promise.all([1, 2, 3].map(() => server.admin.policies.addRule(request)));
    const again = await server.admin.policies.addRule({ ...request, idempotencyKey: "" });
    expect(new Set([...answers, again].map(({ rule }) => rule?.id)).size).toBe(1);
  });

  it("refuses nonsense, things that are not there, and viewers", async () => {
    await server.admin.pools.createPool({ name: "e" });
    const add = (more: object) =>
      reasonOf(server.admin.policies.addRule({ kind: PolicyKind.HOLD, scope: pool("e"), pattern: "x", ...more }));
    expect(await add({ pattern: "a b" })).toBe("INVALID_FIELD");
    expect(await add({ pattern: "@" })).toBe("INVALID_FIELD");
    expect(await add({ kind: PolicyKind.UNSPECIFIED })).toBe("INVALID_FIELD");
    expect(await add({ scope: undefined })).toBe("INVALID_FIELD");
    expect(await add({ scope: label("=x") })).toBe("INVALID_FIELD");
    expect(await add({ scope: pool("nowhere") })).toBe("POOL_NOT_FOUND");
    expect(await add({ scope: endpoint("nobody") })).toBe("ENDPOINT_NOT_FOUND");
    const viewer = await server.as("viewer");
    const asked = viewer.policies.addRule({ kind: PolicyKind.HOLD, scope: pool("e"), pattern: "x" });
    expect(await reasonOf(asked)).toBe("PERMISSION_DENIED");
  });
});
