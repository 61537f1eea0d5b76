// Plans and commands over a real stream, made by real pacman; the server's part is scripted.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestMachine, startAgent, type TestMachine } from "./running-agent.ts";
import { openScriptedServer, type ScriptedServer, targetOf } from "./scripted-server.ts";

let machine: TestMachine;
let server: ScriptedServer;

beforeEach(async () => {
  [machine, server] = await Promise.all([openTestMachine(), openScriptedServer()]);
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

/** The repository moves on; what it then has becomes target revision 7. The machine itself is not refreshed. */
async function deliverNewerTarget(): Promise<void> {
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.1-1", depends: ["libfoo"] },
  ]);
  const bytes = readFileSync(join(machine.core.directory, "core.db"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  server.files.set(sha256, bytes);
  const databases = [{ repository: "core", sha256, size: BigInt(bytes.length) }];
  await server.heard("hello");
  await server.say({ $case: "targetState", value: targetOf(databases) });
  expect(await server.heard("targetStatus")).toMatchObject({ accepted: true });
}

function askForPlan(requestId: string, targetRevision = 7n): Promise<void> {
  return server.say({
    $case: "planRequest",
    value: { requestId, targetRevision, revert: false, revertOperationId: "" },
  });
}

test("a plan request is answered with what pacman would do, and the socket answers the same", async () => {
  await using agent = await startAgent(machine, server);
  await deliverNewerTarget();
  await askForPlan("q-1");
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
  await deliverNewerTarget();
  await askForPlan("q-2", 8n);
  const report = await server.heard("planReport");
  expect(report.outcome).toMatchObject({ $case: "refusal", value: { reason: "STALE_REVISION" } });
  expect(JSON.stringify(report.outcome)).toMatch(/revision 8.*revision 7/);
});

test("five plan requests at once are each answered once", async () => {
  await using _agent = await startAgent(machine, server);
  await deliverNewerTarget();
  const ids = ["a", "b", "c", "d", "e"];
  await Promise.all(ids.map((id) => askForPlan(id)));
  await server.heard("planReport", 5);
  const reports = server.said.flatMap((one) => (one.$case === "planReport" ? [one.value.requestId] : []));
  expect(reports.toSorted()).toEqual(ids);
});
