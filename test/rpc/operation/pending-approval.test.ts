import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SyncStatus } from "../../../proto/generated/pacpool/v1/drift.ts";
import { OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { ConflictTake } from "../../../proto/generated/pacpool/v1/policy.ts";
import { digestOf } from "../../support/fake-agent.ts";
import { type PolicyWorld, poolWithConflict } from "../../support/policy-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { answerPlan, planFor } from "../../support/two-moments.ts";

describe("an operation with undecided conflicts", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** `note` makes plans differ. */
  async function planOf({ agent, endpoint }: PolicyWorld, note: string) {
    const plan = planFor(agent.endpoint.endpointId, digestOf(agent.machine.packages), { warnings: [note] });
    const asked = server.admin.endpoints.computePlan({ endpoint });
    await answerPlan(agent, plan);
    await asked;
    return plan;
  }

  async function pending(world: PolicyWorld) {
    const before = await planOf(world, "before");
    const { operation } = await server.admin.operations.startOperation({
      endpoint: world.endpoint,
      planDigest: before.digest,
    });
    return { id: operation?.id ?? "", state: operation?.state, before };
  }

  const decide = (endpoint: string) =>
    server.admin.policies.resolveConflicts({ endpoint, packages: ["app"], take: ConflictTake.CURRENT });

  it("waits without an order, then runs a plan that knows the decision", async () => {
    const world = await poolWithConflict(server, "a");
    const { id, state, before } = await pending(world);
    expect(state).toBe(OperationState.PENDING_APPROVAL);
    const approve = (planDigest: string) => server.admin.operations.approveOperation({ id, planDigest });
    await expect(approve(before.digest)).rejects.toMatchObject({
      reason: "CONFLICTS_UNDECIDED",
      metadata: { endpoint: world.endpoint, packages: "app" },
    });
    expect(world.agent.heard.some(({ body }) => body?.$case === "command")).toBe(false);
    await decide(world.endpoint);
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: world.endpoint });
    expect(endpoint?.status).toBe(SyncStatus.PENDING_APPROVAL);
    expect(await reasonOf(approve(before.digest))).toBe("STALE_PLAN");
    const after = await planOf(world, "after");
    expect((await approve(after.digest)).operation).toMatchObject({
      id,
      state: OperationState.QUEUED,
      planDigest: after.digest,
    });
    const command = await world.agent.next("command");
    expect(command.order?.$case === "start" ? command.order.value.plan?.digest : "").toBe(after.digest);
    // The same approval again changes nothing; one of another plan is refused.
    expect((await approve(after.digest)).operation?.state).toBe(OperationState.QUEUED);
    expect(await reasonOf(approve(before.digest))).toBe("STALE_PLAN");
  });

  it("takes the same plan again when it was made anew after the decision", async () => {
    const world = await poolWithConflict(server, "b");
    const { id } = await pending(world);
    await decide(world.endpoint);
    const same = await planOf(world, "before");
    const { operation } = await server.admin.operations.approveOperation({ id, planDigest: same.digest });
    expect(operation?.state).toBe(OperationState.QUEUED);
  });

  it("refuses another endpoint's plan and can be cancelled", async () => {
    const world = await poolWithConflict(server, "c");
    const other = await poolWithConflict(server, "d");
    const { id } = await pending(world);
    await decide(world.endpoint);
    const foreign = await planOf(other, "other");
    const approve = server.admin.operations.approveOperation({ id, planDigest: foreign.digest });
    expect(await reasonOf(approve)).toBe("PLAN_NOT_FOUND");
    const { operation } = await server.admin.operations.cancelOperation({ id });
    expect(operation?.state).toBe(OperationState.CANCELLED);
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: world.endpoint });
    expect(endpoint?.status).toBe(SyncStatus.BEHIND);
  });

  it("does not bind a revert", async () => {
    const world = await poolWithConflict(server, "e");
    const plan = planFor(world.agent.endpoint.endpointId, digestOf(world.agent.machine.packages), { isRevert: true });
    const asked = server.admin.endpoints.computePlan({ endpoint: world.endpoint, revert: true });
    await answerPlan(world.agent, plan);
    await asked;
    const { operation } = await server.admin.operations.startOperation({
      endpoint: world.endpoint,
      planDigest: plan.digest,
    });
    expect(operation?.state).toBe(OperationState.QUEUED);
  });
});
