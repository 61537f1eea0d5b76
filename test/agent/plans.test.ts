// Plans and commands over a real stream, made by real pacman; the server's part is scripted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandAck_Outcome } from "../../proto/generated/pacpool/v1/agent.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import type { Plan } from "../../proto/generated/pacpool/v1/plan.ts";
import { eventually } from "../support/eventually.ts";
import {
  askForPlan,
  deliverNewerTarget,
  openTestMachine,
  startAgent,
  startEnrolledAgent,
  type TestMachine,
} from "./running-agent.ts";
import { openScriptedServer, type ScriptedServer } from "./scripted-server.ts";

let machine: TestMachine;
let server: ScriptedServer;

beforeEach(async () => {
  [machine, server] = await Promise.all([openTestMachine(), openScriptedServer()]);
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

async function planned(requestId: string): Promise<Plan> {
  await askForPlan(server, requestId);
  const { outcome } = await eventually(
    "the plan",
    () =>
      server.said.flatMap((one) =>
        one.$case === "planReport" && one.value.requestId === requestId ? [one.value] : [],
      )[0],
  );
  if (outcome?.$case !== "plan") {
    throw new Error(`no plan: ${JSON.stringify(outcome)}`);
  }
  return outcome.value;
}

function command(sequence: bigint, operationId: string, plan: Plan, fence = 1n): Promise<void> {
  const order = { $case: "start", value: { operationId, fence, plan } } as const;
  const value = { commandSequence: sequence, commandId: `c-${String(sequence)}`, notAfter: undefined, order };
  return server.say({ $case: "command", value });
}

test("a plan request is answered with what pacman would do, and the socket answers the same", async () => {
  await using agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  await askForPlan(server, "q-1");
  const report = await server.heard("planReport");
  expect(report.requestId).toBe("q-1");
  const plan = report.outcome?.$case === "plan" ? report.outcome.value : undefined;
  expect(plan).toMatchObject({ endpointId: "e-1", baseDigest: report.baseDigest, targetRevision: 7n, revert: false });
  expect(plan?.steps.map(({ name, fromVersion, toVersion }) => `${name} ${fromVersion} ${toVersion}`)).toEqual([
    "libfoo 1.0-1 1.1-1",
    "tool 1.0-1 1.1-1",
  ]);
  expect(await agent.ask({ do: "plan" })).toMatchObject({ ok: true, answer: { digest: plan?.digest } });
});

test("a plan for a revision that is not here is refused with both numbers", async () => {
  await using _agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  await askForPlan(server, "q-2", 8n);
  const report = await server.heard("planReport");
  expect(report.outcome).toMatchObject({ $case: "refusal", value: { reason: "STALE_REVISION" } });
  expect(JSON.stringify(report.outcome)).toMatch(/revision 8.*revision 7/);
});

test("five plan requests at once are each answered once", async () => {
  await using _agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  const ids = ["a", "b", "c", "d", "e"];
  await Promise.all(ids.map((id) => askForPlan(server, id)));
  await server.heard("planReport", 5);
  const reports = server.said.flatMap((one) => (one.$case === "planReport" ? [one.value.requestId] : []));
  expect(reports.toSorted()).toEqual(ids);
});

test("a start order brings the machine to the target, and its result comes after the set that it made", async () => {
  await using agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  const plan = await planned("q");
  await command(1n, "o-1", plan);
  expect(await server.heard("commandAck")).toMatchObject({
    commandSequence: 1n,
    outcome: CommandAck_Outcome.PERSISTED,
  });
  const result = await server.heard("operationResult");
  expect(result).toMatchObject({ operationId: "o-1", fence: 1n, state: OperationState.SUCCEEDED, problems: [] });
  expect(result.digest).toBe(plan.afterDigest);
  expect(await machine.root.query()).toEqual(["base 1-1", "libfoo 1.1-1", "tool 1.1-1"]);
  const order = server.said.map((one) => one.$case);
  expect(order.indexOf("stateReport")).toBeLessThan(order.indexOf("operationResult"));
  const report = server.said.findLast((one) => one.$case === "stateReport");
  expect(report).toMatchObject({ value: { digest: plan.afterDigest } });
  expect(await agent.ask({ do: "status" })).toMatchObject({ answer: { status: "in-sync", operation: null } });
});

test("a result is told again on every stream until the server has stored it", async () => {
  await using agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  await command(1n, "o-1", await planned("q"));
  const first = await server.heard("operationResult");
  await server.kill();
  await server.start();
  expect(await server.heard("operationResult", 2)).toEqual(first);
  const hello = await server.heard("hello", 2);
  expect(hello).toMatchObject({ unacknowledgedResults: 1, lastCommandSequence: 1n, targetRevision: 7n });
  await agent.stop();
  await using again = startEnrolledAgent(machine);
  expect(await server.heard("operationResult", 3)).toEqual(first);
  await server.say({ $case: "operationResultAck", value: { operationId: "o-1", fence: 1n } });
  const orders = (): string => readFileSync(join(machine.stateDir, "orders.json"), "utf8");
  await eventually("the result to be forgotten", () => orders().includes('"results":[]') || undefined);
  await again.stop();
  await using _last = startEnrolledAgent(machine);
  expect(await server.heard("hello", 4)).toMatchObject({ unacknowledgedResults: 0 });
});

test("a command that comes twice is done once", async () => {
  await using _agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  const plan = await planned("q");
  await command(1n, "o-1", plan);
  await command(1n, "o-1", plan);
  expect(await server.heard("commandAck", 2)).toMatchObject({ outcome: CommandAck_Outcome.DUPLICATE });
  await server.heard("operationResult");
  await command(2n, "o-1", plan);
  expect(await server.heard("commandAck", 3)).toMatchObject({ outcome: CommandAck_Outcome.DUPLICATE });
  const log = machine.root.read("var/log/pacman.log");
  expect(log.match(/upgraded libfoo/g)).toHaveLength(1);
});

test("a plan that is stale by the time it is ordered is refused, and nothing changes", async () => {
  await using _agent = await startAgent(machine, server);
  await deliverNewerTarget(machine, server);
  const plan = await planned("q");
  await machine.root.installFiles({ name: "mine", version: "1-1" });
  await command(1n, "o-1", plan);
  expect(await server.heard("operationResult")).toMatchObject({ state: OperationState.REFUSED });
  expect(await machine.root.query()).toEqual(["base 1-1", "libfoo 1.0-1", "mine 1-1", "tool 1.0-1"]);
});

test("on a machine whose owner forbids it nothing is started, whatever the server says", async () => {
  await using _agent = await startAgent(machine, server, { apply: "never" });
  await deliverNewerTarget(machine, server);
  expect(await server.heard("hello")).toMatchObject({ facts: { apply: "never" } });
  await command(1n, "o-1", await planned("q"));
  const refused = { outcome: CommandAck_Outcome.REFUSED, reason: "CONSENT_NEVER" };
  expect(await server.heard("commandAck")).toMatchObject(refused);
  expect(await machine.root.query()).toContain("libfoo 1.0-1");
});
