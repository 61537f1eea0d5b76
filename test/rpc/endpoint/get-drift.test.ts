import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DriftKind } from "../../../proto/generated/pacpool/v1/drift.ts";
import { installed } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, settled } from "../../support/two-moments.ts";

describe("GetDrift", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("lists every package that differs, each with its versions and why", async () => {
    await settled(
      server,
      "behind",
      { ...BEHIND, packages: [...BEHIND.packages, installed("aur-thing", "3-1")], facts: { held: ["lib"] } },
      "desks",
    );
    await server.admin.targets.setLatest({ endpoint: "source" });
    const { items, targetRevision, endpoint } = await server.admin.endpoints.getDrift({ endpoint: "behind" });
    expect(targetRevision).toBe(1n);
    expect(endpoint?.name).toBe("behind");
    expect(items.map(({ name, kind }) => [name, kind])).toEqual([
      ["app", DriftKind.OLDER],
      ["aur-thing", DriftKind.FOREIGN],
      ["lib", DriftKind.HELD],
    ]);
    expect(items[0]).toMatchObject({ installedVersion: "1.0-1", targetVersion: "2.0-1" });
    expect(items.every(({ why }) => why.length > 0)).toBe(true);
  });

  it("is empty for the machine that the target was taken from", async () => {
    expect((await server.admin.endpoints.getDrift({ endpoint: "source" })).items).toEqual([]);
  });

  it("refuses a machine that has not reported, and one that is not there", async () => {
    await server.enrol("quiet", "desks");
    expect(await reasonOf(server.admin.endpoints.getDrift({ endpoint: "quiet" }))).toBe("NO_REPORT");
    expect(await reasonOf(server.admin.endpoints.getDrift({ endpoint: "nobody" }))).toBe("ENDPOINT_NOT_FOUND");
  });
});
