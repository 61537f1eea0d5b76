// A transaction that leaves a pacman which cannot be asked for its configuration: the machine cannot be read any more, and the
// server hears all the same how the operation ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { saveIdentity } from "../../agent/identity.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { deliverDatabase, openTestMachine } from "./running-agent.ts";
import { openScriptedServer } from "./scripted-server.ts";

const program = fileURLToPath(new URL("agent-process.ts", import.meta.url));

test("an agent whose machine cannot be read after a transaction tells that it is degraded, and stays", async () => {
  await using server = await openScriptedServer();
  await using machine = await openTestMachine();
  const { root, stateDir } = machine;
  const identity = { endpointId: "e-1", name: "alpha", pool: "lab", key: `ppe_e-1_${"0".repeat(40)}` };
  await saveIdentity(stateDir, { ...identity, server: server.address, ca: server.ca });
  const folder = join(root.directory, "bin");
  mkdirSync(folder);
  const path = process.env["PATH"] ?? "";
  const script = `#!/bin/sh
[ ! -e "${root.rootDir}/usr/share/tool/broken" ] || { echo "libalpm.so: no version" >&2; exit 127; }
PATH="${path}"; exec pacman-conf "$@"
`;
  writeFileSync(join(folder, "pacman-conf"), script, { mode: 0o755 });
  const agent = spawn(process.execPath, [program, stateDir, root.configFile], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PATH: `${folder}:${path}`, PACPOOL_LOG_LEVEL: "fatal" },
  });
  const ended = once(agent, "exit");
  try {
    await machine.core.publish([
      { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
      { name: "libfoo", version: "1.0-1" },
      { name: "tool", version: "2-1", depends: ["libfoo"], files: { "usr/share/tool/broken": "" } },
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
    expect(result).toMatchObject({ operationId: "o-1", state: OperationState.DEGRADED });
    expect(result.problems.join("\n")).toMatch(/pacman itself does not run .*no version/);
    expect(agent.exitCode).toBeNull();
  } finally {
    agent.kill("SIGTERM");
    await ended;
  }
});
