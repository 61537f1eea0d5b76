// The agent's process is killed or stopped while pacman works; the next one finds out what became of the operation.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { saveIdentity } from "../../agent/identity.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../support/eventually.ts";
import { deliverDatabase, openTestMachine, startEnrolledAgent, type TestMachine } from "./running-agent.ts";
import { openScriptedServer, type ScriptedServer } from "./scripted-server.ts";

let machine: TestMachine;
let server: ScriptedServer;
let agent: ChildProcess;

beforeEach(async () => {
  [machine, server] = await Promise.all([openTestMachine(), openScriptedServer()]);
  const identity = { endpointId: "e-1", name: "alpha", pool: "lab", key: `ppe_e-1_${"0".repeat(40)}` };
  await saveIdentity(machine.stateDir, { ...identity, server: server.address, ca: server.ca });
  const program = fileURLToPath(new URL("agent-process.ts", import.meta.url));
  agent = spawn(process.execPath, [program, machine.stateDir, machine.root.configFile], {
    stdio: ["ignore", "inherit", "inherit"],
  });
});

afterEach(async () => {
  agent.kill("SIGKILL");
  await server[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

/** Orders an upgrade of which one scriptlet waits for a word, and waits until pacman is at it. */
async function orderSlowUpgrade(): Promise<void> {
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    {
      name: "libfoo",
      version: "1.1-1",
      install: "post_upgrade() { while [ ! -e /go ]; do busybox sleep 0.05; done; }\n",
    },
    { name: "tool", version: "1.1-1", depends: ["libfoo"] },
  ]);
  await deliverDatabase(machine, server);
  const request = {
    requestId: "q",
    targetRevision: 7n,
    revert: false,
    repair: false,
    revertOperationId: "",
    policy: undefined,
  };
  await server.say({ $case: "planRequest", value: request });
  const { outcome } = await server.heard("planReport");
  const plan = outcome?.$case === "plan" ? outcome.value : undefined;
  const order = { $case: "start", value: { operationId: "o-1", fence: 1n, plan } } as const;
  await server.say({
    $case: "command",
    value: { commandSequence: 1n, commandId: "c", notAfter: undefined, order },
  });
  await eventually(
    "the scriptlet",
    () => machine.root.read("var/log/pacman.log").includes("upgraded libfoo") || undefined,
  );
}

function letScriptletEnd(): void {
  writeFileSync(join(machine.root.rootDir, "go"), "");
}

test("a pacman whose agent was killed goes on, and the next agent adopts it and tells how it ended", async () => {
  await orderSlowUpgrade();
  agent.kill("SIGKILL");
  await once(agent, "exit");
  await using _next = startEnrolledAgent(machine);
  const hello = await server.heard("hello", 2);
  letScriptletEnd();
  expect(hello).toMatchObject({ lastCommandSequence: 1n });
  const result = await server.heard("operationResult");
  expect(result).toMatchObject({ operationId: "o-1", state: OperationState.SUCCEEDED, problems: [] });
  expect(await machine.root.query()).toEqual(["base 1-1", "libfoo 1.1-1", "tool 1.1-1"]);
  expect(await machine.root.complaints()).toEqual([]);
});

test("a stop leaves pacman alone: the agent exits 0 at once, the next one has the result", async () => {
  await orderSlowUpgrade();
  await server.heard("operationProgress");
  agent.kill("SIGTERM");
  const [code] = (await once(agent, "exit")) as [number | null];
  expect(code).toBe(0);
  expect(machine.root.read("var/log/pacman.log").trimEnd()).not.toMatch(/transaction completed$/);
  expect(await server.heard("goodbye")).toEqual({ reason: "stopping" });
  letScriptletEnd();
  await using _next = startEnrolledAgent(machine);
  expect(await server.heard("operationResult")).toMatchObject({ state: OperationState.SUCCEEDED, problems: [] });
});

/** The reading process of the agent; pacman and its shell are not among them, they have a session of their own. */
function childrenOf(process: ChildProcess): readonly string[] {
  const pid = String(process.pid);
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return list === "" ? [] : list.split(" ");
}

test("an agent that nobody asks anything is one process, and two again when something changed", async () => {
  await server.heard("hello");
  await eventually("the reading process to end", () => childrenOf(agent).length === 0 || undefined, 30_000);
  await machine.root.pacman("-S", "--noconfirm", "extra");
  await server.heard("stateReport");
  expect(childrenOf(agent)).toHaveLength(1);
});

test("the reading process goes with its agent, however that ends", async () => {
  await server.heard("hello");
  const [reader = ""] = childrenOf(agent);
  expect(reader).not.toBe("");
  agent.kill("SIGKILL");
  await eventually("the reading process to end", () => !existsSync(`/proc/${reader}/exe`) || undefined, 30_000);
});
