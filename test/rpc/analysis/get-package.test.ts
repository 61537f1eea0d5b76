import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DriftKind } from "../../../proto/generated/pacpool/v1/drift.ts";
import { PolicyKind } from "../../../proto/generated/pacpool/v1/policy.ts";
import { TargetMode } from "../../../proto/generated/pacpool/v1/target.ts";
import { decodePackage } from "../../../rpc/codec/package.ts";
import { eventually } from "../../support/eventually.ts";
import { type MixedPool, openMixedPool } from "../../support/mixed-pool.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { settled } from "../../support/two-moments.ts";

describe("GetPackage", () => {
  let server: TestServer;
  let world: MixedPool;
  beforeAll(async () => {
    [server, world] = await Promise.all([openServer(), openMixedPool()]);
    await server.admin.pools.createPool({ name: "desks" });
    await server.admin.pools.createPool({ name: "lonely" });
    await settled(server, "atlas", world.atlas, "desks");
    await settled(server, "borealis", world.borealis, "desks");
    await settled(server, "cygnus", world.borealis, "lonely");
    await settled(server, "zephyr", world.zephyr, "desks");
    await server.enrol("quiet", "desks");
    await server.admin.targets.setLatest({ endpoint: "atlas", shared: ["app"] });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  const ask = (name: string, more: { pool?: string; pageSize?: number; pageToken?: string } = {}) =>
    server.admin.analyses.getPackage({ name, pool: "desks", ...more });

  it("says who has which build, the highest first, and by whom it is signed", async () => {
    const { builds, totalEndpoints, without, unreported } = await ask("app");
    expect(builds).toMatchObject([
      { version: "2.0-1", endpoints: 1, repository: "core", signer: world.keyId, keptBytes: 0n },
      { version: "1.0-1", endpoints: 1, repository: "core", signer: world.keyId },
    ]);
    expect({ totalEndpoints, without, unreported }).toEqual({ totalEndpoints: 4, without: 1, unreported: 1 });
  });

  it("says what the target wants of each class, and how each endpoint stands to it", async () => {
    const { wants, endpoints } = await ask("app");
    expect(wants).toMatchObject([
      { pool: "desks", targetRevision: 1n, class: "x86_64:core", version: "2.0-1", required: true, endpoints: 2 },
      { pool: "desks", class: "x86_64:vendor", version: "1.0-1", required: true, endpoints: 1, signer: "" },
    ]);
    expect(
      endpoints.map(({ endpoint, version, targetVersion, drift }) => [endpoint, version, targetVersion, drift]),
    ).toEqual([
      ["atlas", "2.0-1", "2.0-1", DriftKind.UNSPECIFIED],
      ["borealis", "1.0-1", "2.0-1", DriftKind.OLDER],
      ["quiet", "", "", DriftKind.UNSPECIFIED],
      ["zephyr", "", "1.0-1", DriftKind.MISSING],
    ]);
    expect(endpoints.map(({ why }) => why)).toEqual([
      "",
      "older than what the target's repositories have",
      "it has not reported its packages yet",
      "not installed, and shared by the whole pool",
    ]);
  });

  it("agrees with the drift of every endpoint about every package that differs", async () => {
    for (const endpoint of ["atlas", "borealis", "zephyr"]) {
      const { items } = await server.admin.endpoints.getDrift({ endpoint });
      for (const { name, kind, why } of items) {
        const { endpoints } = await ask(name);
        expect(endpoints.find((one) => one.endpoint === endpoint)).toMatchObject({ drift: kind, why });
      }
    }
  });

  it("counts rules: what is held here is no drift there", async () => {
    const scope = { scope: { $case: "endpoint" as const, value: "borealis" } };
    const { rule } = await server.admin.policies.addRule({ kind: PolicyKind.HOLD, scope, pattern: "app" });
    await eventually("the hold to count", async () => {
      const { endpoints } = await ask("app");
      return endpoints.find((one) => one.endpoint === "borealis")?.drift === DriftKind.HELD ? true : undefined;
    });
    await server.admin.policies.removeRule({ id: rule?.id ?? "" });
  });

  it("takes every pool when none is named, and says which have no target", async () => {
    const found = decodePackage(await ask("app", { pool: "" }));
    expect(found.total).toBe(5);
    expect(found.builds.map(({ version, endpoints }) => [version, endpoints])).toEqual([
      ["2.0-1", 1],
      ["1.0-1", 2],
    ]);
    expect(found.endpoints.find(({ endpoint }) => endpoint === "cygnus")).toMatchObject({
      pool: "lonely",
      version: "1.0-1",
      drift: undefined,
      why: "its pool has no target yet",
    });
  });

  it("comes in pages of endpoints, with what is said once on the first", async () => {
    const names: string[] = [];
    let pageToken = "";
    do {
      const page = await ask("app", { pageSize: 3, pageToken });
      expect(page.totalEndpoints).toBe(4);
      expect(page.builds.length > 0).toBe(pageToken === "");
      names.push(...page.endpoints.map(({ endpoint }) => endpoint));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(names).toEqual(["atlas", "borealis", "quiet", "zephyr"]);
  });

  it("finds nothing under a part of a name, nor under a name that nobody has", async () => {
    for (const name of ["ap", "lib32-glib", "no-such-package"]) {
      const { builds, wants, without } = await ask(name);
      expect(builds).toEqual([]);
      expect(wants.map(({ version }) => version)).toEqual(["", ""]);
      expect(without).toBe(3);
    }
  });

  it("is answered to viewers, and refuses what is no name, no pool, no token", async () => {
    const viewer = await server.as("viewer");
    expect((await viewer.analyses.getPackage({ name: "app" })).name).toBe("app");
    expect(await reasonOf(ask("../app"))).toBe("INVALID_FIELD");
    expect(await reasonOf(ask("app", { pool: "nowhere" }))).toBe("POOL_NOT_FOUND");
    expect(await reasonOf(ask("app", { pageToken: "x" }))).toBe("INVALID_FIELD");
    expect(await reasonOf(server.connect().analyses.getPackage({ name: "app" }))).toBe("UNAUTHENTICATED");
  });

  it("agrees with the drift in mode mirror too, where packages are extra and missing", async () => {
    await server.admin.pools.createPool({ name: "kiosks", mode: TargetMode.MIRROR });
    await settled(server, "kiosk-1", world.atlas, "kiosks");
    await settled(server, "kiosk-2", { ...world.borealis, packages: world.borealis.packages.slice(1) }, "kiosks");
    await server.admin.targets.setLatest({ endpoint: "kiosk-1" });
    const { items } = await server.admin.endpoints.getDrift({ endpoint: "kiosk-2" });
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining([DriftKind.EXTRA, DriftKind.MISSING]));
    for (const { name, kind, why, targetVersion } of items) {
      const { endpoints, wants } = await ask(name, { pool: "kiosks" });
      expect(endpoints.find((one) => one.endpoint === "kiosk-2")).toMatchObject({ drift: kind, why });
      expect(wants.map(({ version, required }) => [version, required])).toEqual([
        [targetVersion, targetVersion !== ""],
      ]);
    }
  });
});
