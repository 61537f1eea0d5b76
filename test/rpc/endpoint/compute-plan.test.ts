import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodePlan, encodePlan } from "../../../rpc/codec/plan.ts";
import { digestOf } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { answerPlan, BEHIND, CURRENT, planFor, settled } from "../../support/two-moments.ts";

describe("ComputePlan", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
    await server.admin.targets.setLatest({ endpoint: "source" });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("asks the agent and answers with its plan", async () => {
    const agent = await settled(server, "behind", BEHIND, "desks");
    const plan = planFor(agent.endpoint.endpointId, digestOf(BEHIND.packages));
    const asked = server.admin.endpoints.computePlan({ endpoint: "behind" });
    await answerPlan(agent, plan);
    const { outcome } = await asked;
    expect(outcome?.$case === "plan" ? decodePlan(outcome.value) : undefined).toEqual(plan);
  });

  it("hands on a refusal of the agent with its details", async () => {
    const agent = await settled(server, "refuses", BEHIND, "desks");
    const asked = server.admin.endpoints.computePlan({ endpoint: "refuses" });
    const { requestId, targetRevision, revert } = await agent.next("planRequest");
    expect({ targetRevision, revert }).toEqual({ targetRevision: 1n, revert: false });
    const value = {
      reason: "FILES_MISSING",
      message: "two files cannot be had",
      details: ["app-2.0-1: not in the cache"],
    };
    await agent.say({
      $case: "planReport",
      value: { requestId, baseDigest: digestOf(BEHIND.packages), outcome: { $case: "refusal", value } },
    });
    expect((await asked).outcome).toEqual({ $case: "refusal", value });
  });

  it("asks for a repair also where there is no target to move to", async () => {
    await server.admin.pools.createPool({ name: "no-target" });
    const agent = await settled(server, "torn", BEHIND, "no-target");
    const asked = server.admin.endpoints.computePlan({ endpoint: "torn", repair: true });
    const { requestId, repair, revert } = await agent.next("planRequest");
    expect({ repair, revert }).toEqual({ repair: true, revert: false });
    const baseDigest = digestOf(BEHIND.packages);
    const plan = planFor(agent.endpoint.endpointId, baseDigest, { targetRevision: 0 });
    await agent.say({
      $case: "planReport",
      value: { requestId, baseDigest, outcome: { $case: "plan", value: encodePlan(plan) } },
    });
    expect((await asked).outcome?.$case).toBe("plan");
  });

  it("does not believe a plan whose digest is not its own", async () => {
    const agent = await settled(server, "forges", BEHIND, "desks");
    const plan = planFor(agent.endpoint.endpointId, digestOf(BEHIND.packages));
    const asked = server.admin.endpoints.computePlan({ endpoint: "forges" });
    const { requestId } = await agent.next("planRequest");
    const value = { ...encodePlan(plan), digest: "0".repeat(64) };
    await agent.say({
      $case: "planReport",
      value: { requestId, baseDigest: plan.baseDigest, outcome: { $case: "plan", value } },
    });
    await expect(asked).rejects.toThrow();
  });

  it("fails when the stream ends before the answer", async () => {
    const agent = await settled(server, "leaves", BEHIND, "desks");
    const asked = reasonOf(server.admin.endpoints.computePlan({ endpoint: "leaves" }));
    await agent.next("planRequest");
    agent.cut();
    expect(await asked).toBe("ENDPOINT_OFFLINE");
  });

  it("refuses a machine without a stream, without a target, and one that is not there", async () => {
    await server.enrol("asleep", "desks");
    expect(await reasonOf(server.admin.endpoints.computePlan({ endpoint: "asleep" }))).toBe("ENDPOINT_OFFLINE");
    await settled(server, "aimless", BEHIND);
    expect(await reasonOf(server.admin.endpoints.computePlan({ endpoint: "aimless" }))).toBe("NO_TARGET");
    expect(await reasonOf(server.admin.endpoints.computePlan({ endpoint: "nobody" }))).toBe("ENDPOINT_NOT_FOUND");
  });
});
