import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BEHIND, by, CURRENT, type Fleet, latest, openFleet } from "./fleet.ts";

describe("pools", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const update = (more: Partial<Parameters<Fleet["pools"]["updatePool"]>[0]> & { readonly pool: string }) =>
    fleet.pools.updatePool({
      ...by(),
      name: undefined,
      description: undefined,
      mode: undefined,
      expectedRevision: undefined,
      ...more,
    });

  it("makes one pool of many retries at once, and refuses a name that is taken", async () => {
    const input = { ...by("p-1"), name: "once", mode: "versions", description: "d" } as const;
    const made = await Promise.all(Array.from({ length: 6 }, () => fleet.pools.createPool(input)));
    expect(new Set(made.map((pool) => pool.id)).size).toBe(1);
    expect(made[0]).toMatchObject({ name: "once", revision: 1, endpoints: 0, target: undefined });
    await expect(fleet.createPool("once")).rejects.toMatchObject({ reason: "POOL_EXISTS", metadata: { pool: "once" } });
    await expect(fleet.pools.createPool({ ...input, description: "e" })).rejects.toMatchObject({
      reason: "INVALID_FIELD",
    });
  });

  it("takes one revision per change and none when nothing changes", async () => {
    const { revision } = await fleet.createPool("plain");
    expect((await update({ pool: "plain", description: "new" })).revision).toBe(revision + 1);
    expect((await update({ pool: "plain", description: "new" })).revision).toBe(revision + 1);
    const late = update({ pool: "plain", description: "late", expectedRevision: revision });
    await expect(late).rejects.toMatchObject({ reason: "STALE_REVISION", metadata: { expected: "1", actual: "2" } });
    expect(await update({ pool: "plain", mode: "mirror", expectedRevision: revision + 1 })).toMatchObject({
      mode: "mirror",
    });
  });

  it("renames with the same answer to a retry under the old name", async () => {
    await fleet.createPool("before");
    await fleet.enrol("inside", "before");
    const rename = { ...by("u-1"), pool: "before", name: "after" };
    const { revision } = await update(rename);
    expect(await update(rename)).toMatchObject({ name: "after", revision });
    expect(await fleet.endpoints.getEndpoint("inside")).toMatchObject({ pool: "after" });
    await expect(update({ pool: "after", name: "once" })).rejects.toMatchObject({ reason: "POOL_EXISTS" });
    await expect(update({ pool: "unassigned", name: "x" })).rejects.toMatchObject({ reason: "INVALID_FIELD" });
  });

  it("deletes a pool that is empty, and never the one for new endpoints", async () => {
    await expect(fleet.pools.deletePool({ ...by(), pool: "after" })).rejects.toMatchObject({
      reason: "POOL_NOT_EMPTY",
    });
    await fleet.endpoints.moveEndpoint({ ...by(), endpoint: "inside", pool: "plain" });
    await fleet.pools.deletePool({ ...by("d-1"), pool: "after" });
    await fleet.pools.deletePool({ ...by("d-1"), pool: "after" });
    await expect(fleet.pools.getPool("after")).rejects.toMatchObject({ reason: "POOL_NOT_FOUND" });
    await expect(fleet.pools.deletePool({ ...by(), pool: "unassigned" })).rejects.toMatchObject({
      reason: "INVALID_FIELD",
    });
  });

  it("lists by name, in pages", async () => {
    const first = await fleet.pools.listPools({ size: 2, token: undefined });
    const second = await fleet.pools.listPools({ size: 2, token: first.nextToken });
    expect([...first.items, ...second.items].map((pool) => pool.name)).toEqual(["once", "plain", "unassigned"]);
    expect(second.nextToken).toBeUndefined();
  });

  it("rings for a change and not for a retry", async () => {
    const rings: string[] = [];
    using _listening = fleet.store.bell.onRing((poolId) => rings.push(poolId));
    const { id } = await fleet.pools.createPool({ ...by("b-1"), name: "bell", mode: "versions", description: "" });
    await fleet.pools.createPool({ ...by("b-1"), name: "bell", mode: "versions", description: "" });
    await update({ pool: "bell", description: "" });
    expect(rings).toEqual([id]);
  });
});

describe("endpoints", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
    await fleet.createPool("here");
    await fleet.createPool("there");
    await fleet.settled("source", "there", CURRENT);
    await fleet.targets.setLatest({ ...by(), ...latest, endpoint: "source" });
    await fleet.settled("moves", "here", BEHIND);
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  it("compares a moved endpoint with its new pool's target and tells both pools", async () => {
    expect((await fleet.endpoints.getEndpoint("moves")).reasons).toEqual(["pool here has no target yet"]);
    const { id, poolId } = await fleet.endpoints.getEndpoint("moves");
    const move = { ...by("m-1"), endpoint: "moves", pool: "there" };
    const moved = await fleet.endpoints.moveEndpoint(move);
    expect(moved).toMatchObject({ pool: "there", status: "behind", reasons: ["2 packages older"] });
    const { revision } = await fleet.pools.getPool("there");
    await fleet.endpoints.moveEndpoint(move);
    await fleet.endpoints.moveEndpoint({ ...by(), endpoint: id, pool: "there" });
    expect((await fleet.pools.getPool("there")).revision).toBe(revision);
    const events = await fleet.store.database.query<{ refs: unknown }>(
      "select refs from pool_event where pool_id = any($1::uuid[]) order by xid desc, revision desc limit 2",
      [[poolId, moved.poolId]],
    );
    expect(JSON.stringify(events)).toContain(`{"id":"${id}","kind":"removed-endpoint"}`);
    expect(JSON.stringify(events)).toContain(`{"id":"${id}","kind":"endpoint"}`);
  });

  it("does not move an endpoint while an operation of its pool is open", async () => {
    const operation = await fleet.operate("moves", "queued");
    const move = fleet.endpoints.moveEndpoint({ ...by(), endpoint: "moves", pool: "here" });
    await expect(move).rejects.toMatchObject({
      reason: "OPERATION_RUNNING",
      metadata: { operation, endpoint: "moves" },
    });
    expect((await fleet.endpoints.getEndpoint("moves")).operationId).toBe(operation);
  });

  it("sets and clears labels, and bounds how many there are", async () => {
    const label = (set: Record<string, string>, clear: readonly string[] = []) =>
      fleet.endpoints.labelEndpoint({ ...by(), endpoint: "source", set, clear });
    await label({ room: "attic", canary: "" });
    expect((await label({ room: "cellar" }, ["canary", "never"])).labels).toEqual({ room: "cellar" });
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`l${String(at)}`, ""]));
    await expect(label(many)).rejects.toMatchObject({ reason: "TOO_LARGE" });
  });

  it("gives the set as reported", async () => {
    const { digest, set } = await fleet.endpoints.getPackageSet("source");
    expect(set.packages.map((one) => `${one.name} ${one.version}`)).toEqual(CURRENT.packages);
    expect((await fleet.endpoints.getEndpoint("source")).digest).toBe(digest);
  });

  it("forgets a removed endpoint with its operations; its targets keep its name, its key opens nothing", async () => {
    const { token } = await fleet.access.createToken({ ...by(), pool: undefined, uses: 1, validForMs: 60_000 });
    const { key } = await fleet.access.enrol({
      idempotencyKey: undefined,
      token,
      name: "moves",
      pool: undefined,
      replace: true,
    });
    await fleet.access.authenticate(key);
    await fleet.operate("moves", "queued");
    const remove = { ...by("r-1"), endpoint: "moves" };
    await fleet.endpoints.removeEndpoint(remove);
    await fleet.endpoints.removeEndpoint(remove);
    await expect(fleet.access.authenticate(key)).rejects.toMatchObject({ reason: "WRONG_KEY" });
    await expect(fleet.endpoints.getEndpoint("moves")).rejects.toMatchObject({ reason: "ENDPOINT_NOT_FOUND" });
    await fleet.endpoints.removeEndpoint({ ...by(), endpoint: "source" });
    const { target } = await fleet.targets.getTarget("there", undefined);
    expect(target).toMatchObject({ sourceEndpoint: "source", sourceEndpointId: "" });
    expect((await fleet.pools.getPool("there")).endpoints).toBe(0);
  });

  it("lists by name, of one pool or of all, in pages", async () => {
    for (const name of ["c", "a", "b"]) await fleet.enrol(name, name === "b" ? "here" : undefined);
    const first = await fleet.endpoints.listEndpoints(undefined, { size: 2, token: undefined });
    const second = await fleet.endpoints.listEndpoints(undefined, { size: 2, token: first.nextToken });
    expect([...first.items, ...second.items].map((one) => one.name)).toEqual(["a", "b", "c"]);
    const { items } = await fleet.endpoints.listEndpoints("here", { size: 9, token: undefined });
    expect(items.map((one) => one.name)).toEqual(["b"]);
  });
});
