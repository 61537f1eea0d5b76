// The smallest world with drift: a repository in two moments, a machine that has the newer one and one that is behind.
import { type Plan, sealPlan } from "../../domain/plan/plan.ts";
import { Refusal } from "../../domain/refusal.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { eventually } from "./eventually.ts";
import { digestOf, type FakeAgent, type FakeMachine, installed } from "./fake-agent.ts";
import type { TestServer } from "./server.ts";
import { makeSyncDatabase, sha256 } from "./sync-database.ts";

export const OLD = await makeSyncDatabase("core", [
  { name: "app", version: "1.0-1" },
  { name: "lib", version: "1.0-1" },
]);
export const NEW = await makeSyncDatabase("core", [
  { name: "app", version: "2.0-1" },
  { name: "lib", version: "1.1-1" },
  { name: "tool", version: "1.0-1" },
]);

export const BEHIND: FakeMachine = {
  packages: [installed("app", "1.0-1"), installed("lib", "1.0-1", { reason: "dependency" })],
  databases: [OLD],
};
export const CURRENT: FakeMachine = {
  packages: [installed("app", "2.0-1"), installed("lib", "1.1-1", { reason: "dependency" })],
  databases: [NEW],
};

/** An endpoint that has reported; its stream is open. */
export async function settled(server: TestServer, name: string, machine: FakeMachine, pool?: string) {
  const agent = await server.agent(name, machine, pool);
  await agent.settle();
  await hasReported(server, name, machine);
  return agent;
}

/** Waits until the server computed with this set. */
export async function hasReported(server: TestServer, name: string, machine: FakeMachine): Promise<void> {
  await eventually(`the report of ${name}`, async () => {
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: name });
    return endpoint?.digest === digestOf(machine.packages) && endpoint.view !== undefined ? endpoint : undefined;
  });
}

/** The plan of a machine like BEHIND to one like CURRENT. */
export function planFor(endpointId: string, baseDigest: string, more: Partial<Plan> = {}): Plan {
  const upgrade = (name: string, fromVersion: string, toVersion: string) => ({
    action: "upgrade" as const,
    name,
    fromVersion,
    toVersion,
    repository: "core",
    architecture: "x86_64",
    buildDate: 1_748_736_000,
    downloadBytes: 1_000,
    why: "the target has it",
  });
  return sealPlan(
    {
      endpointId,
      baseDigest,
      afterDigest: digestOf(CURRENT.packages),
      targetRevision: 1,
      isRevert: false,
      steps: [upgrade("app", "1.0-1", "2.0-1"), upgrade("lib", "1.0-1", "1.1-1")],
      reasons: [],
      warnings: [],
      leftAlone: [],
      downloadBytes: 2_000,
      installedDeltaBytes: 0,
      ...more,
    },
    sha256,
  );
}

/** Answers the next plan request with this plan. */
export async function answerPlan(agent: FakeAgent, plan: Plan): Promise<void> {
  const { requestId } = await agent.next("planRequest");
  await agent.say({
    $case: "planReport",
    value: { requestId, baseDigest: plan.baseDigest, outcome: { $case: "plan", value: encodePlan(plan) } },
  });
}

/** The pool has a target from `source`, `behind` has a plan for it. */
export async function planned(
  server: TestServer,
  agent: FakeAgent & { readonly endpoint: { readonly endpointId: string; readonly name: string } },
): Promise<Plan> {
  const plan = planFor(agent.endpoint.endpointId, digestOf(agent.machine.packages));
  const asked = server.admin.endpoints.computePlan({ endpoint: agent.endpoint.name });
  await answerPlan(agent, plan);
  const { outcome } = await asked;
  if (outcome?.$case !== "plan") {
    throw new Refusal("PLAN_REFUSED", { details: outcome?.value.message ?? "no outcome" });
  }
  return plan;
}
