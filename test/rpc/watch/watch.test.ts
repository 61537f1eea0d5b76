import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OperationStep } from "../../../proto/generated/pacpool/v1/operation.ts";
import { poolWithTarget, started, taken } from "../../support/operation-world.ts";
import { nameOf, openServer, type TestServer } from "../../support/server.ts";
import { BEHIND, settled } from "../../support/two-moments.ts";
import { namesOf, Watching } from "../../support/watching.ts";

describe("Watch", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const makePool = async (name: string): Promise<string> =>
    (await server.admin.pools.createPool({ name })).pool?.id ?? "";

  it("begins with a snapshot of one moment and tells changes after it", async () => {
    const poolId = await makePool("snap");
    await server.enrol("snap-one", "snap");
    await using watching = new Watching(server.admin, { pools: ["snap"] });
    const end = await watching.next("snapshotEnd");
    const items = watching.events.flatMap((event) =>
      event.$case === "snapshotItem" && event.value.item !== undefined ? [event.value.item] : [],
    );
    expect(namesOf(items).toSorted()).toEqual(["endpoint snap-one", "pool snap"]);
    expect(end.poolId).toBe(poolId);
    expect(end.revision).toBe((await server.admin.pools.getPool({ pool: "snap" })).pool?.revision);
    await server.admin.endpoints.labelEndpoint({ endpoint: "snap-one", set: { a: "b" } });
    const batch = await watching.next("batch");
    expect(batch.revision).toBe(end.revision + 1n);
    expect(namesOf(batch.items)).toContain("endpoint snap-one");
  });

  it("tells a mutation in a revision that is at least the one that the mutation answered", async () => {
    await makePool("own-writes");
    await using watching = new Watching(server.admin, { pools: ["own-writes"] });
    await watching.next("snapshotEnd");
    const { pool } = await server.admin.pools.updatePool({ pool: "own-writes", description: "new" });
    const batch = await watching.next("batch", ({ revision }) => revision >= (pool?.revision ?? 0n));
    expect(batch.items.find(({ item }) => item?.$case === "pool")?.item?.value).toMatchObject({ description: "new" });
  });

  it("tells revisions in order and each once, whatever many writers do", async () => {
    const poolId = await makePool("busy");
    for (let at = 0; at < 4; at += 1) {
      await server.enrol(`busy-${String(at)}`, "busy");
    }
    await using watching = new Watching(server.admin, {
      pools: ["busy"],
      minInterval: { seconds: 0n, nanos: 1_000_000 },
    });
    await watching.next("snapshotEnd");
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let at = 0; at < 15; at += 1) {
        await server.admin.endpoints.labelEndpoint({ endpoint: `busy-${String(writer)}`, set: { at: String(at) } });
      }
    });
    await Promise.all(writers);
    const last = (await server.admin.pools.getPool({ pool: "busy" })).pool?.revision ?? 0n;
    await watching.next("batch", ({ revision }) => revision >= last);
    const revisions = watching.revisions(poolId);
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a, b) => Number(a - b)));
    const newest = new Map<string, string>();
    for (const event of watching.events) {
      for (const { item } of event.$case === "batch" ? event.value.items : []) {
        if (item?.$case === "endpoint") {
          newest.set(item.value.name, item.value.labels["at"] ?? "");
        }
      }
    }
    expect([...newest.values()]).toEqual(["14", "14", "14", "14"]);
  });

  it("resumes after a token: what was missed comes once, and nothing when nothing was", async () => {
    const poolId = await makePool("resumed");
    await server.enrol("resumed-one", "resumed");
    const first = new Watching(server.admin, { pools: ["resumed"] });
    const { revision, incarnation } = await first.next("snapshotEnd");
    await first[Symbol.asyncDispose]();
    const tokens = [{ poolId, revision }];
    await using quiet = new Watching(server.admin, { pools: ["resumed"], tokens, incarnation });
    expect((await quiet.next("bookmark")).revision).toBe(revision);
    await server.admin.endpoints.labelEndpoint({ endpoint: "resumed-one", set: { a: "1" } });
    await server.admin.endpoints.labelEndpoint({ endpoint: "resumed-one", set: { a: "2" } });
    await using missed = new Watching(server.admin, { pools: ["resumed"], tokens, incarnation });
    const batch = await missed.next("batch");
    expect(batch.revision).toBe(revision + 2n);
    expect(missed.kinds()).not.toContain("snapshotItem");
  });

  it("asks for a resync with a fresh snapshot for a token of another incarnation, and for one from the future", async () => {
    const poolId = await makePool("restored");
    await using other = new Watching(server.admin, {
      pools: ["restored"],
      tokens: [{ poolId, revision: 1n }],
      incarnation: "another",
    });
    await other.next("snapshotEnd");
    expect(other.kinds()[0]).toBe("resyncRequired");
    const { incarnation } = await server.admin.access.whoAmI({});
    await using future = new Watching(server.admin, {
      pools: ["restored"],
      tokens: [{ poolId, revision: 1_000_000n }],
      incarnation,
    });
    await future.next("snapshotEnd");
    expect(future.kinds()[0]).toBe("resyncRequired");
  });

  it("follows all pools and later ones when none is named, and tells the end of one", async () => {
    await using watching = new Watching(server.admin, {});
    await watching.next("snapshotEnd");
    const poolId = await makePool("later");
    expect((await watching.next("snapshotEnd", (end) => end.poolId === poolId)).poolId).toBe(poolId);
    await server.admin.pools.deletePool({ pool: "later" });
    const batch = await watching.next("batch", (one) => one.poolId === poolId);
    expect(namesOf(batch.items)).toContain("removed pool");
  });

  it("tells both pools when a machine moves", async () => {
    const [from, to] = [await makePool("from"), await makePool("to")];
    await server.enrol("mover", "from");
    await using leaves = new Watching(server.admin, { pools: ["from"] });
    await using arrives = new Watching(server.admin, { pools: ["to"] });
    await Promise.all([leaves.next("snapshotEnd"), arrives.next("snapshotEnd")]);
    await server.admin.endpoints.moveEndpoint({ endpoint: "mover", pool: "to" });
    expect(namesOf((await leaves.next("batch", ({ poolId }) => poolId === from)).items)).toContain("removed endpoint");
    expect(namesOf((await arrives.next("batch", ({ poolId }) => poolId === to)).items)).toContain("endpoint mover");
  });

  it("gives pools only in a summary, and one machine only when asked for one", async () => {
    await makePool("scoped");
    await server.enrol("scoped-one", "scoped");
    await server.enrol("scoped-two", "scoped");
    const snapshot = async (request: object): Promise<readonly string[]> => {
      await using watching = new Watching(server.admin, { pools: ["scoped"], ...request });
      await watching.next("snapshotEnd");
      return namesOf(
        watching.events.flatMap((event) =>
          event.$case === "snapshotItem" && event.value.item !== undefined ? [event.value.item] : [],
        ),
      ).toSorted();
    };
    expect(await snapshot({ summary: true })).toEqual(["pool scoped"]);
    expect(await snapshot({ endpoint: "scoped-two" })).toEqual(["endpoint scoped-two", "pool scoped"]);
  });

  it("tells presence as it changes", async () => {
    await makePool("present");
    await using watching = new Watching(server.admin, { pools: ["present"] });
    await watching.next("snapshotEnd");
    const agent = await settled(server, "present-one", BEHIND, "present");
    const online = (wanted: boolean) =>
      watching.next("batch", ({ items }) =>
        items.some(({ item }) => item?.$case === "endpoint" && item.value.online === wanted),
      );
    await online(true);
    agent.cut();
    await online(false);
  });

  it("tells the newest progress of an operation beside the revisions, only if asked", async () => {
    const agent = await poolWithTarget(server, "moving");
    const operation = await started(server, agent);
    await taken(agent);
    await using asked = new Watching(server.admin, { pools: ["moving"], progress: true });
    await asked.next("snapshotEnd");
    expect(
      namesOf(
        asked.events.flatMap((event) =>
          event.$case === "snapshotItem" && event.value.item !== undefined ? [event.value.item] : [],
        ),
      ),
    ).toContain("operation moving-behind");
    for (const percent of [5, 30]) {
      const value = {
        operationId: operation.id,
        fence: operation.fence,
        step: OperationStep.FETCH,
        percent,
        message: "fetching",
      };
      await agent.say({ $case: "operationProgress", value });
    }
    const progress = await asked.next("progress", ({ percent }) => percent === 30);
    expect(progress).toMatchObject({
      operationId: operation.id,
      endpointId: agent.endpoint.endpointId,
      step: OperationStep.FETCH,
      message: "fetching",
    });
  });

  it("survives many watchers that stop at once", async () => {
    const watchers = Array.from({ length: 50 }, () => new Watching(server.admin, { summary: true }));
    await Promise.all(watchers.map((watching) => watching.next("snapshotEnd")));
    await Promise.all(watchers.map((watching) => watching[Symbol.asyncDispose]()));
    await server.admin.pools.listPools({});
  });

  it.each([
    ["an unknown pool", { pools: ["nowhere"] }, "POOL_NOT_FOUND"],
    ["an unknown machine", { endpoint: "nobody" }, "ENDPOINT_NOT_FOUND"],
    ["an interval of an hour", { minInterval: { seconds: 3_600n, nanos: 0 } }, "INVALID_FIELD"],
    ["a negative revision", { tokens: [{ poolId: "x", revision: -1n }] }, "INVALID_FIELD"],
  ])("refuses %s", async (_what, request, reason) => {
    expect(nameOf(await new Watching(server.admin, request).ended)).toBe(reason);
  });

  it("is not for endpoints and strangers", async () => {
    expect(nameOf(await new Watching((await server.enrol("curious")).connection).ended)).toBe("PERMISSION_DENIED");
    expect(nameOf(await new Watching(server.connect()).ended)).toBe("UNAUTHENTICATED");
  });
});
