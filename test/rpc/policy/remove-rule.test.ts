import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PolicyKind } from "../../../proto/generated/pacpool/v1/policy.ts";
import { poolWithTarget } from "../../support/operation-world.ts";
import { driftOf, toldPolicy } from "../../support/policy-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

const scopeOf = (value: string) => ({ scope: { $case: "pool" as const, value } });

describe("RemoveRule", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("takes a rule back by what it says, for every endpoint and agent", async () => {
    const agent = await poolWithTarget(server, "a");
    const named = { kind: PolicyKind.HOLD, scope: scopeOf("a"), pattern: "app" };
    await server.admin.policies.addRule(named);
    const { digest } = await toldPolicy(agent, "");
    expect((await server.admin.policies.removeRule(named)).rule).toMatchObject({ pattern: "app" });
    expect(await driftOf(server, "a-behind")).toEqual(["app older", "lib older"]);
    expect(await toldPolicy(agent, digest)).toMatchObject({ digest: "", holds: [] });
    expect(await reasonOf(server.admin.policies.removeRule(named))).toBe("RULE_NOT_FOUND");
  });

  it("takes one back by id, once per key", async () => {
    await server.admin.pools.createPool({ name: "b" });
    const { rule } = await server.admin.policies.addRule({ kind: PolicyKind.OWN, scope: scopeOf("b"), pattern: "x" });
    const request = { id: rule?.id ?? "", idempotencyKey: "gone" };
    expect((await server.admin.policies.removeRule(request)).rule).toEqual(rule);
    expect((await server.admin.policies.removeRule(request)).rule).toEqual(rule);
    expect(await reasonOf(server.admin.policies.removeRule({ id: rule?.id ?? "" }))).toBe("RULE_NOT_FOUND");
    expect(await reasonOf((await server.as("viewer")).policies.removeRule(request))).toBe("PERMISSION_DENIED");
  });

  it("goes with its pool", async () => {
    await server.admin.pools.createPool({ name: "c" });
    await server.admin.policies.addRule({ kind: PolicyKind.OWN, scope: scopeOf("c"), pattern: "of-c" });
    await server.admin.pools.deletePool({ pool: "c" });
    const { rules } = await server.admin.policies.listRules({});
    expect(rules.map((one) => one.pattern)).not.toContain("of-c");
  });
});
