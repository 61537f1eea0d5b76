import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { encodePlan } from "../../../rpc/codec/plan.ts";
import { eventually } from "../../support/eventually.ts";
import { digestOf } from "../../support/fake-agent.ts";
import { finished } from "../../support/operation-world.ts";
import { openServer, type TestServer } from "../../support/server.ts";
import { answerPlan, BEHIND, CURRENT, planFor, settled } from "../../support/two-moments.ts";

describe("a pool whose endpoints sync by themselves", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** A pool with a target, and a machine that is behind whose owner says `apply`. */
  const behind = async (pool: string, apply: string, poolApply = "") => {
    await server.admin.pools.createPool({ name: pool });
    if (poolApply !== "") await server.admin.pools.updatePool({ pool, apply: poolApply });
    await settled(server, `${pool}-source`, CURRENT, pool);
    const agent = await settled(server, `${pool}-behind`, { ...BEHIND, facts: { apply } }, pool);
    await server.admin.targets.setLatest({ endpoint: `${pool}-source` });
    return agent;
  };

  const operationsOf = async (endpoint: string) =>
    (await server.admin.operations.listOperations({ endpoint })).operations;

  it("plans and starts what owner and pool allow, signed by the policy", async () => {
    const agent = await behind("auto", "auto");
    await answerPlan(agent, planFor(agent.endpoint.endpointId, digestOf(BEHIND.packages)));
    const { order } = await agent.next("command");
    expect(order?.$case).toBe("start");
    expect(await operationsOf("auto-behind")).toMatchObject([{ author: "policy of auto", targetRevision: 1n }]);
  });

  it("does not begin again what failed, until there is another target", async () => {
    const agent = await behind("once", "auto");
    await answerPlan(agent, planFor(agent.endpoint.endpointId, digestOf(BEHIND.packages)));
    await agent.next("command");
    const [operation] = await operationsOf("once-behind");
    if (operation === undefined) throw new Error("nothing was started");
    await finished(agent, operation, OperationState.FAILED, ["a file conflict"]);
    await server.admin.targets.setLatest({ endpoint: "once-source", message: "again" });
    const { targetRevision } = await agent.next("planRequest");
    // Nothing was asked for the target that failed.
    expect(targetRevision).toBe(2n);
  });

  it("does not begin again what somebody took back on the machine itself, heard of while it plans", async () => {
    const agent = await behind("taken-back", "auto");
    const digest = digestOf(BEHIND.packages);
    const { requestId } = await agent.next("planRequest");
    // Of an update, which led to no target.
    const revert = planFor(agent.endpoint.endpointId, digestOf(CURRENT.packages), {
      targetRevision: 0,
      isRevert: true,
      afterDigest: digest,
    });
    const result = { operationId: randomUUID(), fence: 1n, state: OperationState.SUCCEEDED, problems: [], digest };
    const times = { startedAt: new Date(), finishedAt: new Date() };
    await agent.say({ $case: "operationResult", value: { ...result, ...times, plan: encodePlan(revert) } });
    await agent.next("operationResultAck");
    const plan = encodePlan(planFor(agent.endpoint.endpointId, digest));
    const outcome = { $case: "plan", value: plan } as const;
    await agent.say({ $case: "planReport", value: { requestId, baseDigest: digest, outcome } });
    await server.admin.targets.setLatest({ endpoint: "taken-back-source", message: "another" });
    expect((await agent.next("planRequest")).targetRevision).toBe(2n);
    expect(await operationsOf("taken-back-behind")).toMatchObject([{ revert: true, author: "on the machine" }]);
  });

  it("leaves an endpoint alone whose owner or pool wants to be asked", async () => {
    const asked = [await behind("ask", "ask"), await behind("stricter", "auto", "ask")];
    const willing = await behind("other", "window");
    // Its turn came, so a round has passed the two by.
    await willing.next("planRequest");
    await eventually("both behind", async () => {
      const found = await server.admin.endpoints.listEndpoints({});
      return found.endpoints.filter(({ pool }) => pool === "ask" || pool === "stricter").length === 4
        ? found
        : undefined;
    });
    for (const agent of asked) expect(agent.heard.some(({ body }) => body?.$case === "planRequest")).toBe(false);
  });
});
