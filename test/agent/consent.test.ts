// An order that its owner lets wait, on a real agent with real pacman: until the shutdown, or until it is cancelled.
import { afterEach, beforeEach, expect, test } from "vitest";
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

/** Delivers a newer target, asks for the plan and orders it as o-1. */
async function order(): Promise<void> {
  await deliverNewerTarget(machine, server);
  await askForPlan(server, "q");
  const { outcome } = await server.heard("planReport");
  const plan: Plan | undefined = outcome?.$case === "plan" ? outcome.value : undefined;
  if (plan === undefined) throw new Error(JSON.stringify(outcome));
  await say(1n, { $case: "start", value: { operationId: "o-1", fence: 1n, plan } });
}

function say(commandSequence: bigint, body: Parameters<typeof command>[1]): Promise<void> {
  return server.say(command(commandSequence, body));
}

type Order =
  | { $case: "start"; value: { operationId: string; fence: bigint; plan: Plan } }
  | { $case: "cancel"; value: { operationId: string } };

function command(commandSequence: bigint, body: Order) {
  const commandId = `c-${String(commandSequence)}`;
  return { $case: "command", value: { commandSequence, commandId, notAfter: undefined, order: body } } as const;
}

function waiting(why: RegExp): Promise<unknown> {
  return eventually("the order to wait", () =>
    server.said.find((one) => one.$case === "operationProgress" && why.test(one.value.message)),
  );
}

test("what waits for the shutdown begins when the machine goes down, also after a restart of the agent", async () => {
  const first = await startAgent(machine, server, { apply: "shutdown" });
  await order();
  await waiting(/waits until the machine shuts down/);
  await first.stop();
  await using second = startEnrolledAgent(machine, { apply: "shutdown" });
  await eventually("the order to wait again", async () => {
    const status = await second.ask({ do: "status" }).catch(() => undefined);
    return JSON.stringify(status).includes("waits until the machine shuts down") ? status : undefined;
  });
  expect(await machine.root.query()).toContain("libfoo 1.0-1");
  expect(await second.ask({ do: "shut-down" })).toEqual({ ok: true, answer: { orders: ["o-1"] } });
  expect(await server.heard("operationResult")).toMatchObject({ operationId: "o-1", state: OperationState.SUCCEEDED });
  expect(await machine.root.query()).toContain("libfoo 1.1-1");
});

test("what waits for a window that nobody names says so, and can be cancelled", async () => {
  await using _agent = await startAgent(machine, server, { apply: "window" });
  await order();
  await waiting(/neither agent.toml nor the pool names windows/);
  await say(2n, { $case: "cancel", value: { operationId: "o-1" } });
  expect(await server.heard("operationResult")).toMatchObject({ operationId: "o-1", state: OperationState.CANCELLED });
  expect(await machine.root.query()).toContain("libfoo 1.0-1");
});

test("a window that is open lets an order begin at once", async () => {
  await using _agent = await startAgent(machine, server, {
    apply: "window",
    windows: [{ text: "daily 00:00-24:00", opens: [0, 1, 2, 3, 4, 5, 6].map((day) => day * 1_440), minutes: 1_440 }],
  });
  await order();
  expect(await server.heard("operationResult")).toMatchObject({ state: OperationState.SUCCEEDED });
});
