// Deeds of people on the machine itself, over the agent's socket or without an agent: the owner's word to the server does
// not bind them, and the server hears of everything afterwards.
import { afterEach, beforeEach, expect, test } from "vitest";
import { aimAlone } from "../../agent/alone/aim-alone.ts";
import { newOperationId, openAlone } from "../../agent/alone/open-alone.ts";
import type { ExecutionHooks } from "../../agent/machine.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { planOf } from "../support/endpoint.ts";
import { eventually } from "../support/eventually.ts";
import {
  openTestMachine,
  type RunningAgent,
  startAgent,
  startEnrolledAgent,
  type TestMachine,
} from "./running-agent.ts";
import { openScriptedServer, type ScriptedServer } from "./scripted-server.ts";

let machine: TestMachine;
let server: ScriptedServer;
beforeEach(async () => {
  machine = await openTestMachine();
  server = await openScriptedServer();
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.0-1", depends: ["libfoo"] },
  ]);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

const quiet: ExecutionHooks = {
  cancelled: new AbortController().signal,
  stopped: new AbortController().signal,
  progress: () => undefined,
};

async function answerOf(agent: RunningAgent, question: Parameters<RunningAgent["ask"]>[0]): Promise<unknown> {
  const answer = await agent.ask(question);
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.message}`);
  return answer.answer;
}

test("an update over the socket runs although the owner forbids the server to, and the server hears what it did", async () => {
  await using agent = await startAgent(machine, server, { apply: "never" });
  await server.heard("hello");
  const plan = (await answerOf(agent, { do: "plan", update: true })) as Plan;
  expect(plan.steps).toMatchObject([{ action: "upgrade", name: "libfoo", toVersion: "1.1-1" }]);
  const { id } = (await answerOf(agent, { do: "run", plan: plan.digest })) as { readonly id: string };
  const ended = await eventually(
    "the end of the update",
    async () => {
      const now = (await answerOf(agent, { do: "operation", id })) as { readonly state: string };
      return now.state === "queued" || now.state === "running" ? undefined : now;
    },
    30_000,
  );
  expect(ended).toMatchObject({ id, state: "succeeded", percent: 100, problems: [] });
  expect(await machine.root.query()).toContain("libfoo 1.1-1");
  const result = await server.heard("operationResult");
  expect(result).toMatchObject({ operationId: id, fence: 1n, state: OperationState.SUCCEEDED });
  expect(result.plan).toMatchObject({ digest: plan.digest, targetRevision: 0n, revert: false });
  expect(await answerOf(agent, { do: "moments" })).toMatchObject([{ operationId: id, isNext: true, missingFiles: [] }]);
});

test("what is not a plan of this machine, or no operation, is refused with the reason", async () => {
  await using agent = await startAgent(machine, server);
  expect(await agent.ask({ do: "run", plan: "ab".repeat(32) })).toMatchObject({ ok: false, reason: "PLAN_NOT_FOUND" });
  const unknown = await agent.ask({ do: "operation", id: "nothing" });
  expect(unknown).toMatchObject({ ok: false, reason: "OPERATION_NOT_FOUND" });
});

test("what was done without the agent is told by its next start, until the server has it", async () => {
  const agent = await startAgent(machine, server);
  await server.heard("hello");
  await agent.stop();
  const aim = await aimAlone({ stateDir: machine.stateDir, pacmanConfig: machine.root.configFile }, undefined);
  const id = newOperationId();
  {
    await using alone = await openAlone(aim);
    const question = { revert: false, revertOperationId: undefined, update: true };
    const plan = planOf(await alone.plan(question, new AbortController().signal));
    await alone.run(plan, id, quiet);
  }
  await using _again = startEnrolledAgent(machine);
  expect(await server.heard("hello", 2)).toMatchObject({ unacknowledgedResults: 1 });
  const result = await server.heard("operationResult");
  expect(result).toMatchObject({ operationId: id, state: OperationState.SUCCEEDED });
  expect(result.plan?.endpointId).toBe("e-1");
});
