import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BEHIND, by, CURRENT, type Fleet, latest, openFleet } from "./fleet.ts";

describe("targets", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const setLatest = (endpoint: string, more: Partial<Parameters<Fleet["targets"]["setLatest"]>[0]> = {}) =>
    fleet.targets.setLatest({ ...by(), ...latest, endpoint, ...more });

  const statuses = async (pool: string) => {
    const { items } = await fleet.endpoints.listEndpoints(pool, { size: 100, token: undefined });
    return Object.fromEntries(items.map((one) => [one.name, one.status]));
  };

  it("compares every endpoint of the pool with the new target in the same revision", async () => {
    const { id: poolId } = await fleet.createPool("desks");
    await fleet.settled("source", "desks", CURRENT);
    await fleet.settled("old", "desks", BEHIND);
    await fleet.settled("newer", "desks", { ...CURRENT, packages: ["app 3-1", "lib 2-1"] });
    await fleet.settled("mixed", "desks", { ...CURRENT, packages: ["app 3-1", "lib 1-1"] });
    await fleet.enrol("quiet", "desks");
    expect(new Set(Object.values(await statuses("desks")))).toEqual(new Set(["unknown"]));
    const { target, poolRevision } = await setLatest("source", { message: "May" });
    expect(target).toMatchObject({
      revision: 1,
      mode: "versions",
      author: "Ada",
      message: "May",
      sourceEndpoint: "source",
    });
    expect(await statuses("desks")).toEqual({
      source: "in-sync",
      old: "behind",
      newer: "ahead",
      mixed: "diverged",
      quiet: "unknown",
    });
    const pool = await fleet.pools.getPool("desks");
    expect(pool).toMatchObject({ revision: poolRevision, endpoints: 5, target: { revision: 1 } });
    expect(pool.counts).toMatchObject({ "in-sync": 1, behind: 1, ahead: 1, diverged: 1, unknown: 1 });
    const [event] = await fleet.store.database.query<{ refs: readonly { kind: string }[] }>(
      "select refs from pool_event where pool_id = $1 and revision = $2",
      [poolId, poolRevision],
    );
    expect(event?.refs.map((ref) => ref.kind).toSorted()).toEqual([...Array(4).fill("endpoint"), "pool"]);
    expect((await fleet.endpoints.getEndpoint("old")).reasons).toEqual(["2 packages older"]);
  });

  it("gives the drift that the status was made of", async () => {
    const { drift, targetRevision } = await fleet.endpoints.getDrift("mixed");
    expect(targetRevision).toBe(1);
    expect(drift.items.map((item) => [item.name, item.kind])).toEqual([
      ["app", "newer"],
      ["lib", "older"],
    ]);
    expect((await fleet.endpoints.getEndpoint("mixed")).counts).toEqual(drift.counts);
    await expect(fleet.endpoints.getDrift("quiet")).rejects.toMatchObject({ reason: "NO_REPORT" });
  });

  it("keeps the shared names unless others are given", async () => {
    expect((await setLatest("source", { shared: ["tool", "app", "tool"] })).target.shared).toEqual(["app", "tool"]);
    expect((await setLatest("source")).target.shared).toEqual(["app", "tool"]);
    expect((await fleet.endpoints.getEndpoint("source")).reasons).toEqual(["1 package missing"]);
    expect((await setLatest("source", { shared: ["lib"] })).target.shared).toEqual(["lib"]);
  });

  it("makes one target of many retries at once, and refuses the key for anything else", async () => {
    const calls = Array.from({ length: 5 }, () => setLatest("source", by("s-1")));
    const made = await Promise.all(calls);
    expect(new Set(made.map((one) => `${String(one.target.revision)} ${String(one.poolRevision)}`)).size).toBe(1);
    await expect(setLatest("source", { ...by("s-1"), message: "other" })).rejects.toMatchObject({
      reason: "INVALID_FIELD",
    });
  });

  it("is compare-and-set when a revision is expected", async () => {
    const { target } = await setLatest("source");
    await setLatest("source", { expectedTargetRevision: target.revision });
    const late = setLatest("source", { expectedTargetRevision: target.revision });
    await expect(late).rejects.toMatchObject({
      reason: "STALE_REVISION",
      metadata: { expected: String(target.revision), actual: String(target.revision + 1) },
    });
  });

  it("refuses a source that is partially upgraded, naming what differs, until that becomes a pin", async () => {
    const partial = { ...CURRENT, packages: ["app 1.5-1", "lib 2-1", "tool 1-1 @7"] };
    await fleet.settled("partial", "desks", partial);
    await expect(setLatest("partial", { pins: ["tool"] })).rejects.toMatchObject({
      reason: "SOURCE_PARTIALLY_UPGRADED",
      metadata: { endpoint: "partial", details: "app 1.5-1 (its view has 2-1)" },
    });
    expect([...(await setLatest("partial", { pins: ["app", "tool"] })).target.pins]).toEqual([
      ["app", "1.5-1"],
      ["tool", "1-1"],
    ]);
    expect((await setLatest("partial", { pinAll: true })).target.pins.size).toBe(2);
  });

  it("imposes no version that the source only holds", async () => {
    await fleet.report("partial", { ...CURRENT, packages: ["app 1.5-1", "lib 2-1"], held: ["app"] });
    expect((await setLatest("partial")).target.pins.size).toBe(0);
    expect((await setLatest("partial", { pins: ["app"] })).target.pins.get("app")).toBe("1.5-1");
  });

  it("refuses pins of what is not installed or in no repository", async () => {
    await fleet.report("partial", { ...CURRENT, packages: [...CURRENT.packages, "aur-thing 1-1"] });
    for (const pin of ["nothing", "aur-thing"]) {
      await expect(setLatest("partial", { pins: [pin] })).rejects.toMatchObject({
        metadata: { field: "pins", value: pin },
      });
    }
  });

  it("refuses a source that is degraded, without a report, or whose databases are not there", async () => {
    await fleet.report("partial", { ...CURRENT, degradedBecause: ["the proof found a missing file"] });
    expect((await fleet.endpoints.getEndpoint("partial")).status).toBe("degraded");
    await expect(setLatest("partial")).rejects.toMatchObject({ reason: "SOURCE_DEGRADED" });
    await expect(setLatest("quiet")).rejects.toMatchObject({ reason: "NO_REPORT" });
    await fleet.report("quiet", {
      packages: ["x 1-1"],
      repository: [{ name: "x", version: "1-1" }],
      withoutFiles: true,
    });
    await expect(setLatest("quiet")).rejects.toMatchObject({ reason: "NO_REPORT" });
    await expect(setLatest("nobody")).rejects.toMatchObject({ reason: "ENDPOINT_NOT_FOUND" });
  });

  it("shows bad health and a foreign class as blocked, an operation as syncing", async () => {
    await fleet.settled("sick", "desks", { ...CURRENT, healthProblems: ["the entry of lib is torn"] });
    await fleet.settled("arm", "desks", { ...CURRENT, architecture: "aarch64" });
    await fleet.settled("busy", "desks", BEHIND);
    await fleet.operate("busy", "running");
    const [sick, arm, busy] = await Promise.all(["sick", "arm", "busy"].map(fleet.endpoints.getEndpoint));
    expect([sick?.status, sick?.reasons[0]]).toEqual(["blocked", "the entry of lib is torn"]);
    expect(arm).toMatchObject({ status: "blocked", reasons: [expect.stringContaining("aarch64:core")] });
    expect(busy?.status).toBe("syncing");
    await expect(fleet.endpoints.getDrift("arm")).rejects.toMatchObject({ reason: "CLASS_UNKNOWN" });
  });

  it("survives a database that cannot be read, and calls its endpoint unknown", async () => {
    await fleet.createPool("damaged");
    await fleet.settled("good", "damaged", CURRENT);
    await fleet.settled("bad", "damaged", { packages: ["x 1-1"], repository: [], withoutFiles: true });
    const broken = Buffer.from("this is no tar archive, whatever its length may be".repeat(40));
    const { sha256Of } = await import("../../../server/operations/content.ts");
    const sha256 = sha256Of(broken);
    await fleet.store.artifacts.write(sha256, broken.length, bytesOf(broken));
    await fleet.store.database.query(
      "update view set databases = jsonb_build_array(jsonb_build_object('repository', 'core', 'sha256', $1::text, 'size', 1)) where digest = $2",
      [sha256, (await fleet.endpoints.getEndpoint("bad")).viewDigest],
    );
    await setLatest("good");
    expect(await statuses("damaged")).toEqual({ good: "in-sync", bad: "unknown" });
  });
});

async function* bytesOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

describe("the history of targets", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
    await fleet.createPool("desks");
    await fleet.settled("old", "desks", BEHIND);
    await fleet.settled("new", "desks", CURRENT);
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: "old", message: "good" });
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: "new", message: "regretted" });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const restore = (more: Partial<Parameters<Fleet["targets"]["restoreTarget"]>[0]> = {}) =>
    fleet.targets.restoreTarget({
      ...by(),
      pool: "desks",
      revision: undefined,
      markBad: false,
      message: "",
      expectedTargetRevision: undefined,
      ...more,
    });

  it("tells what changes from one target to another, both ways", async () => {
    const there = await fleet.targets.diffTargets("desks", 1, undefined);
    expect(there.map((item) => [item.name, item.kind, item.installed, item.wanted])).toEqual([
      ["app", "older", "1-1", "2-1"],
      ["lib", "older", "1-1", "2-1"],
    ]);
    expect((await fleet.targets.diffTargets("desks", 2, 1)).map((item) => item.kind)).toEqual(["newer", "newer"]);
    expect(await fleet.targets.diffTargets("desks", 2, 2)).toEqual([]);
    await expect(fleet.targets.diffTargets("desks", 9, 1)).rejects.toMatchObject({ reason: "TARGET_NOT_FOUND" });
  });

  it("repeats the newest good target before the present one, and marks the present one bad", async () => {
    const { target } = await restore({ ...by("r-1"), markBad: true, message: "back" });
    expect(target).toMatchObject({
      revision: 3,
      restoresRevision: 1,
      bad: false,
      message: "back",
      sourceEndpoint: "old",
    });
    expect((await restore({ ...by("r-1"), markBad: true, message: "back" })).target.revision).toBe(3);
    expect((await fleet.targets.getTarget("desks", 2)).target.bad).toBe(true);
    expect((await fleet.endpoints.getEndpoint("old")).status).toBe("in-sync");
    expect((await fleet.endpoints.getEndpoint("new")).status).toBe("ahead");
    expect((await restore()).target.restoresRevision).toBe(1);
  });

  it("repeats a named revision, compare-and-set, and refuses what is not there", async () => {
    await expect(restore({ revision: 2, expectedTargetRevision: 2 })).rejects.toMatchObject({
      reason: "STALE_REVISION",
    });
    expect((await restore({ revision: 2, expectedTargetRevision: 4 })).target).toMatchObject({
      revision: 5,
      bad: false,
    });
    await expect(restore({ revision: 9 })).rejects.toMatchObject({ reason: "TARGET_NOT_FOUND" });
    await expect(restore({ revision: 5 })).rejects.toMatchObject({ reason: "INVALID_FIELD" });
    await fleet.createPool("young");
    await expect(restore({ pool: "young" })).rejects.toMatchObject({ reason: "NO_TARGET" });
    await expect(restore({ pool: "nowhere" })).rejects.toMatchObject({ reason: "POOL_NOT_FOUND" });
  });

  it("lists newest first, in pages", async () => {
    const first = await fleet.targets.listTargets("desks", { size: 3, token: undefined });
    const second = await fleet.targets.listTargets("desks", { size: 3, token: first.nextToken });
    expect([...first.items, ...second.items].map((target) => target.revision)).toEqual([5, 4, 3, 2, 1]);
    expect(second.nextToken).toBeUndefined();
    const wrong = fleet.targets.listTargets("desks", { size: 3, token: "bm90IG91cnM" });
    await expect(wrong).rejects.toMatchObject({ metadata: { field: "page_token" } });
    await expect(fleet.targets.getTarget("young", undefined)).rejects.toMatchObject({ reason: "NO_TARGET" });
  });
});
