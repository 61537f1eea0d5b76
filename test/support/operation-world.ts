// An operation under way: a pool with a target, a machine that is behind, its approved plan, and the order on the wire.
import { type Operation, OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { digestOf } from "./fake-agent.ts";
import type { TestServer } from "./server.ts";
import { BEHIND, CURRENT, planned, settled } from "./two-moments.ts";

type EnrolledAgent = Awaited<ReturnType<TestServer["agent"]>>;

/** A pool named `pool` with a target from its machine `<pool>-source`, and `<pool>-behind` that is behind. */
export async function poolWithTarget(server: TestServer, pool: string): Promise<EnrolledAgent> {
  await server.admin.pools.createPool({ name: pool });
  await settled(server, `${pool}-source`, CURRENT, pool);
  const agent = await settled(server, `${pool}-behind`, BEHIND, pool);
  await server.admin.targets.setLatest({ endpoint: `${pool}-source` });
  return agent;
}

export async function started(server: TestServer, agent: EnrolledAgent): Promise<Operation> {
  const plan = await planned(server, agent);
  const { operation } = await server.admin.operations.startOperation({
    endpoint: agent.endpoint.name,
    planDigest: plan.digest,
  });
  if (operation === undefined) {
    throw new Error("no operation came back");
  }
  return operation;
}

/** The agent puts its order on disk. */
export async function taken(agent: EnrolledAgent): Promise<void> {
  const { commandSequence } = await agent.next("command");
  await agent.say({ $case: "commandAck", value: { commandSequence, outcome: 1, reason: "" } });
}

export async function finished(
  agent: EnrolledAgent,
  operation: Operation,
  state: OperationState,
  problems: string[] = [],
): Promise<void> {
  const machine = state === OperationState.SUCCEEDED ? CURRENT : BEHIND;
  const digest = digestOf(machine.packages);
  agent.machine = machine;
  const value = {
    operationId: operation.id,
    fence: operation.fence,
    state,
    problems,
    digest,
    startedAt: new Date(),
    finishedAt: new Date(),
    plan: undefined,
  };
  await agent.say({ $case: "operationResult", value });
  await agent.next("operationResultAck");
}
