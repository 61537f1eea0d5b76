// Agents without machines that do what an agent does: they answer with plans, carry orders out step by step, keep alive.
// What the server and its rows say of them is real.
import { setTimeout as sleep } from "node:timers/promises";
import { OPERATION_STEPS, type OperationStep } from "../../domain/operation/lifecycle.ts";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { type PlanStep, sealPlan } from "../../domain/plan/plan.ts";
import { compareVersions } from "../../domain/version/compare.ts";
import { type Command, CommandAck_Outcome, type PlanRequest } from "../../proto/generated/pacpool/v1/agent.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { encodeOperationStep } from "../../rpc/codec/operation.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { digestOf, type FakeAgent, type FakeMachine } from "../support/fake-agent.ts";
import type { EnrolledEndpoint } from "../support/server.ts";
import { sha256 } from "../support/sync-database.ts";

export interface Pace {
  /** How fast agents go from step to step, ms. */
  stepMs: number;
  /** The step in which agents stay until this is another one. */
  hold: OperationStep | undefined;
  /** What the proof finds wrong; operations end degraded while this says something. */
  problem: string | undefined;
}

export type ScriptedAgent = FakeAgent & { readonly endpoint: EnrolledEndpoint };

/** Well within what the server takes for a sign of life. */
const HEARTBEAT_MS = 3_000;

/** Answers everything that the server asks, until the end. A sync leads to `goal`. */
export async function serve(agent: ScriptedAgent, goal: FakeMachine, pace: Pace, signal: AbortSignal): Promise<void> {
  const before = agent.machine;
  let heartAtMs = performance.now();
  for (let done = 0; !signal.aborted; ) {
    const body = agent.heard[done]?.body;
    if (body === undefined) {
      await sleep(10);
      if (performance.now() - heartAtMs < HEARTBEAT_MS) continue;
      heartAtMs = performance.now();
      await agent.heartbeat();
      continue;
    }
    done += 1;
    if (body.$case === "planRequest") await answer(agent, body.value, body.value.revert ? before : goal);
    if (body.$case === "command") await obey(agent, body.value, agent.machine === before ? goal : before, pace, signal);
  }
}

async function answer(agent: ScriptedAgent, request: PlanRequest, goal: FakeMachine): Promise<void> {
  const after = goalFor(agent.machine, goal, request.revert);
  const steps = stepsBetween(agent.machine.packages, after.packages);
  const plan = sealPlan(
    {
      endpointId: agent.endpoint.endpointId,
      baseDigest: digestOf(agent.machine.packages),
      afterDigest: digestOf(after.packages),
      targetRevision: Number(request.targetRevision),
      isRevert: request.revert,
      steps,
      reasons: [],
      warnings: steps.some(({ name }) => name === "linux") ? ["the kernel changes: a reboot will be needed"] : [],
      leftAlone: after.packages
        .filter(({ name }) => name === "aur-helper")
        .map(({ name }) => ({ name, why: "foreign: in no repository of this endpoint" })),
      downloadBytes: steps.reduce((sum, { downloadBytes }) => sum + downloadBytes, 0),
      installedDeltaBytes: 31_400_000,
    },
    sha256,
  );
  await agent.say({
    $case: "planReport",
    value: {
      requestId: request.requestId,
      baseDigest: plan.baseDigest,
      outcome: { $case: "plan", value: encodePlan(plan) },
    },
  });
}

/** In mode versions an endpoint keeps what is its own and takes the target's versions. */
function goalFor(machine: FakeMachine, goal: FakeMachine, isRevert: boolean): FakeMachine {
  if (isRevert) return goal;
  const wanted = new Map(goal.packages.map((one) => [one.name, one]));
  const kept = machine.packages
    .filter(({ name }) => name !== "pipewire-media-session")
    .map((one) => wanted.get(one.name) ?? one);
  return { ...goal, packages: kept };
}

function stepsBetween(from: readonly InstalledPackage[], to: readonly InstalledPackage[]): readonly PlanStep[] {
  const after = new Map(to.map((one) => [one.name, one]));
  const before = new Map(from.map((one) => [one.name, one]));
  const common = { repository: "extra", architecture: "x86_64", buildDate: 1_748_736_000, downloadBytes: 18_400_000 };
  const removed = from
    .filter(({ name }) => !after.has(name))
    .map(
      ({ name, version }): PlanStep => ({
        ...common,
        action: "remove",
        name,
        fromVersion: version,
        toVersion: "",
        repository: "",
        buildDate: 0,
        downloadBytes: 0,
        why: "replaced by wireplumber, as the repository says",
      }),
    );
  const changed = to.flatMap(({ name, version }): readonly PlanStep[] => {
    const old = before.get(name)?.version ?? "";
    if (old === version) return [];
    const action = old === "" ? "install" : compareVersions(version, old) < 0 ? "downgrade" : "upgrade";
    return [{ ...common, action, name, fromVersion: old, toVersion: version, why: "the target's view has it" }];
  });
  return [...removed, ...changed.toSorted((one, other) => (one.name < other.name ? -1 : 1))];
}

async function obey(
  agent: ScriptedAgent,
  command: Command,
  goal: FakeMachine,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  await agent.say({
    $case: "commandAck",
    value: { commandSequence: command.commandSequence, outcome: CommandAck_Outcome.PERSISTED, reason: "" },
  });
  if (command.order?.$case !== "start") return;
  const { operationId, fence, plan } = command.order.value;
  const startedAt = new Date();
  for (const [index, step] of OPERATION_STEPS.entries()) {
    if (signal.aborted) return;
    const percent = Math.round((index / OPERATION_STEPS.length) * 100);
    const message = step === "transaction" ? "upgrading firefox (2/5)" : `step ${step}`;
    await agent.say({
      $case: "operationProgress",
      value: { operationId, fence, step: encodeOperationStep(step), percent, message },
    });
    do await sleep(pace.stepMs);
    while (pace.hold === step && !signal.aborted);
  }
  const { problem } = pace;
  // What was not put right is still to be done by the next run.
  if (problem === undefined) agent.machine = goalFor(agent.machine, goal, plan?.revert ?? false);
  await agent.reportAll();
  await agent.say({
    $case: "operationResult",
    value: {
      operationId,
      fence,
      state: problem === undefined ? OperationState.SUCCEEDED : OperationState.DEGRADED,
      problems: problem === undefined ? [] : [problem],
      digest: digestOf(agent.machine.packages),
      startedAt,
      finishedAt: new Date(),
      plan: undefined,
    },
  });
}
