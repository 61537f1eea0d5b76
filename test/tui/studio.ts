// The world of the TUI's journeys: a real server and a pool of four machines. atlas is the target's source, borealis is
// behind, cassini has gone its own way, dione sleeps. Their agents answer with plans and carry orders out step by step.
import { setTimeout as sleep } from "node:timers/promises";
import { OPERATION_STEPS, type OperationStep } from "../../domain/operation/lifecycle.ts";
import type { InstalledPackage } from "../../domain/package-set/package-set.ts";
import { type PlanStep, sealPlan } from "../../domain/plan/plan.ts";
import { compareVersions } from "../../domain/version/compare.ts";
import { type Command, CommandAck_Outcome, type PlanRequest } from "../../proto/generated/pacpool/v1/agent.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { encodeOperationStep } from "../../rpc/codec/operation.ts";
import { encodePlan } from "../../rpc/codec/plan.ts";
import { digestOf, type FakeAgent, type FakeMachine, installed } from "../support/fake-agent.ts";
import { type EnrolledEndpoint, openServer, type TestServer, type TestServerOptions } from "../support/server.ts";
import { makeSyncDatabase, sha256 } from "../support/sync-database.ts";
import { hasReported } from "../support/two-moments.ts";

const MAY = {
  linux: "6.9.3.arch1-1",
  glibc: "2.39+r52-1",
  firefox: "126.0-1",
  ffmpeg: "2:7.0-4",
  gimp: "2.10.38-1",
  pipewire: "1:1.0.7-1",
  "pipewire-media-session": "1:0.4.2-2",
  python: "3.12.3-1",
  sway: "1:1.9-4",
} as const;
const APRIL: Readonly<Record<string, string>> = {
  ...MAY,
  linux: "6.8.9.arch1-1",
  firefox: "125.0.3-1",
  ffmpeg: "2:6.1.1-7",
  gimp: "2.10.36-5",
};

const database = (versions: Readonly<Record<string, string>>) =>
  makeSyncDatabase(
    "extra",
    Object.entries(versions).map(([name, version]) => ({ name, version })),
  );

function packages(versions: Readonly<Record<string, string>>, ...left: readonly string[]): readonly InstalledPackage[] {
  return Object.entries(versions)
    .filter(([name]) => !left.includes(name))
    .map(([name, version]) => installed(name, version));
}

export interface Studio extends AsyncDisposable {
  readonly server: TestServer;
  /** How fast agents go from step to step, ms. */
  stepMs: number;
  /** The step in which agents stay until this is another one. */
  hold: OperationStep | undefined;
}

/** Ready when the server has seen everybody. */
export async function openStudio(options: TestServerOptions = {}): Promise<Studio> {
  const server = await openServer(options);
  const [may, april] = [await database(MAY), await database(APRIL)];
  const current: FakeMachine = { packages: packages(MAY, "pipewire-media-session"), databases: [may] };
  const machines: Readonly<Record<string, FakeMachine>> = {
    atlas: current,
    borealis: {
      packages: [...packages(APRIL), installed("aur-helper", "12.3.5-1")],
      databases: [april],
      facts: { apply: "ask" },
    },
    cassini: {
      packages: packages({ ...APRIL, sway: "1:1.10-1" }, "pipewire-media-session", "gimp"),
      databases: [april],
    },
    dione: { packages: packages(APRIL, "pipewire-media-session"), databases: [april] },
  };
  await server.admin.pools.createPool({ name: "studio", description: "editing and sound" });
  const ending = new AbortController();
  const studio: Studio = {
    server,
    stepMs: 20,
    hold: undefined,
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await server[Symbol.asyncDispose]();
    },
  };
  const agents = new Map<string, FakeAgent & { readonly endpoint: EnrolledEndpoint }>();
  for (const [name, machine] of Object.entries(machines)) {
    const agent = await server.agent(name, machine, "studio");
    await agent.settle();
    await hasReported(server, name, machine);
    agents.set(name, agent);
    // A stream that a test or the end closes refuses what is still said on it.
    serve(agent, current, studio, ending.signal).catch(() => undefined);
  }
  await server.admin.targets.setLatest({ endpoint: "atlas", message: "May, tested on atlas" });
  await agents.get("dione")?.leave();
  return studio;
}

/** Well within what the server takes for a sign of life. */
const HEARTBEAT_MS = 3_000;

/** Answers everything that the server asks, until the end. */
async function serve(
  agent: FakeAgent & { readonly endpoint: EnrolledEndpoint },
  goal: FakeMachine,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
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

type Pace = Pick<Studio, "stepMs" | "hold">;
type Agent = FakeAgent & { readonly endpoint: EnrolledEndpoint };

async function answer(agent: Agent, request: PlanRequest, goal: FakeMachine): Promise<void> {
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

async function obey(agent: Agent, command: Command, goal: FakeMachine, pace: Pace, signal: AbortSignal): Promise<void> {
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
  agent.machine = goalFor(agent.machine, goal, plan?.revert ?? false);
  await agent.reportAll();
  await agent.say({
    $case: "operationResult",
    value: {
      operationId,
      fence,
      state: OperationState.SUCCEEDED,
      problems: [],
      digest: digestOf(agent.machine.packages),
      startedAt,
      finishedAt: new Date(),
      plan: undefined,
    },
  });
}
