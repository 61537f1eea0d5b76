import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openTestMachine, startAgent, type TestMachine } from "./running-agent.ts";
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

test("an unchanged agent that the server knows says hello, then nothing but heartbeats", async () => {
  await using _agent = await startAgent(machine, server);
  const hello = await server.heard("hello");
  expect(hello).toMatchObject({ agentVersion: "test", targetRevision: 0n, unacknowledgedResults: 0 });
  expect(hello.facts).toMatchObject({ apply: "ask", held: [], root: machine.root.rootDir, healthProblems: [] });
  await server.heard("heartbeat", 2);
  expect(new Set(server.said.map((one) => one.$case))).toEqual(new Set(["hello", "heartbeat"]));
});

test("asked for everything, it sends the whole set, its view and the database files", async () => {
  await using _agent = await startAgent(machine, server);
  const hello = await server.heard("hello");
  await server.say({ $case: "requestFullState", value: { reason: "unknown digest" } });
  const report = await server.heard("stateReport");
  expect(report).toMatchObject({ baseDigest: "", digest: hello.stateDigest, chunk: 0, chunks: 1, removed: [] });
  expect(report.upserts.map(({ name, version }) => `${name} ${version}`)).toEqual(await machine.root.query());
  await server.say({ $case: "requestView", value: { sha256: [] } });
  const { view } = await server.heard("viewReport");
  expect(view).toMatchObject({ digest: hello.viewDigest, databases: [{ repository: "core" }] });
  const sha256 = view?.databases[0]?.sha256 ?? "";
  await server.say({ $case: "requestView", value: { sha256: [sha256] } });
  await eventually("the upload", () => server.files.get(sha256));
});

test("a package that pacman installs travels as a difference to what the server has", async () => {
  await using _agent = await startAgent(machine, server);
  const { stateDigest } = await server.heard("hello");
  await server.heard("heartbeat");
  await machine.root.pacman("-S", "--noconfirm", "extra");
  const report = await server.heard("stateReport");
  expect(report.baseDigest).toBe(stateDigest);
  expect(report.upserts.map(({ name }) => name)).toEqual(["extra"]);
  await machine.root.pacman("-R", "--noconfirm", "extra");
  const back = await server.heard("stateReport", 2);
  expect(back).toMatchObject({ baseDigest: report.digest, digest: stateDigest, removed: ["extra"], upserts: [] });
});
