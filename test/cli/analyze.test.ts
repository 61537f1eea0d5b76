// `pacpool analyze` and `pacpool package` of the built program against a real server: what a person reads, and the JSON that
// scripts rely on.
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

describe("package", () => {
  beforeAll(async () => {
    await server.admin.targets.setLatest({ endpoint: "atlas" });
  });

  test("the JSON shape, and who has which version", async () => {
    const json = await person.json("package", "app", "--pool", "desks");
    expect(json).toMatchObject({
      name: "app",
      total: 3,
      without: 1,
      unreported: 0,
      builds: [
        { version: "2.0-1", architecture: "any", endpoints: 1, repository: "core", signer: world.keyId, keptBytes: 0 },
        { version: "1.0-1", endpoints: 1, buildTime: expect.stringMatching(/^20.*Z$/) as unknown },
      ],
      wants: [
        { pool: "desks", targetRevision: 1, class: "x86_64:core", version: "2.0-1", pinned: false, required: false },
        { class: "x86_64:vendor", version: "1.0-1", signer: null, endpoints: 1 },
      ],
      endpoints: [
        { endpoint: "atlas", version: "2.0-1", wanted: "2.0-1", drift: null, why: "", explicit: true },
        { endpoint: "borealis", version: "1.0-1", drift: "older" },
        { endpoint: "zephyr", version: null, wanted: "1.0-1", drift: null },
      ],
    });
  });

  test("tells a person the versions, what is wanted, and only who is not as wanted", async () => {
    const { code, stdout, stderr } = await person.pacpool("package", "app");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^2\.0-1 +1 +\S+ \S+ +core +[0-9A-F]{16} +no$/m);
    expect(stdout).toMatch(/^desks +1 +x86_64:core +2\.0-1 +2$/m);
    expect(stdout).toMatch(/^borealis +desks .*older +1\.0-1 +2\.0-1 +older than/m);
    expect(stdout).not.toContain("zephyr");
    expect(stderr).toContain("2 of 3 machines have it.");
  });

  test("says that nobody has it, and refuses what is no name and no pool", async () => {
    const nobody = await person.pacpool("package", "nonsuch");
    expect(nobody.code).toBe(0);
    expect(nobody.stderr).toContain("No machine has nonsuch, and no target knows it.");
    expect((await person.pacpool("package", "a/b")).code).toBe(2);
    expect((await person.pacpool("package", "app", "--pool", "nowhere")).code).toBe(4);
  });
});
