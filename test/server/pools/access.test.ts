import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatKey, hashSecret, makeSecret, parseKey } from "../../../rpc/keys.ts";
import { makeAccessOperations } from "../../../server/operations/access/access-operations.ts";
import { by, CURRENT, type Fleet, openFleet } from "./fleet.ts";

describe("keys", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  it("makes one first administrator, however many servers start at once", async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => fleet.access.ensureAdministratorKey()));
    const keys = made.filter((key) => key !== undefined);
    expect(keys).toHaveLength(1);
    expect(await fleet.access.authenticate(keys[0] ?? "")).toMatchObject({ kind: "operator", role: "administrator" });
    expect(await fleet.access.ensureAdministratorKey()).toBeUndefined();
    const [last] = await fleet.access.listKeys();
    await expect(fleet.access.revokeKey({ ...by(), id: last?.id ?? "" })).rejects.toMatchObject({
      reason: "INVALID_FIELD",
    });
  });

  it("knows who has a key, keeps only its hash, and notes that it was used", async () => {
    const { key, secret } = await fleet.access.createKey({ ...by(), name: "Grace", role: "viewer" });
    expect(key).toMatchObject({ name: "Grace", role: "viewer", revoked: false, lastUsedAt: undefined });
    expect(await fleet.access.authenticate(secret)).toEqual({
      kind: "operator",
      id: key.id,
      name: "Grace",
      role: "viewer",
    });
    const rows = await fleet.store.database.query("select * from access_key");
    expect(JSON.stringify(rows)).not.toContain(parseKey(secret)?.secret);
    expect((await fleet.access.listKeys())[0]?.lastUsedAt).toBeInstanceOf(Date);
  });

  it("answers a retry with the same key and a secret that works", async () => {
    const first = await fleet.access.createKey({ ...by("k-1"), name: "Linus", role: "operator" });
    const again = await fleet.access.createKey({ ...by("k-1"), name: "Linus", role: "operator" });
    expect(again.key.id).toBe(first.key.id);
    expect(await fleet.access.authenticate(again.secret)).toMatchObject({ id: first.key.id });
    await expect(fleet.access.authenticate(first.secret)).rejects.toMatchObject({ reason: "WRONG_KEY" });
  });

  it("refuses a revoked key at once, and on another server within seconds", async () => {
    let now = 0;
    const other = makeAccessOperations(fleet.store, { formatKey, parseKey, makeSecret, hashSecret }, () => now);
    const { key, secret } = await fleet.access.createKey({ ...by(), name: "Short", role: "operator" });
    await fleet.access.authenticate(secret);
    await other.authenticate(secret);
    await fleet.access.revokeKey({ ...by("v-1"), id: key.id });
    await fleet.access.revokeKey({ ...by("v-1"), id: key.id });
    await expect(fleet.access.authenticate(secret)).rejects.toMatchObject({ reason: "WRONG_KEY" });
    expect(await other.authenticate(secret)).toMatchObject({ id: key.id });
    now = 5_001;
    await expect(other.authenticate(secret)).rejects.toMatchObject({ reason: "WRONG_KEY" });
    await expect(fleet.access.revokeKey({ ...by(), id: "nobody" })).rejects.toMatchObject({ reason: "INVALID_FIELD" });
  });

  it("refuses what is no key, a key of nobody, a wrong secret and a token", async () => {
    const { secret } = await fleet.access.createKey({ ...by(), name: "Right", role: "operator" });
    const { token } = await fleet.access.createToken({ ...by(), pool: undefined, uses: 1, validForMs: 1_000 });
    const forged = secret.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    await fleet.access.authenticate(secret);
    for (const wrong of [
      "hello",
      `ppk_${"a".repeat(10)}_${"0".repeat(40)}`,
      `ppe_not-a-uuid_${"0".repeat(40)}`,
      forged,
      token,
    ]) {
      await expect(fleet.access.authenticate(wrong)).rejects.toMatchObject({ reason: "WRONG_KEY" });
    }
  });
});

describe("enrolment", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await openFleet();
    await fleet.createPool("desks");
    await fleet.createPool("racks");
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  const token = async (more: { pool?: string; uses?: number; validForMs?: number } = {}) =>
    (await fleet.access.createToken({ ...by(), pool: undefined, uses: 1, validForMs: 60_000, ...more })).token;
  const enrol = (input: Partial<Parameters<Fleet["access"]["enrol"]>[0]> & { readonly token: string }) =>
    fleet.access.enrol({ idempotencyKey: undefined, name: "someone", pool: undefined, replace: false, ...input });

  it("puts a machine into the token's pool, or the one that it asks for, and gives it a key", async () => {
    const first = await enrol({ token: await token(), name: "one" });
    expect(first).toMatchObject({ name: "one", pool: "unassigned" });
    expect(await fleet.access.authenticate(first.key)).toEqual({ kind: "endpoint", endpointId: first.endpointId });
    expect((await enrol({ token: await token({ pool: "desks" }), name: "two" })).pool).toBe("desks");
    expect((await enrol({ token: await token(), name: "three", pool: "racks" })).pool).toBe("racks");
    expect((await fleet.pools.getPool("desks")).counts.unknown).toBe(1);
    expect(await fleet.endpoints.getEndpoint("two")).toMatchObject({
      status: "unknown",
      reasons: ["no report has arrived yet"],
    });
  });

  it("lets one of many through that use a token at once", async () => {
    const raced = await token({ pool: "racks" });
    const calls = Array.from({ length: 6 }, (_, at) => enrol({ token: raced, name: `raced-${String(at)}` }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ reason: "TOKEN_USED" });
  });

  it("gives one endpoint to many who come with one name at once, in whatever pool", async () => {
    const open = await token({ uses: 9 });
    const pools = ["desks", "racks", "desks", "racks"];
    const outcomes = await Promise.allSettled(pools.map((pool) => enrol({ token: open, name: "same", pool })));
    expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    for (const one of outcomes)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ reason: "ENDPOINT_EXISTS" });
  });

  it("answers a retry with the same endpoint and a key that works, and counts one use", async () => {
    const once = { token: await token(), name: "retried", idempotencyKey: "e-1" };
    const first = await enrol(once);
    const again = await enrol(once);
    expect(again.endpointId).toBe(first.endpointId);
    expect(await fleet.access.authenticate(again.key)).toMatchObject({ endpointId: first.endpointId });
    await expect(enrol({ ...once, name: "other" })).rejects.toMatchObject({ reason: "INVALID_FIELD" });
  });

  it("refuses used, expired and unknown tokens, and pools that are not there; a refusal takes no use", async () => {
    const last = await token();
    await expect(enrol({ token: last, name: "x", pool: "nowhere" })).rejects.toMatchObject({
      reason: "POOL_NOT_FOUND",
    });
    await expect(enrol({ token: last, name: "one" })).rejects.toMatchObject({
      reason: "ENDPOINT_EXISTS",
      metadata: { endpoint: "one" },
    });
    await enrol({ token: last, name: "last" });
    await expect(enrol({ token: last, name: "late" })).rejects.toMatchObject({ reason: "TOKEN_USED" });
    const short = await token({ validForMs: 1 });
    await expect
      .poll(() => enrol({ token: short, name: "slow" }).catch((error: unknown) => error))
      .toMatchObject({ reason: "TOKEN_EXPIRED" });
    for (const wrong of [
      "",
      "hello",
      `ppt_${"a".repeat(10)}_${"0".repeat(40)}`,
      last.replace(/.$/, (end) => (end === "0" ? "1" : "0")),
    ]) {
      await expect(enrol({ token: wrong })).rejects.toMatchObject({ reason: "WRONG_KEY" });
    }
  });

  it("lets a reinstalled machine take its name over: the same endpoint, another key, no old operation", async () => {
    const first = await enrol({ token: await token({ pool: "desks" }), name: "again" });
    await fleet.report("again", { ...CURRENT, degradedBecause: ["interrupted"] });
    await fleet.operate("again", "running");
    await fleet.access.authenticate(first.key);
    const second = await enrol({ token: await token(), name: "again", replace: true });
    expect(second).toMatchObject({ endpointId: first.endpointId, pool: "desks" });
    await expect(fleet.access.authenticate(first.key)).rejects.toMatchObject({ reason: "WRONG_KEY" });
    expect(await fleet.access.authenticate(second.key)).toMatchObject({ endpointId: first.endpointId });
    expect(await fleet.endpoints.getEndpoint("again")).toMatchObject({ operationId: "", status: "unknown" });
    const moved = await enrol({ token: await token(), name: "again", replace: true, pool: "racks" });
    expect(moved).toMatchObject({ endpointId: first.endpointId, pool: "racks" });
  });
});
