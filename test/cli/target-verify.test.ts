// `pacpool target verify` of the built program against a real server whose mirror lacks a file.
import { afterAll, beforeAll, expect, test } from "vitest";
import { installed } from "../support/fake-agent.ts";
import { type FilesWorld, openFilesWorld, POOL } from "../support/files-world.ts";
import { settled } from "../support/two-moments.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

let world: FilesWorld;
let person: Person;
beforeAll(async () => {
  const packages = [
    { name: "app", version: "2.0-1" },
    { name: "lib", version: "1.1-1" },
  ];
  world = await openFilesWorld({ packages });
  const { server } = world;
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  world.mirror.moods.set("lib-1.1-1-any.pkg.tar.zst", { kind: "missing" });
  await settled(server, "atlas", world.machine(["app", "lib"]), POOL);
  const packagesBehind = [installed("app", "1.0-1"), installed("lib", "1.0-1")];
  await settled(server, "borealis", { ...world.machine([]), packages: packagesBehind }, POOL);
  await server.admin.targets.setLatest({ endpoint: "atlas" });
});
afterAll(async () => {
  person[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

test("it waits for the end of fetching, names machine, file and reason, and exits 1 while something is missing", async () => {
  const run = await person.pacpool("target", "verify", "--pool", POOL);
  expect(run.code).toBe(1);
  expect(run.stdout).toContain("Target 1 of desks: 1 of 2 files kept");
  expect(run.stdout).toMatch(/borealis +lib +1\.1-1 +no mirror, machine or archive/);
  expect(run.stdout).not.toMatch(/atlas +lib/);
});

test("its JSON has totals and endpoints with what they lack", async () => {
  const run = await person.pacpool("target", "verify", "--pool", POOL, "-o", "json");
  expect(run.code).toBe(1);
  const bytes = world.repository.archives.find(({ recipe }) => recipe.name === "app")?.bytes.length;
  expect(JSON.parse(run.stdout)).toEqual({
    pool: POOL,
    revision: 1,
    fetching: false,
    files: 2,
    filesKept: 1,
    bytesKept: bytes,
    filesMissing: 1,
    endpoints: [
      { name: "atlas", reachable: true, lacking: [], lackingCount: 0, unknownBecause: null },
      {
        name: "borealis",
        reachable: false,
        lacking: [{ name: "lib", version: "1.1-1", filename: "lib-1.1-1-any.pkg.tar.zst", why: "nowhere" }],
        lackingCount: 1,
        unknownBecause: null,
      },
    ],
  });
});

test("it exits 0 when everything is kept, and 4 for a revision that is not there", async () => {
  world.mirror.moods.clear();
  await world.server.admin.targets.setLatest({ endpoint: "atlas" });
  expect((await person.pacpool("target", "verify", "2", "--pool", POOL)).code).toBe(0);
  expect((await person.pacpool("target", "verify", "9", "--pool", POOL)).code).toBe(4);
});
