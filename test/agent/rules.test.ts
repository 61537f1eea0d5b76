// The pool's rules at the agent: delivered with the target, newer in a request, kept on disk, and what pacman makes of them.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_POLICY, type Policy } from "../../domain/policy/policy.ts";
import type { PlanReport } from "../../proto/generated/pacpool/v1/agent.ts";
import { encodePolicy } from "../../rpc/codec/policy.ts";
import { eventually } from "../support/eventually.ts";
import { openTestMachine, startAgent, startEnrolledAgent, type TestMachine } from "./running-agent.ts";
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

const wire = (policy: Partial<Policy>, digest: string) => encodePolicy({ ...NO_POLICY, ...policy }, digest);

/** A target in which tool needs the new libfoo, delivered with that policy. */
async function deliver(policy: Partial<Policy>, digest: string, tool: object = { version: "1.1-1" }): Promise<void> {
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.1-1", depends: ["libfoo>=1.1"], ...tool },
    { name: "extra", version: "3.0-1" },
  ]);
  const bytes = readFileSync(join(machine.core.directory, "core.db"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  server.files.set(sha256, bytes);
  await server.heard("hello");
  const state = targetOf([{ repository: "core", sha256, size: BigInt(bytes.length) }]);
  await server.say({ $case: "targetState", value: { ...state, policy: wire(policy, digest) } });
  expect(await server.heard("targetStatus")).toMatchObject({ accepted: true });
}

async function planFor(requestId: string, policy?: Partial<Policy>): Promise<NonNullable<PlanReport["outcome"]>> {
  const newer = policy === undefined ? undefined : wire(policy, requestId);
  const value = { requestId, targetRevision: 7n, revert: false, repair: false, revertOperationId: "", policy: newer };
  await server.say({ $case: "planRequest", value });
  return await eventually("the plan's report", () => {
    const reports = server.said.flatMap((one) => (one.$case === "planReport" ? [one.value] : []));
    return reports.find((one) => one.requestId === requestId)?.outcome;
  });
}

function changes(outcome: NonNullable<PlanReport["outcome"]>): readonly string[] {
  if (outcome.$case !== "plan") throw new Error(JSON.stringify(outcome.value));
  return outcome.value.steps.map(({ name, toVersion }) => `${name} ${toVersion}`);
}

test("the delivered rules shape plans, a request's rules are newer, and the digest is told with every heartbeat", async () => {
  await using _agent = await startAgent(machine, server);
  await deliver({ holds: ["tool"], shares: ["extra"] }, "one");
  expect(changes(await planFor("q-1"))).toEqual(["extra 3.0-1", "libfoo 1.1-1"]);
  expect(changes(await planFor("q-2", { foreigns: ["tool"] }))).toEqual(["libfoo 1.1-1"]);
  expect(changes(await planFor("q-3"))).toEqual(["extra 3.0-1", "libfoo 1.1-1"]);
  await eventually("a heartbeat with the digest", () =>
    server.said.find((one) => one.$case === "heartbeat" && one.value.policyDigest === "one"),
  );
});

test("rules are kept over a restart and respected without the server", async () => {
  const agent = await startAgent(machine, server);
  await deliver(
    { holds: ["tool", "libfoo"], keep: [{ name: "base", why: "kept: anna chose it", undecided: false }] },
    "one",
  );
  await agent.stop();
  await server.kill();
  await using offline = startEnrolledAgent(machine);
  await eventually("the socket", () => existsSync(join(offline.runDir, "agent.sock")) || undefined);
  const held = { status: "in-sync", online: false, held: 3, older: 0 };
  expect(await offline.ask({ do: "status" })).toMatchObject({ answer: held });
  expect(await offline.ask({ do: "plan" })).toMatchObject({
    ok: true,
    answer: {
      steps: [],
      leftAlone: [{ name: "base", why: "kept: anna chose it" }, { name: "libfoo" }, { name: "tool" }],
    },
  });
  await server.start();
  const again = await server.heard("hello", 2);
  expect(again).toMatchObject({ targetRevision: 7n, policyDigest: "one" });
});

test("what a person has to choose about makes the machine's own status pending-approval, and plans leave it", async () => {
  await using agent = await startAgent(machine, server);
  const why = "changed on this endpoint itself: a person has to choose";
  await deliver({ keep: [{ name: "libfoo", why, undecided: true }] }, "one", { depends: ["libfoo"] });
  expect(await agent.ask({ do: "status" })).toMatchObject({
    answer: { status: "pending-approval", reasons: ["libfoo 1.0-1 → 1.1-1"] },
  });
  const outcome = await planFor("q-1");
  expect(changes(outcome)).toEqual(["tool 1.1-1"]);
  expect(outcome.value).toMatchObject({ leftAlone: [{ name: "libfoo", why }] });
});

test("a hold that breaks the closure is refused by name, with the requirement, whose it is, and the ways out", async () => {
  await using _agent = await startAgent(machine, server);
  await deliver({ holds: ["libf*"] }, "one");
  const outcome = await planFor("q-1");
  expect(outcome.$case).toBe("refusal");
  const { reason, details } = outcome.value as { reason: string; details: readonly string[] };
  expect(reason).toBe("CLOSURE_BROKEN");
  const [line = ""] = details;
  for (const part of ["libfoo", "libfoo>=1.1", "tool 1.1-1", "lift the hold on libfoo", "extend it to tool"]) {
    expect(line).toContain(part);
  }
  // Extended, as it says, it can be done.
  expect(changes(await planFor("q-2", { holds: ["libf*", "tool"] }))).toEqual([]);
});

test("a pool that refuses downgrades gets none, unless they are kept", async () => {
  await using _agent = await startAgent(machine, server);
  await deliver({ allowDowngrade: false }, "one", { version: "0.9-1", depends: ["libfoo"] });
  const outcome = await planFor("q-1");
  expect(outcome.value).toMatchObject({ reason: "DOWNGRADE_REFUSED", details: ["tool: 1.0-1 to 0.9-1"] });
  const keep = [{ name: "tool", why: "kept", undecided: false }];
  expect(changes(await planFor("q-2", { allowDowngrade: false, keep }))).toEqual(["libfoo 1.1-1"]);
  expect(changes(await planFor("q-3", {}))).toEqual(["libfoo 1.1-1", "tool 0.9-1"]);
});
