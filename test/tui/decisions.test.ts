// The story of a conflict: an operation waits, a person decides in the TUI, sees the plan as it is then, and approves that.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../support/eventually.ts";
import { digestOf } from "../support/fake-agent.ts";
import { type PolicyWorld, poolWithConflict } from "../support/policy-world.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { answerPlan, planFor } from "../support/two-moments.ts";
import { openTui } from "./open-tui.ts";

describe("a conflict in the TUI", () => {
  let server: TestServer;
  let world: PolicyWorld;
  beforeAll(async () => {
    server = await openServer();
    world = await poolWithConflict(server, "lab");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const planNoting = (note: string) =>
    planFor(world.agent.endpoint.endpointId, digestOf(world.agent.machine.packages), { warnings: [note] });

  it("is decided package by package, and then exactly the plan on the screen is approved", async () => {
    const before = planNoting("before the decision");
    const asked = server.admin.endpoints.computePlan({ endpoint: world.endpoint });
    await answerPlan(world.agent, before);
    await asked;
    const { operation } = await server.admin.operations.startOperation({
      endpoint: world.endpoint,
      planDigest: before.digest,
    });
    await using tui = openTui({ server, endpoint: "lab-away" });
    await tui.until(/› lab-away .*pending-approval/u);
    tui.press("o");
    await tui.until("1 package waits for a decision: x shows them");
    tui.press("x");
    await tui.until("wait for you (1)");
    tui.press("e");
    await tui.until("app: stays at 3.0-1");
    tui.press("enter");
    await tui.until("decided (1)");
    const after = planNoting("after the decision");
    const planned = answerPlan(world.agent, after);
    tui.press("a");
    await planned;
    await tui.until("! after the decision");
    tui.press("a");
    await tui.until("Let lab-away carry out its plan?");
    tui.press("enter");
    const id = operation?.id ?? "";
    await eventually("the operation to be approved", async () => {
      const now = await server.admin.operations.getOperation({ id });
      return now.operation?.state === OperationState.PENDING_APPROVAL ? undefined : now;
    });
    const approved = await server.admin.operations.getOperation({ id });
    expect(approved.operation?.planDigest).toBe(after.digest);
  });
});
