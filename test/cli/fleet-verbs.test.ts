// The verbs that keep a fleet in order, from the built program against a real server.
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openServer, type TestServer } from "../support/server.ts";
import { BEHIND, CURRENT, settled } from "../support/two-moments.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

let server: TestServer;
let person: Person;

beforeAll(async () => {
  server = await openServer();
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  await person.json("pool", "create", "desks");
  await settled(server, "atlas", CURRENT, "desks");
  await settled(server, "borealis", BEHIND, "desks");
});
afterAll(async () => {
  person[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

test("a pool is edited, and deleted once it is empty", async () => {
  await person.json("pool", "create", "lab", "--mode", "mirror");
  expect(await person.json("pool", "edit", "lab", "--name", "attic", "--description", "old ones")).toMatchObject({
    name: "attic",
    description: "old ones",
    mode: "mirror",
  });
  expect((await person.pacpool("pool", "delete", "attic")).code).toBe(0);
  expect((await person.pacpool("pool", "show", "attic")).code).toBe(4);
});

test("an endpoint is moved, labelled, and removed only with consent", async () => {
  await settled(server, "spare", BEHIND, "desks");
  await person.json("pool", "create", "spares");
  expect(await person.json("endpoint", "move", "spare", "spares")).toMatchObject({ name: "spare", pool: "spares" });
  expect(await person.json("endpoint", "label", "spare", "--set", "room=attic", "--set", "kind=old")).toMatchObject({
    labels: { room: "attic", kind: "old" },
  });
  expect(await person.json("endpoint", "label", "spare", "--clear", "kind")).toMatchObject({
    labels: { room: "attic" },
  });
  expect((await person.pacpool("endpoint", "remove", "spare")).code).toBe(2);
  expect((await person.pacpool("endpoint", "remove", "spare", "--yes")).code).toBe(0);
  expect((await person.pacpool("endpoint", "show", "spare")).code).toBe(4);
});

test("a partially upgraded source is refused with what differs and how to pin it", async () => {
  const mixed = { ...CURRENT, packages: [...CURRENT.packages.slice(1), ...BEHIND.packages.slice(0, 1)] };
  await settled(server, "mixed", mixed, "desks");
  const { code, stderr } = await person.pacpool("set-latest", "--endpoint", "mixed");
  expect(code).toBe(4);
  expect(stderr).toContain("mixed is partially upgraded");
  expect(stderr).toContain("app 1.0-1");
  expect(stderr).toContain("--pin NAME");
  expect(await person.json("set-latest", "--endpoint", "mixed", "--pin", "app")).toMatchObject({
    pins: [{ name: "app", version: "1.0-1" }],
  });
});

test("target diff tells what changed between two revisions", async () => {
  const first = (await person.json("set-latest", "--endpoint", "borealis")) as { readonly revision: number };
  await person.json("set-latest", "--endpoint", "atlas");
  const changes = await person.json("target", "diff", String(first.revision), "--pool", "desks");
  expect(changes).toContainEqual(
    expect.objectContaining({ name: "app", installedVersion: "1.0-1", targetVersion: "2.0-1" }),
  );
});

test("profiles name server, authority, key and this endpoint, and config show says who said so", async () => {
  using owner = openPerson();
  const folder = owner.home;
  const [ca, key, config] = [join(folder, "ca.pem"), join(folder, "key"), join(folder, "config.toml")];
  writeFileSync(ca, server.ca);
  writeFileSync(key, server.adminKey);
  chmodSync(key, 0o600);
  const profile = `server = "${server.address}"\nca = "${ca}"\nkey_file = "${key}"\nendpoint = "atlas"\npool = "desks"\n`;
  writeFileSync(config, `[profiles.default]\n${profile}`);
  expect(await owner.json("status", "--config", config)).toMatchObject({ name: "atlas" });
  expect(await owner.json("config", "show", "--config", config)).toMatchObject({
    server: server.address,
    serverFrom: "the profile",
    keyFrom: key,
  });
  const { stdout } = await owner.pacpool("config", "show", "--config", config);
  expect(stdout).not.toContain(server.adminKey);
});

test("the doctor finds the server well, and says what to do about what is not", async () => {
  interface Finding {
    readonly what: string;
    readonly verdict: string;
    readonly advice: string | null;
  }
  const { code, stdout } = await person.pacpool("doctor", "-o", "json");
  const findings = JSON.parse(stdout) as readonly Finding[];
  expect(findings.find(({ what }) => what === "the server")?.verdict).toBe("ok");
  expect(findings.find(({ what }) => what === "its database")?.verdict).toBe("ok");
  expect(findings.find(({ what }) => what === "the agent")).toMatchObject({ verdict: "warning" });
  expect(code).toBe(0);
  using lost = openPerson({ server: "127.0.0.1:9", key: server.adminKey });
  const bad = await lost.pacpool("doctor", "-o", "json");
  expect(bad.code).toBe(1);
  const server9 = (JSON.parse(bad.stdout) as readonly Finding[]).find(({ what }) => what === "the server");
  expect(server9).toMatchObject({ verdict: "bad", advice: expect.stringContaining("--server") as unknown });
});

test("--timeout ends a verb that waits, with 3", async () => {
  const { code, stderr } = await person.pacpool("plan", "borealis", "--timeout", "1");
  expect(code).toBe(3);
  expect(stderr).toContain("--timeout");
});
