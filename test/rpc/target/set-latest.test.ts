import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TargetMode } from "../../../proto/generated/pacpool/v1/target.ts";
import { digestOf, installed } from "../../support/fake-agent.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";
import { BEHIND, CURRENT, hasReported, settled } from "../../support/two-moments.ts";

describe("SetLatest", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
    await server.admin.pools.createPool({ name: "desks" });
    await settled(server, "source", CURRENT, "desks");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("makes this moment of a machine the newest target of its pool", async () => {
    const { target, poolRevision } = await server.admin.targets.setLatest({
      endpoint: "source",
      message: "Tuesday's upgrade\nwith a second line",
      shared: ["app"],
    });
    expect(target).toMatchObject({
      revision: 1n,
      mode: TargetMode.VERSIONS,
      sourceEndpoint: "source",
      author: expect.any(String),
      message: "Tuesday's upgrade\nwith a second line",
      shared: ["app"],
      bad: false,
      pins: [],
    });
    expect(target?.packageSetDigest).toBe(digestOf(CURRENT.packages));
    const { pool } = await server.admin.pools.getPool({ pool: "desks" });
    expect(pool?.target).toEqual(target);
    expect(pool?.revision).toBeGreaterThanOrEqual(poolRevision);
  });

  it("keeps the shared names unless others are given", async () => {
    expect((await server.admin.targets.setLatest({ endpoint: "source" })).target?.shared).toEqual(["app"]);
    expect((await server.admin.targets.setLatest({ endpoint: "source", shared: ["lib"] })).target?.shared).toEqual([
      "lib",
    ]);
  });

  it("makes one target of many retries at once", async () => {
    const before = (await server.admin.targets.getTarget({ pool: "desks" })).target?.revision ?? 0n;
    const calls = Array.from({ length: 5 }, () =>
      server.admin.targets.setLatest({ endpoint: "source", idempotencyKey: "s-1" }),
    );
    const revisions = new Set((await Promise.all(calls)).map(({ target }) => target?.revision));
    expect([...revisions]).toEqual([before + 1n]);
  });

  it("refuses an idempotency key that was used for something else", async () => {
    await server.admin.targets.setLatest({ endpoint: "source", idempotencyKey: "s-2" });
    await expect(
      server.admin.targets.setLatest({ endpoint: "source", idempotencyKey: "s-2", message: "other" }),
    ).rejects.toThrow();
  });

  it("is compare-and-set when a target revision is expected", async () => {
    const revision = (await server.admin.targets.getTarget({ pool: "desks" })).target?.revision ?? 0n;
    await server.admin.targets.setLatest({ endpoint: "source", expectedTargetRevision: revision });
    expect(
      await reasonOf(server.admin.targets.setLatest({ endpoint: "source", expectedTargetRevision: revision })),
    ).toBe("STALE_REVISION");
  });

  it("refuses a source that is partially upgraded, unless what differs becomes a pin", async () => {
    const partial = { ...CURRENT, packages: [installed("app", "1.9-1"), installed("lib", "1.1-1")] };
    await settled(server, "partial", partial, "desks");
    const refused = server.admin.targets.setLatest({ endpoint: "partial" });
    await expect(refused).rejects.toMatchObject({
      reason: "SOURCE_PARTIALLY_UPGRADED",
      metadata: { details: expect.stringContaining("app") },
    });
    const pinned = await server.admin.targets.setLatest({ endpoint: "partial", pins: ["app"] });
    expect(pinned.target?.pins).toEqual([{ name: "app", version: "1.9-1" }]);
    expect((await server.admin.targets.setLatest({ endpoint: "partial", pinAll: true })).target?.pins).toEqual([
      { name: "app", version: "1.9-1" },
    ]);
  });

  it("refuses a machine that has not reported, one whose view is not whole, and one that is not there", async () => {
    await server.enrol("quiet", "desks");
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "quiet" }))).toBe("NO_REPORT");
    const half = await server.agent("half", BEHIND, "desks");
    await half.hello();
    await half.reportAll();
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "half" }))).toBe("NO_REPORT");
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "nobody" }))).toBe("ENDPOINT_NOT_FOUND");
  });

  it("refuses names that are none, a long message, and viewers", async () => {
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "source", pins: ["not a name"] }))).toBe(
      "INVALID_FIELD",
    );
    expect(
      await reasonOf(
        server.admin.targets.setLatest({ endpoint: "source", shared: Array.from({ length: 2_001 }, () => "a") }),
      ),
    ).toBe("TOO_LARGE");
    expect(await reasonOf(server.admin.targets.setLatest({ endpoint: "source", message: "x".repeat(501) }))).toBe(
      "INVALID_FIELD",
    );
    expect(await reasonOf((await server.as("viewer")).targets.setLatest({ endpoint: "source" }))).toBe(
      "PERMISSION_DENIED",
    );
  });

  it("shows a machine that moved on by itself as it is after its next report", async () => {
    const agent = await settled(server, "moves-on", BEHIND, "desks");
    agent.machine = CURRENT;
    await agent.reportView();
    await agent.reportAll();
    await hasReported(server, "moves-on", CURRENT);
    expect(
      (await server.admin.endpoints.getDrift({ endpoint: "moves-on" })).items.filter(({ name }) => name === "lib"),
    ).toEqual([]);
  });
});
