import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AlreadyEnrolledError, type EnrolOptions, enrol } from "../../agent/enrol.ts";
import { loadIdentity, resetAgent } from "../../agent/identity.ts";
import { openScriptedServer, type ScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
let stateDir: string;

beforeEach(async () => {
  server = await openScriptedServer();
  stateDir = join(mkdtempSync(join(tmpdir(), "pacpool-enrol-")), "state");
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(join(stateDir, ".."), { recursive: true });
});

function options(more: Partial<EnrolOptions> = {}): EnrolOptions {
  return { address: server.address, ca: server.ca, token: "ppt_t_0", name: "alpha", stateDir, ...more };
}

test("a token becomes an identity that only its owner can read", async () => {
  const identity = await enrol(options());
  expect(identity).toMatchObject({ endpointId: "e-1", name: "alpha", pool: "lab", server: server.address });
  const file = join(stateDir, "identity.json");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  expect(await loadIdentity(stateDir)).toEqual(identity);
});

test("when the answer is lost, the same request is made again and not a second one", async () => {
  server.loseEnrolments(1);
  await enrol(options());
  expect(server.enrolments).toHaveLength(2);
  expect(new Set(server.enrolments.map((one) => one.idempotencyKey)).size).toBe(1);
});

test("an enrolled machine is not enrolled a second time unless it is told to", async () => {
  await enrol(options());
  await expect(enrol(options())).rejects.toThrow(AlreadyEnrolledError);
  expect(server.enrolments).toHaveLength(1);
  await enrol(options({ replace: true }));
  expect(server.enrolments[1]).toMatchObject({ replace: true });
});

test("a reset forgets identity, commands and target, and keeps what describes the machine", async () => {
  await enrol(options());
  for (const name of ["orders.json", "target.pb", "history"]) {
    writeFileSync(join(stateDir, name), "{}");
  }
  expect(await resetAgent(stateDir)).toBe(true);
  expect(readdirSync(stateDir).filter((name) => !name.startsWith("agent.lock"))).toEqual(["history"]);
  expect(await resetAgent(stateDir)).toBe(false);
});

test("a damaged identity is named with its file and the way out", async () => {
  await enrol(options());
  const file = join(stateDir, "identity.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 20));
  await expect(loadIdentity(stateDir)).rejects.toThrow(/identity\.json is damaged; run `pacpool agent reset`/);
});
