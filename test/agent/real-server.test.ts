// Real agents on real pacman roots with a real server: the whole line, from the token to the proof.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enrol } from "../../agent/enrol.ts";
import { SyncStatus } from "../../proto/generated/pacpool/v1/drift.ts";
import type { Endpoint } from "../../proto/generated/pacpool/v1/endpoint.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import type { Plan } from "../../proto/generated/pacpool/v1/plan.ts";
import { eventually } from "../support/eventually.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { openTestMachine, type RunningAgent, startEnrolledAgent, type TestMachine } from "./running-agent.ts";

let server: TestServer;
let serverState: string;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  serverState = mkdtempSync(join(tmpdir(), "pacpool-restart-"));
  stack.defer(() => {
    rmSync(serverState, { recursive: true, force: true });
  });
  server = stack.use(await openServer({ stateDir: serverState }));
  await server.admin.pools.createPool({ idempotencyKey: randomUUID(), name: "lab" });
});

afterEach(() => stack.disposeAsync());

/** A machine, enrolled with a token of its own, and its agent. */
async function enter(name: string): Promise<{ machine: TestMachine; agent: RunningAgent }> {
  const machine = stack.use(await openTestMachine());
  const { token } = await server.admin.access.createToken({ pool: "lab" });
  const { address, ca } = server;
  await enrol({ address, ca, token, name, stateDir: machine.stateDir });
  return { machine, agent: stack.use(startEnrolledAgent(machine)) };
}

function endpointIs(name: string, is: (endpoint: Endpoint) => boolean): Promise<Endpoint> {
  return eventually(`${name} to be as wanted`, async () => {
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: name });
    return endpoint !== undefined && is(endpoint) ? endpoint : undefined;
  });
}

function hasReported(endpoint: Endpoint): boolean {
  return endpoint.online && endpoint.digest !== "" && endpoint.view !== undefined;
}

/** The mirror of a machine moves on; the machine does not look yet. */
async function moveMirror({ core }: TestMachine): Promise<void> {
  await core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.1-1", depends: ["libfoo"] },
    { name: "extra", version: "3.0-1" },
  ]);
}

async function planFor(endpoint: string, revert = false): Promise<Plan> {
  const { outcome } = await server.admin.endpoints.computePlan({ endpoint, revert }, { timeoutMs: 30_000 });
  if (outcome?.$case !== "plan") {
    throw new Error(`no plan for ${endpoint}: ${JSON.stringify(outcome)}`);
  }
  return outcome.value;
}

async function run(endpoint: string, plan: Plan): Promise<OperationState> {
  const request = { idempotencyKey: randomUUID(), endpoint, planDigest: plan.digest };
  const { operation } = await server.admin.operations.startOperation(request);
  return eventually("the operation's end", async () => {
    const found = await server.admin.operations.getOperation({ id: operation?.id ?? "" });
    return found.operation?.finishedAt === undefined ? undefined : found.operation.state;
  });
}

test("one machine's moment becomes the target, another moves to it and back", async () => {
  const alpha = await enter("alpha");
  const beta = await enter("beta");
  await endpointIs("beta", hasReported);
  await Promise.all([moveMirror(alpha.machine), moveMirror(beta.machine)]);
  await alpha.machine.root.pacman("-Syyu", "--noconfirm");
  const digest = await eventually("alpha to have seen its upgrade", async () => {
    const { answer } = (await alpha.agent.ask({ do: "status" })) as { answer: { digest: string } };
    const { packages } = await server.admin.endpoints.getPackageSet({ endpoint: "alpha" });
    return packages.some(({ version }) => version === "1.1-1") ? answer.digest : undefined;
  });
  await endpointIs("alpha", (one) => hasReported(one) && one.digest === digest);
  // The view counts from the moment its last database is uploaded.
  const request = { idempotencyKey: randomUUID(), endpoint: "alpha", message: "the good day" };
  const { target } = await eventually("the first target", () => server.admin.targets.setLatest(request));
  expect(target).toMatchObject({ revision: 1n, sourceEndpoint: "alpha" });
  await endpointIs("alpha", (one) => one.status === SyncStatus.IN_SYNC);
  await endpointIs("beta", (one) => one.status === SyncStatus.BEHIND && one.counts?.older === 2);
  await eventually("beta's own status", async () => {
    const answer = await beta.agent.ask({ do: "status" });
    return JSON.stringify(answer).includes('"status":"behind"') || undefined;
  });
  const before = await beta.machine.root.query();
  expect(await run("beta", await planFor("beta"))).toBe(OperationState.SUCCEEDED);
  expect(await beta.machine.root.query()).toEqual(await alpha.machine.root.query());
  await endpointIs("beta", (one) => one.status === SyncStatus.IN_SYNC && one.digest === digest);
  expect(await run("beta", await planFor("beta", true))).toBe(OperationState.SUCCEEDED);
  expect(await beta.machine.root.query()).toEqual(before);
});

test("a server that stops and starts again finds its agents back, and asks an unchanged one for nothing", async () => {
  const { agent } = await enter("alpha");
  const before = await endpointIs("alpha", hasReported);
  const { address: listen } = server;
  await server[Symbol.asyncDispose]();
  await eventually("the agent to notice", () => agent.log.find(({ msg }) => msg === "not connected"));
  server = stack.use(await openServer({ stateDir: serverState, config: { listen } }));
  const after = await endpointIs("alpha", hasReported);
  expect(after.digest).toBe(before.digest);
  expect(after.reportedAt).toEqual(before.reportedAt);
  expect(agent.log.filter(({ msg }) => msg === "connected")).toHaveLength(2);
});

test("an agent whose endpoint was removed stops hurrying and says that it must join again", async () => {
  const { agent } = await enter("alpha");
  await endpointIs("alpha", hasReported);
  await server.admin.endpoints.removeEndpoint({ idempotencyKey: randomUUID(), endpoint: "alpha" });
  const line = await eventually("the log line", () => agent.log.find(({ msg }) => msg === "not connected"));
  expect(line).toMatchObject({ level: 50, why: expect.stringContaining("pacpool join CODE --replace") as string });
});

async function repairPlan(endpoint: string): Promise<Plan> {
  const { outcome } = await server.admin.endpoints.computePlan({ endpoint, repair: true }, { timeoutMs: 30_000 });
  if (outcome?.$case !== "plan") throw new Error(`no repair for ${endpoint}: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

test("a torn entry or a stranger's lock blocks the machine, and a person's repair frees it", async () => {
  const { machine, agent } = await enter("torn");
  await endpointIs("torn", hasReported);
  const { root } = machine;
  const packages = await root.query();
  rmSync(join(root.dbPath, "local/libfoo-1.0-1/desc"));
  // Refused or not, it takes the lock and lets it go.
  await root.run("-D", "--asexplicit", "tool");
  await endpointIs("torn", ({ status }) => status === SyncStatus.BLOCKED);
  const plan = await repairPlan("torn");
  expect(plan.steps.map(({ name, toVersion }) => `${name} ${toVersion}`)).toEqual(["libfoo 1.0-1"]);
  expect(await run("torn", plan)).toBe(OperationState.SUCCEEDED);
  await endpointIs("torn", ({ status }) => status !== SyncStatus.BLOCKED);
  expect(await root.query()).toEqual(packages);
  expect(await root.complaints()).toEqual([]);

  // A running agent would find it within a minute, a starting one finds it at once.
  await agent.stop();
  writeFileSync(join(root.dbPath, "db.lck"), "");
  stack.use(startEnrolledAgent(machine));
  await endpointIs("torn", ({ status }) => status === SyncStatus.BLOCKED);
  expect(await run("torn", await repairPlan("torn"))).toBe(OperationState.SUCCEEDED);
  await endpointIs("torn", ({ status }) => status !== SyncStatus.BLOCKED);
  expect(readdirSync(root.dbPath)).not.toContain("db.lck");
});
