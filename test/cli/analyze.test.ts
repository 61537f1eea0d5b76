// `pacpool analyze` of the built program against a real server: what a person reads, and the JSON that scripts rely on.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MixedPool, openMixedPool } from "../support/mixed-pool.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { settled } from "../support/two-moments.ts";
import { openPerson, type Person } from "./run-pacpool.ts";

let server: TestServer;
let world: MixedPool;
let person: Person;

beforeAll(async () => {
  [server, world] = await Promise.all([openServer(), openMixedPool()]);
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  await server.admin.pools.createPool({ name: "desks" });
  await settled(server, "atlas", world.atlas, "desks");
  await settled(server, "borealis", world.borealis, "desks");
  await settled(server, "zephyr", world.zephyr, "desks");
});
afterAll(async () => {
  person[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** Field names with the types of their values, of the first element of lists. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shape(one)]));
}

const COUNTS = {
  packages: "number",
  common: "number",
  identical: "number",
  missing: "number",
  version: "number",
  build: "number",
  signer: "number",
};

describe("analyze", () => {
  test("the JSON shape", async () => {
    const json = await person.json("analyze", "desks");
    expect(shape(json)).toEqual({
      pool: "string",
      digest: "string",
      counts: COUNTS,
      withinClass: COUNTS,
      classes: [
        {
          class: "string",
          views: ["number"],
          endpoints: "number",
          newestView: "number",
          besideLargest: {
            equal: "number",
            older: "number",
            newer: "number",
            lacking: "number",
            lackingInstalled: "number",
          },
        },
      ],
      views: [
        {
          digest: "string",
          class: "string",
          architecture: "string",
          endpoints: ["string"],
          packages: "number",
          newestBuild: "string",
          daysBehind: "number",
          target: "boolean",
          repositories: [{ repository: "string", packages: "number" }],
          signedBy: [{ keyId: expect.stringMatching(/string|null/) as unknown, packages: "number" }],
        },
      ],
      viewsBeyond: "number",
      partialRepositories: [{ repository: "string", views: ["number"], lackedBy: ["number"] }],
      targets: [
        {
          view: "number",
          sources: ["string"],
          unready: [],
          followers: "number",
          excepted: "number",
          exceptions: expect.any(Array) as unknown,
          downgraded: "number",
          strangers: "number",
        },
      ],
      foreign: {
        packages: "number",
        endpoints: "number",
        listed: [{ name: "string", endpoints: "number", versions: ["string"] }],
      },
      unavailable: { packages: "number", endpoints: "number" },
      notWhole: [],
      suggestions: [
        {
          kind: "string",
          weight: "string",
          sentence: "string",
          advice: "string",
          endpoints: ["string"],
          packages: ["string"],
        },
      ],
      totalPackages: "number",
      packages: [
        {
          name: "string",
          differences: ["string"],
          differencesWithinClass: ["string"],
          installed: "number",
          offers: [
            {
              version: "string",
              architecture: "string",
              buildDate: "string",
              repository: "string",
              sha256: "string",
              signer: "string",
              views: ["number"],
            },
          ],
          lackedBy: [],
        },
      ],
    });
  });

  test("lists what differs inside a class and is installed; --across, --all and --kind ask for others", async () => {
    const names = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { packages } = (await person.json("analyze", "desks", ...words)) as {
        readonly packages: readonly { readonly name: string }[];
      };
      return packages.map(({ name }) => name);
    };
    expect(await names()).toEqual(["app", "glibc", "gone", "lib32-glibc"]);
    expect(await names("--across")).toEqual(["app", "base", "glibc", "gone", "lib32-glibc"]);
    expect(await names("--kind", "missing")).toEqual(["gone", "lib32-glibc"]);
    expect(await names("--kind", "build", "--across")).toEqual(["app"]);
    expect(await names("--limit", "2")).toEqual(["app", "glibc"]);
    expect(await names("--limit", "0")).toEqual([]);
  });

  test("tells a person what there is, what to do, and how much is not shown", async () => {
    const { code, stdout, stderr } = await person.pacpool("analyze", "desks", "--limit", "3");
    expect(code).toBe(0);
    expect(stdout).toContain("3 endpoints with 3 distinct views of 2 classes");
    // Beside the newest moment of core, vendor has base alike and two packages older.
    expect(stdout).toMatch(/^x86_64:vendor +1 +\S+ \S+ +1 +2 +0 +0 +0$/m);
    expect(stdout).toMatch(/act {7}A target from atlas would leave 1 package of borealis behind: lib32-glibc/);
    expect(stdout).toContain("Enable multilib on atlas");
    expect(stdout).toContain("pacpool set-latest --endpoint atlas");
    expect(stdout).toMatch(/^app +version +2 +2\.0-1 \(1\), 1\.0-1 \(2 3, 2 files\)$/m);
    expect(stderr).toContain("1 more package inside a class that a machine has");
  });

  test("explains itself, and refuses what it does not know", async () => {
    const { stdout } = await person.pacpool("analyze", "--help");
    expect(stdout).toContain("who can be the next source");
    expect((await person.pacpool("analyze", "desks", "--kind", "odd")).code).toBe(2);
    expect((await person.pacpool("analyze", "desks", "--limit", "-1")).code).toBe(2);
    expect((await person.pacpool("analyze", "nowhere")).code).toBe(4);
  });
});
