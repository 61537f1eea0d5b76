// What the agent leaves for the bars of its machine, as the bar's module reads it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { StatusCounts } from "../../proto/generated/pacpool/v1/pool.ts";
import { askSummary } from "../../waybar/ask-agent.ts";
import { readSummary } from "../../waybar/summary-file.ts";
import { eventually } from "../support/eventually.ts";
import { readWaybarLine } from "../support/waybar-contract.ts";
import { openTestMachine, startAgent } from "./running-agent.ts";
import { openScriptedServer } from "./scripted-server.ts";

test("the fleet as the server told it is in the file, the line and the socket's answer; a stopped agent says that it is", async () => {
  await using machine = await openTestMachine();
  await using server = await openScriptedServer();
  const agent = await startAgent(machine, server);
  await server.heard("hello");
  const counts = StatusCounts.fromPartial({ behind: 2, inSync: 3 });
  const standing = { pool: "lab", endpoints: 5, online: 4, counts, staleAfterDays: 30, upstream: undefined };
  await server.say({ $case: "poolStanding", value: standing });
  const summary = await eventually("the fleet", () => {
    const found = readSummary([agent.runDir]);
    return found?.fleet === undefined ? undefined : found;
  });
  expect(summary.fleet).toMatchObject({ endpoints: 5, online: 4, counts: { behind: 2, "in-sync": 3, blocked: 0 } });
  const [, line = ""] = readFileSync(join(agent.runDir, "status"), "utf8").split("\n");
  expect(readWaybarLine(line).tooltip).toContain("5 endpoints, 4 online: 2 behind, 3 in-sync");
  expect((await askSummary([agent.runDir]))?.fleet).toEqual(summary.fleet);
  await agent.stop();
  expect(readSummary([agent.runDir])).toMatchObject({ isAgentStopped: true, fleet: summary.fleet });
  const [until, last = ""] = readFileSync(join(agent.runDir, "status"), "utf8").split("\n");
  expect(until).toBe("0");
  expect(readWaybarLine(last).classes).toContain("stale");
  await agent[Symbol.asyncDispose]();
});
