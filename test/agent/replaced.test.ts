// The transaction takes away what the agent itself runs from. It finishes, proves and reports all the same.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { saveIdentity } from "../../agent/identity.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../support/eventually.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { deliverDatabase, openTestMachine } from "./running-agent.ts";
import { openScriptedServer } from "./scripted-server.ts";

const built = fileURLToPath(new URL("../../dist/", import.meta.url));

/** The built programs as a package, below usr/lib/pacpool. */
function ownPackage(): PackageRecipe {
  const names = readdirSync(built).filter((name) => name.endsWith(".js"));
  const files = Object.fromEntries(
    names.map((name) => [`usr/lib/pacpool/dist/${name}`, readFileSync(join(built, name))]),
  );
  return {
    name: "pacpool",
    version: "1-1",
    files: { ...files, "usr/lib/pacpool/package.json": '{"type":"module"}\n' },
  };
}

test("an agent whose own programs the transaction removes finishes, proves and reports the operation", async () => {
  await using server = await openScriptedServer();
  await using machine = await openTestMachine();
  const base = [
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.0-1" },
    { name: "tool", version: "1.0-1", depends: ["libfoo"] },
  ];
  await machine.core.publish([...base, ownPackage()]);
  await machine.root.refresh();
  expect((await machine.root.run("-S", "--noconfirm", "pacpool")).code).toBe(0);
  const identity = { endpointId: "e-1", name: "alpha", pool: "lab", key: `ppe_e-1_${"0".repeat(40)}` };
  await saveIdentity(machine.stateDir, { ...identity, server: server.address, ca: server.ca });
  const program = join(machine.root.rootDir, "usr/lib/pacpool/dist/cli.js");
  const arguments_ = ["agent", "--pacman-config", machine.root.configFile, "--state-dir", machine.stateDir];
  const agent: ChildProcess = spawn(process.execPath, [program, ...arguments_], { stdio: "ignore" });
  const ended = once(agent, "exit");
  try {
    await machine.core.publish([
      ...base.slice(0, 1),
      { name: "libfoo", version: "1.1-1" },
      { name: "tool", version: "1.1-1", depends: ["libfoo"] },
      { name: "pacpool", version: "2-1", files: { "usr/lib/pacpool/README": "somewhere else now\n" } },
    ]);
    await deliverDatabase(machine, server);
    const question = { requestId: "q", targetRevision: 7n, revert: false, repair: false, revertOperationId: "" };
    await server.say({ $case: "planRequest", value: { ...question, policy: undefined } });
    const { outcome } = await server.heard("planReport");
    if (outcome?.$case !== "plan") throw new Error(JSON.stringify(outcome));
    const order = { $case: "start", value: { operationId: "o-1", fence: 1n, plan: outcome.value } } as const;
    const value = { commandSequence: 1n, commandId: "c-1", notAfter: undefined, order };
    await server.say({ $case: "command", value });
    const result = await server.heard("operationResult");
    expect(result).toMatchObject({ operationId: "o-1", state: OperationState.SUCCEEDED, problems: [] });
    expect(existsSync(program)).toBe(false);
    expect(await machine.root.query()).toContain("pacpool 2-1");
    expect(result.digest).toBe(outcome.value.afterDigest);
    // The process that read for it has gone to rest, and its program is not there any more.
    const children = `/proc/${String(agent.pid)}/task/${String(agent.pid)}/children`;
    await eventually("the reading process to end", () => (readFileSync(children, "utf8") === "" ? true : undefined));
    expect((await machine.root.run("-R", "--noconfirm", "pacpool")).code).toBe(0);
    await eventually("a report of it", () =>
      server.said.find((one) => one.$case === "stateReport" && one.value.removed.includes("pacpool")),
    );
  } finally {
    agent.kill("SIGKILL");
    await ended;
  }
});
