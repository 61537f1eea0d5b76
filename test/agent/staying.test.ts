// The agent through what happens to servers and machines: outages, drains, refused keys, a target that arrives.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Refusal } from "../../domain/refusal.ts";
import type { ViewReport } from "../../proto/generated/pacpool/v1/agent.ts";
import type { SyncDatabase } from "../../proto/generated/pacpool/v1/view.ts";
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

/** These databases as the target, with the database of today on the server. */
async function deliverTarget(databases: SyncDatabase[]): Promise<void> {
  const bytes = readFileSync(join(machine.root.dbPath, "sync/core.db"));
  server.files.set(createHash("sha256").update(bytes).digest("hex"), bytes);
  await server.say({ $case: "targetState", value: targetOf(databases) });
}

test("a target is fetched, verified, kept over a restart, and makes the status", async () => {
  const agent = await startAgent(machine, server);
  await server.heard("hello");
  await server.say({ $case: "requestView", value: { sha256: [] } });
  const { view } = await server.heard("viewReport");
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.0-1", depends: ["libfoo"] },
  ]);
  await machine.root.refresh();
  await server.heard("viewReport", 2);
  const newer = server.said.findLast((one) => one.$case === "viewReport")?.value as ViewReport;
  expect(newer.view?.digest).not.toBe(view?.digest);
  await deliverTarget(newer.view?.databases ?? []);
  expect(await server.heard("targetStatus")).toEqual({ targetRevision: 7n, accepted: true, error: "" });
  const status = await agent.ask({ do: "status" });
  expect(status).toMatchObject({
    ok: true,
    answer: { name: "alpha", pool: "lab", status: "behind", online: true, older: 1, targetRevision: 7, packages: 3 },
  });
  await agent.stop();
  await server.kill();
  await using offline = startEnrolledAgent(machine);
  await eventually("the socket", () => existsSync(join(offline.runDir, "agent.sock")) || undefined);
  expect(await offline.ask({ do: "status" })).toMatchObject({ answer: { status: "behind", online: false, older: 1 } });
});

test("a target whose database the server does not have is not taken, and the agent says why", async () => {
  await using agent = await startAgent(machine, server);
  await server.heard("hello");
  const missing = { repository: "core", sha256: "a".repeat(64), size: 10n };
  await deliverTarget([missing]);
  const status = await server.heard("targetStatus");
  expect(status).toMatchObject({ targetRevision: 7n, accepted: false });
  expect(status.error).toContain("a".repeat(64));
  expect(await agent.ask({ do: "status" })).toMatchObject({ answer: { status: "unknown", targetRevision: 0 } });
});

test("a server that was killed and comes back is met again without a package list", async () => {
  await using _agent = await startAgent(machine, server);
  const before = await server.heard("hello");
  await server.kill();
  await server.start();
  const after = await server.heard("hello", 2);
  expect(after).toEqual(before);
  await server.heard("heartbeat", 1);
  expect(server.said.filter((one) => one.$case === "stateReport")).toEqual([]);
});

test("what changed during an outage is known by the next hello, or told right behind it", async () => {
  await using _agent = await startAgent(machine, server);
  const before = await server.heard("hello");
  await server.kill();
  await machine.root.pacman("-S", "--noconfirm", "extra");
  await server.start();
  // A reading that began before the change may be what the hello says; the change itself follows then.
  await eventually("another digest", () =>
    server.said.some(
      (one) =>
        (one.$case === "hello" && one.value.stateDigest !== before.stateDigest) ||
        (one.$case === "stateReport" && one.value.digest !== "" && one.value.digest !== before.stateDigest),
    ),
  );
});

test("asked to leave, the agent says goodbye and comes back after the server's window", async () => {
  await using _agent = await startAgent(machine, server);
  await server.heard("hello");
  const maxDelay = { seconds: 0n, nanos: 100_000_000 };
  await server.say({ $case: "drain", value: { minDelay: undefined, maxDelay, reason: "upgrade" } });
  expect(await server.heard("goodbye")).toEqual({ reason: "drain" });
  await server.heard("hello", 2);
});

test("a refused key stops the hurry, and the status says what to do", async () => {
  server.refuseWith(new Refusal("WRONG_KEY"));
  await using agent = await startAgent(machine, server);
  const refused = await eventually("the log line", () => agent.log.find(({ msg }) => msg === "not connected"));
  expect(refused).toMatchObject({ level: 50 });
  expect(Number(refused["retryInMs"])).toBeGreaterThanOrEqual(150_000);
  const status = await agent.ask({ do: "status" });
  expect(JSON.stringify(status)).toContain("pacpool join CODE --replace NAME");
});

test("stopped, the agent says goodbye and leaves a status that nobody takes for fresh", async () => {
  const agent = await startAgent(machine, server);
  await server.heard("hello");
  const file = join(agent.runDir, "status");
  const freshUntil = (): number => Number(readFileSync(file, "utf8").split("\n")[0]);
  await eventually("the status file", () => existsSync(file) || undefined);
  await eventually("a connected line", () => !readFileSync(file, "utf8").includes("offline") || undefined);
  expect(freshUntil() - Date.now() / 1000).toBeGreaterThan(60);
  const line = JSON.parse(readFileSync(file, "utf8").split("\n")[1] ?? "") as Record<string, unknown>;
  expect(line).toMatchObject({ alt: "unknown", class: ["unknown"] });
  const summary = JSON.parse(readFileSync(join(agent.runDir, "status.json"), "utf8")) as Record<string, unknown>;
  expect(summary).toMatchObject({ endpoint: "alpha", pool: "lab", status: "unknown" });
  expect(Date.now() - Date.parse(String(summary["reportedAt"]))).toBeLessThan(10_000);
  expect(statSync(join(agent.runDir, "agent.sock")).mode & 0o777).toBe(0o660);
  await agent.stop();
  expect(await server.heard("goodbye")).toEqual({ reason: "stopping" });
  expect(freshUntil()).toBe(0);
});

test("a second agent on the same state folder is refused; one that is not enrolled says how to", async () => {
  await using _first = await startAgent(machine, server);
  await server.heard("hello");
  await expect(startEnrolledAgent(machine).ended).rejects.toThrow(/another agent \(pid \d+\) works with/);
  await using other = await openTestMachine();
  await expect(startEnrolledAgent(other).ended).rejects.toThrow(/not enrolled .* `pacpool join CODE`/);
});

test("on an empty or wrong question the socket says what it understands", async () => {
  await using agent = await startAgent(machine, server);
  await server.heard("hello");
  const wrong = await agent.ask({ do: "format" } as never);
  expect(wrong).toMatchObject({ ok: false, reason: "BAD_QUESTION" });
  const long = await agent.ask({ do: "x".repeat(5_000) } as never);
  expect(long).toMatchObject({ ok: false, reason: "BAD_QUESTION" });
  expect(await agent.ask({ do: "plan" })).toMatchObject({ ok: false, reason: "NO_TARGET" });
});
