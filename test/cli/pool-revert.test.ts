// `pacpool revert --pool` against a real server: the bad target is marked and never comes back by itself, who is connected
// returns to its own set from before, who is asleep is named and left alone.
import { afterAll, beforeAll, expect, test } from "vitest";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { eventually } from "../support/eventually.ts";
import { digestOf } from "../support/fake-agent.ts";
import { finished, taken } from "../support/operation-world.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { answerPlan, BEHIND, CURRENT, planFor, settled } from "../support/two-moments.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

let server: TestServer;
let person: Person;
beforeAll(async () => {
  server = await openServer();
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  await person.json("pool", "create", "desks");
});
afterAll(async () => {
  person[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

test("a pool goes back: who sleeps is told how to follow later, and the bad target stays away", async () => {
  await settled(server, "atlas", CURRENT, "desks");
  const sleeper = await settled(server, "borealis", BEHIND, "desks");
  await person.json("set-latest", "--endpoint", "borealis", "--message", "good");
  await person.json("set-latest", "--endpoint", "atlas", "--message", "regretted");
  const plan = planFor(sleeper.endpoint.endpointId, digestOf(BEHIND.packages), { targetRevision: 2 });
  const asked = server.admin.endpoints.computePlan({ endpoint: "borealis" });
  await answerPlan(sleeper, plan);
  await asked;
  const start = { endpoint: "borealis", planDigest: plan.digest };
  const { operation } = await server.admin.operations.startOperation(start);
  if (operation === undefined) throw new Error("no operation came back");
  await taken(sleeper);
  await finished(sleeper, operation, OperationState.SUCCEEDED);
  await sleeper.leave();
  await eventually("borealis to be asleep", async () => {
    const { endpoint } = await server.admin.endpoints.getEndpoint({ endpoint: "borealis" });
    return endpoint?.online === false ? endpoint : undefined;
  });
  const { code, stderr } = await person.pacpool("revert", "--pool", "desks", "--yes", "--message", "too new");
  expect(stderr).toContain("Target 1 becomes the newest of pool desks again, target 2 is marked bad.");
  expect(stderr).toContain(`pacpool revert --endpoint borealis --operation ${operation.id}`);
  expect(code).toBe(0);
  expect(await person.json("target", "history", "desks")).toMatchObject([
    { revision: 3, restoresRevision: 1, bad: false, message: "too new" },
    { revision: 2, bad: true },
    { revision: 1, bad: false },
  ]);
  // Its operation is not begun by anybody: it follows when somebody says so.
  expect(await person.json("operation", "list", "--pool", "desks", "--active")).toEqual([]);
  const again = await person.pacpool("set-latest", "--endpoint", "atlas");
  expect(again.stderr).toContain("before a revert marked it bad");
  expect(again.code).toBe(4);
  expect((await person.pacpool("set-latest", "--endpoint", "atlas", "--even-bad")).code).toBe(0);
});
