// Package files over a real stream: an agent gives the server those that it asks for, and takes its own from the server's
// store, planning in a process of its own included.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WantedFile } from "../../proto/generated/pacpool/v1/agent.ts";
import { ArtifactKind } from "../../proto/generated/pacpool/v1/artifact.ts";
import { OperationState } from "../../proto/generated/pacpool/v1/operation.ts";
import { buildPackage, defaultBuildDate } from "../support/package-archive.ts";
import { sha256Of } from "../support/repository.ts";
import { deliverDatabase, openTestMachine, startAgent, type TestMachine } from "./running-agent.ts";
import { storePackage } from "./scripted-artifacts.ts";
import { openScriptedServer, type ScriptedServer } from "./scripted-server.ts";

/** Looks like one; whether it is one is for pacman to say. */
const SIGNATURE = Buffer.alloc(100, 0x89);

let machine: TestMachine;
let server: ScriptedServer;

beforeEach(async () => {
  [machine, server] = await Promise.all([openTestMachine(), openScriptedServer()]);
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await machine[Symbol.asyncDispose]();
});

function cached(name: string, version: string): string {
  return join(machine.root.cacheDir, `${name}-${version}-any.pkg.tar.zst`);
}

function wanted(name: string, version: string, more: Partial<WantedFile> = {}): WantedFile {
  const filename = `${name}-${version}-any.pkg.tar.zst`;
  const build = { architecture: "any", buildDate: BigInt(defaultBuildDate) };
  return { sha256: "", filename, size: 0n, name, version, signatureKnown: false, ...build, ...more };
}

function ask(files: WantedFile[], requestId = "w-1"): Promise<void> {
  return server.say({ $case: "filesWanted", value: { requestId, files } });
}

test("of the files that the server lacks it gives those that are right and signed, and says of each other why not", async () => {
  const allowed = sha256Of(cached("tool", "1.0-1"));
  await using _agent = await startAgent(machine, server, { unsignedAllowed: [allowed] });
  await server.heard("hello");
  const signed = sha256Of(cached("libfoo", "1.0-1"));
  writeFileSync(`${cached("libfoo", "1.0-1")}.sig`, SIGNATURE);
  await ask([
    wanted("libfoo", "1.0-1", { sha256: signed }),
    wanted("tool", "1.0-1"),
    wanted("base", "1-1"),
    wanted("base", "1-1", { sha256: "0".repeat(64) }),
    wanted("libfoo", "1.0-1", { buildDate: 5n }),
    wanted("nowhere", "1-1"),
    wanted("evil", "1-1", { sha256: "1".repeat(64), filename: "../../root/etc/passwd" }),
  ]);
  expect(await server.heard("filesDone")).toEqual({
    requestId: "w-1",
    uploadedSha256: [signed, allowed],
    notOffered: [
      { name: "base", version: "1-1", why: "unsigned" },
      { name: "base", version: "1-1", why: "different" },
      { name: "libfoo", version: "1.0-1", why: "different" },
      { name: "nowhere", version: "1-1", why: "absent" },
      { name: "evil", version: "1-1", why: "absent" },
    ],
  });
  expect(server.files.get(signed)?.equals(readFileSync(cached("libfoo", "1.0-1")))).toBe(true);
  expect(server.artifacts.uploads).toMatchObject([
    { sha256: signed, kind: ArtifactKind.PACKAGE, filename: "libfoo-1.0-1-any.pkg.tar.zst", signature: SIGNATURE },
    { sha256: allowed },
  ]);
});

test("a file whose signature the server has from a view travels without one, by its digest only", async () => {
  const base = sha256Of(cached("base", "1-1"));
  await using _agent = await startAgent(machine, server);
  await server.heard("hello");
  await ask([
    wanted("base", "1-1", { sha256: base, signatureKnown: true }),
    wanted("base", "1-1", { signatureKnown: true }),
  ]);
  expect(await server.heard("filesDone")).toMatchObject({
    uploadedSha256: [base],
    notOffered: [{ name: "base", version: "1-1", why: "unsigned" }],
  });
});

test("a file is found among kept ones when the cache is clean", async () => {
  const kept = join(machine.stateDir, "packages");
  mkdirSync(kept, { recursive: true });
  const { bytes, fileName, sha256 } = await buildPackage({ name: "old", version: "1-1" });
  writeFileSync(join(kept, fileName), bytes);
  writeFileSync(join(kept, `${fileName}.sig`), SIGNATURE);
  await using _agent = await startAgent(machine, server);
  await server.heard("hello");
  await ask([wanted("old", "1-1")]);
  expect(await server.heard("filesDone")).toMatchObject({ uploadedSha256: [sha256], notOffered: [] });
});

test("uploads keep to the owner's rate, and the stream goes on meanwhile", async () => {
  const noise = createHash("shake256", { outputLength: 150_000 }).update("noise").digest();
  const { bytes, sha256 } = await buildPackage({ name: "big", version: "1-1", files: { "usr/big": noise } });
  writeFileSync(cached("big", "1-1"), bytes);
  await using _agent = await startAgent(machine, server, { unsignedAllowed: [sha256], uploadRate: 50_000 });
  await server.heard("hello");
  const startMs = performance.now();
  await ask([wanted("big", "1-1", { sha256 })]);
  await machine.root.pacman("-S", "--noconfirm", "extra");
  await server.heard("stateReport");
  expect(server.said.some(({ $case }) => $case === "filesDone")).toBe(false);
  expect(await server.heard("filesDone")).toMatchObject({ uploadedSha256: [sha256] });
  // A second's worth is free.
  expect(performance.now() - startMs).toBeGreaterThan((1_000 * bytes.length) / 50_000 - 1_100);
});

test("the view is reported with the servers of its repositories, and again when they change", async () => {
  await using _agent = await startAgent(machine, server);
  await server.heard("hello");
  await server.say({ $case: "requestView", value: { sha256: [] } });
  const { server: url } = machine.core;
  expect((await server.heard("viewReport")).servers).toEqual([{ repository: "core", servers: [url] }]);
  const text = readFileSync(machine.root.configFile, "utf8");
  const more = "Server = https://mirror.invalid/core\nServer = ftp://mirror.invalid/core\n";
  writeFileSync(machine.root.configFile, `${text.trimEnd()}\n${more}`);
  await machine.root.pacman("-D", "--asdeps", "base");
  expect((await server.heard("viewReport", 2)).servers).toEqual([
    { repository: "core", servers: [url, "https://mirror.invalid/core"] },
  ]);
});

test("with caches empty and mirrors gone a plan is made and carried out from the server's store alone", async () => {
  const next = await buildPackage({ name: "libfoo", version: "1.1-1" });
  await using _agent = await startAgent(machine, server, { unsignedAllowed: [next.sha256] });
  await machine.core.publish([
    { name: "base", version: "1-1", depends: ["libfoo", "tool"] },
    { name: "libfoo", version: "1.1-1" },
    { name: "tool", version: "1.0-1", depends: ["libfoo"] },
  ]);
  await deliverDatabase(machine, server);
  rmSync(machine.core.directory, { recursive: true });
  rmSync(machine.root.cacheDir, { recursive: true });
  const key = { name: "libfoo", version: "1.1-1", architecture: "any", buildDate: BigInt(defaultBuildDate) };
  storePackage(server.artifacts, { key, filename: next.fileName, bytes: next.bytes, signature: SIGNATURE });
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
  expect(plan).toMatchObject({ downloadBytes: BigInt(next.bytes.length) });
  const order = { $case: "start", value: { operationId: "o-1", fence: 1n, plan } } as const;
  await server.say({ $case: "command", value: { commandSequence: 1n, commandId: "c", notAfter: undefined, order } });
  expect(await server.heard("operationResult")).toMatchObject({ state: OperationState.SUCCEEDED, problems: [] });
  expect(await machine.root.query()).toContain("libfoo 1.1-1");
});

test("a pin that only the server knows is read in the planning process, through the agent's connection", async () => {
  const pinned = await buildPackage({ name: "tool", version: "0.9-1", depends: ["libfoo"] });
  await using _agent = await startAgent(machine, server, { unsignedAllowed: [pinned.sha256] });
  await deliverDatabase(machine, server, { pins: [{ name: "tool", version: "0.9-1" }] });
  const key = { name: "tool", version: "0.9-1", architecture: "any", buildDate: BigInt(defaultBuildDate) };
  storePackage(server.artifacts, { key, filename: pinned.fileName, bytes: pinned.bytes, signature: SIGNATURE });
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
  expect(outcome).toMatchObject({ $case: "plan", value: { steps: [{ name: "tool", toVersion: "0.9-1" }] } });
});
