import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConflictMode } from "../../../proto/generated/pacpool/v1/policy.ts";
import { poolWithTarget } from "../../support/operation-world.ts";
import { toldPolicy } from "../../support/policy-world.ts";
import { openServer, reasonOf, type TestServer } from "../../support/server.ts";

describe("UpdatePool, policy", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it("starts with the target winning, downgrades allowed, and no word on consent", async () => {
    const { pool } = await server.admin.pools.createPool({ name: "fresh" });
    expect(pool).toMatchObject({
      conflicts: ConflictMode.USE_TARGET,
      allowDowngrade: true,
      apply: "",
      reboot: "",
      windows: [],
      missedWindow: "",
    });
  });

  it("changes what is said, leaves the rest, takes words back, and tells the agents", async () => {
    const agent = await poolWithTarget(server, "a");
    const update = async (more: object) => (await server.admin.pools.updatePool({ pool: "a", ...more })).pool;
    const said = {
      conflicts: ConflictMode.NEWEST,
      allowDowngrade: false,
      apply: "window",
      reboot: "ask",
      missedWindow: "next",
    };
    const windows = ["Sat 02:00-04:00", "daily 03:00-05:00"];
    expect(await update({ ...said, windows: { windows } })).toMatchObject({ ...said, windows });
    const told = await toldPolicy(agent, "");
    expect(told).toMatchObject({
      refuseDowngrades: true,
      apply: "window",
      reboot: "ask",
      windows,
      missedWindow: "next",
    });
    expect(await update({ description: "desks" })).toMatchObject({ ...said, windows, description: "desks" });
    expect(await update({ apply: "", reboot: "", missedWindow: "", windows: { windows: [] } })).toMatchObject({
      allowDowngrade: false,
      apply: "",
      windows: [],
    });
    expect(await toldPolicy(agent, told.digest)).toMatchObject({ refuseDowngrades: true, apply: "", windows: [] });
  });

  it("says nothing again to an agent that comes back with the same policy, and says it to one that lost it", async () => {
    const agent = await poolWithTarget(server, "b");
    await server.admin.pools.updatePool({ pool: "b", allowDowngrade: false });
    const { digest } = await toldPolicy(agent, "");
    const again = await server.agent("b-again", agent.machine, "b");
    await again.settle({ targetRevision: 1n, policyDigest: digest });
    await again.heartbeat(1n);
    await server.admin.pools.listPools({});
    const told = () => again.heard.filter(({ body }) => body?.$case === "targetState");
    expect(told()).toHaveLength(0);
    const lost = await server.agent("b-lost", agent.machine, "b");
    await lost.settle({ targetRevision: 1n, policyDigest: "" });
    expect((await lost.next("targetState")).policy?.digest).toBe(digest);
  });

  it("refuses words and windows that nobody understands", async () => {
    await server.admin.pools.createPool({ name: "c" });
    const update = (more: object) => reasonOf(server.admin.pools.updatePool({ pool: "c", ...more }));
    expect(await update({ apply: "sometimes" })).toBe("INVALID_FIELD");
    expect(await update({ reboot: "auto" })).toBe("INVALID_FIELD");
    expect(await update({ missedWindow: "never" })).toBe("INVALID_FIELD");
    expect(await update({ windows: { windows: ["whenever"] } })).toBe("INVALID_FIELD");
    expect(await update({ windows: { windows: Array.from({ length: 65 }, () => "daily 03:00-05:00") } })).toBe(
      "TOO_LARGE",
    );
  });
});
