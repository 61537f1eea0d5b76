import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { viewDigest } from "../../../domain/view/view.ts";
import { OperationState } from "../../../proto/generated/pacpool/v1/operation.ts";
import { encodePackage } from "../../../rpc/codec/package-set.ts";
import { encodeView } from "../../../rpc/codec/view.ts";
import { eventually } from "../../support/eventually.ts";
import { digestOf, FakeAgent, installed, viewOf } from "../../support/fake-agent.ts";
import { nameOf, openServer, type TestServer } from "../../support/server.ts";
import { sha256 } from "../../support/sync-database.ts";
import { BEHIND, CURRENT, hasReported, NEW, OLD, planned, settled } from "../../support/two-moments.ts";

describe("Connect", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const endpointOf = async (name: string) => (await server.admin.endpoints.getEndpoint({ endpoint: name })).endpoint;
  const online = (name: string, wanted: boolean) =>
    eventually(`${name} ${wanted ? "online" : "asleep"}`, async () =>
      (await endpointOf(name))?.online === wanted ? true : undefined,
    );

  it("welcomes an enrolled machine and asks for what it does not know", async () => {
    const agent = await server.agent("fresh", { ...BEHIND, packages: [installed("only-here", "1-1")] });
    const welcome = await agent.hello();
    expect(welcome).toMatchObject({
      endpointId: agent.endpoint.endpointId,
      name: "fresh",
      pool: "unassigned",
      heartbeat: { seconds: 30n },
    });
    await agent.next("requestView");
    await agent.next("requestFullState");
    await online("fresh", true);
  });

  it("takes a full report in chunks, and a delta on top of it", async () => {
    const machine = {
      ...BEHIND,
      packages: Array.from({ length: 4_500 }, (_, at) => installed(`p${String(at).padStart(5, "0")}`, "1-1")),
    };
    const agent = await server.agent("big", machine);
    await agent.hello();
    await agent.reportView();
    const digest = digestOf(machine.packages);
    const chunks = [
      machine.packages.slice(0, 2_000),
      machine.packages.slice(2_000, 4_000),
      machine.packages.slice(4_000),
    ];
    for (const [chunk, packages] of chunks.entries()) {
      const value = {
        reportId: "r1",
        baseDigest: "",
        digest,
        upserts: packages.map(encodePackage),
        removed: [],
        chunk,
        chunks: 3,
        facts: undefined,
      };
      await agent.say({ $case: "stateReport", value });
    }
    await hasReported(server, "big", machine);
    const next = [installed("new", "1-1"), ...machine.packages.slice(1)];
    agent.machine = { ...machine, packages: next };
    const value = {
      reportId: "r2",
      baseDigest: digest,
      digest: digestOf(next),
      upserts: [encodePackage(installed("new", "1-1"))],
      removed: ["p00000"],
      chunk: 0,
      chunks: 1,
      facts: agent.facts(),
    };
    await agent.say({ $case: "stateReport", value });
    await hasReported(server, "big", agent.machine);
    expect((await endpointOf("big"))?.packages).toBe(4_500);
  });

  it("asks for the full state when a delta stands on a digest that is not the newest", async () => {
    const agent = await settled(server, "stale", BEHIND);
    const value = {
      reportId: "r",
      baseDigest: "0".repeat(64),
      digest: digestOf(CURRENT.packages),
      upserts: [],
      removed: [],
      chunk: 0,
      chunks: 1,
      facts: undefined,
    };
    await agent.say({ $case: "stateReport", value });
    await agent.reportAll();
    await hasReported(server, "stale", BEHIND);
    expect(agent.heard.filter(({ body }) => body?.$case === "requestFullState").length).toBeGreaterThan(0);
  });

  it("asks an unchanged machine for nothing when it comes back", async () => {
    const agent = await settled(server, "same", BEHIND);
    await agent.leave();
    await online("same", false);
    await using again = new FakeAgent(agent.endpoint.connection, BEHIND);
    await again.hello();
    await again.leave();
    expect(again.heard.map(({ body }) => body?.$case)).toEqual(["welcome"]);
  });

  it("tells with a heartbeat how the machine's pool stands, and never again while nothing moves", async () => {
    const agent = await settled(server, "told", BEHIND);
    await agent.heartbeat();
    const told = await eventually("how the pool stands", () =>
      agent.heard.map(({ body }) => body).find((body) => body?.$case === "poolStanding"),
    );
    expect(told.value).toMatchObject({ staleAfterDays: 14, counts: expect.objectContaining({ blocked: 0 }) });
    expect(told.$case === "poolStanding" && told.value.online).toBeGreaterThan(0);
    for (let beat = 0; beat < 3; beat += 1) await agent.heartbeat();
    await agent.leave();
    const kinds = agent.heard.map(({ body }) => body?.$case);
    expect(kinds.filter((kind) => kind === "poolStanding")).toHaveLength(1);
  });

  it("knows the packages of a machine whose set another one reported", async () => {
    await settled(server, "first-of-two", BEHIND);
    const twin = await server.agent("second-of-two", BEHIND);
    await twin.hello();
    await hasReported(server, "second-of-two", BEHIND);
    expect(twin.heard.map(({ body }) => body?.$case)).not.toContain("requestFullState");
  });

  it("asks for the databases of a view that it lacks, and takes the view when they came", async () => {
    const agent = await server.agent("viewer", CURRENT);
    await agent.hello();
    const view = viewOf([NEW, { ...OLD, repository: "extra" }]);
    await agent.say({ $case: "viewReport", value: { view: encodeView(view, viewDigest(view, sha256)), servers: [] } });
    await agent.upload(NEW);
    await agent.upload(OLD);
    await agent.reportAll();
    await eventually("the view", async () =>
      (await endpointOf("viewer"))?.view?.databases.length === 2 ? true : undefined,
    );
  });

  it("sends the pool's target to a machine that does not hold it, and nothing to one that does", async () => {
    await server.admin.pools.createPool({ name: "told" });
    const source = await settled(server, "told-source", CURRENT, "told");
    const other = await settled(server, "told-other", BEHIND, "told");
    await server.admin.targets.setLatest({ endpoint: "told-source" });
    for (const agent of [source, other]) {
      expect((await agent.next("targetState")).target).toMatchObject({ revision: 1n, sourceEndpoint: "told-source" });
    }
    await other.say({ $case: "targetStatus", value: { targetRevision: 1n, accepted: true, error: "" } });
    await other.leave();
    await using back = new FakeAgent(other.endpoint.connection, BEHIND);
    await back.hello({ targetRevision: 1n });
    await back.heartbeat(1n);
    await back.leave();
    expect(back.heard.map(({ body }) => body?.$case)).not.toContain("targetState");
    await using late = new FakeAgent(other.endpoint.connection, BEHIND);
    await late.hello({ targetRevision: 0n });
    expect((await late.next("targetState")).target?.revision).toBe(1n);
  });

  it("ends the older of two streams of one machine with ABORTED, and the newer one stays", async () => {
    const older = await settled(server, "cloned", BEHIND);
    await using newer = new FakeAgent(older.endpoint.connection, BEHIND);
    const welcome = await newer.hello({ instance: "other" });
    expect(nameOf(await older.ended)).toBe("SUPERSEDED");
    expect(welcome.sessionEpoch).toBeGreaterThan(1n);
    await newer.heartbeat();
    await online("cloned", true);
  });

  it("shows a machine that is cut off as asleep, and one that says goodbye at once", async () => {
    const cut = await settled(server, "cut", BEHIND);
    cut.cut();
    await online("cut", false);
    const polite = await settled(server, "polite", BEHIND);
    await polite.leave();
    expect(await polite.ended).toBeUndefined();
    await online("polite", false);
  });

  it.each([
    ["no Hello first", (agent: FakeAgent) => agent.heartbeat(), "INVALID_FIELD"],
    [
      "another protocol",
      (agent: FakeAgent) => agent.say({ $case: "hello", value: agent.helloMessage({ protocolVersion: 99 }) }),
      "PROTOCOL_VERSION",
    ],
    [
      "a digest that is none",
      (agent: FakeAgent) => agent.say({ $case: "hello", value: agent.helloMessage({ stateDigest: "x" }) }),
      "INVALID_FIELD",
    ],
    [
      "a message over 4 MiB",
      async (agent: FakeAgent) => agent.say({ $case: "goodbye", value: { reason: "x".repeat(5 * 1024 * 1024) } }),
      "RESOURCE_EXHAUSTED",
    ],
  ])("ends a stream with %s", async (what, misbehave, reason) => {
    const agent = await server.agent(`bad-${what.replaceAll(/[^a-z0-9]/gi, "-")}`, BEHIND);
    await misbehave(agent);
    expect(nameOf(await agent.ended)).toBe(reason);
  });

  it("ends a stream with a package that has no reason, and goes on serving others", async () => {
    const agent = await server.agent("nonsense", BEHIND);
    await agent.hello();
    const upserts = [{ ...encodePackage(installed("a", "1")), reason: 0 as const }];
    const value = {
      reportId: "r",
      baseDigest: "",
      digest: "0".repeat(64),
      upserts,
      removed: [],
      chunk: 0,
      chunks: 1,
      facts: undefined,
    };
    await agent.say({ $case: "stateReport", value });
    expect(await agent.ended).toMatchObject({ reason: "INVALID_FIELD", metadata: { field: "reason of a" } });
    await server.admin.pools.listPools({});
  });

  it("ends the stream of a machine that was removed, and does not let it back in", async () => {
    const agent = await settled(server, "removed", BEHIND);
    await server.admin.endpoints.removeEndpoint({ endpoint: "removed" });
    expect(nameOf(await agent.ended)).toBe("WRONG_KEY");
    await using again = new FakeAgent(agent.endpoint.connection, BEHIND);
    expect(nameOf(await again.ended)).toBe("WRONG_KEY");
  });

  it("is for endpoints: an operator's key opens no stream, and neither does none", async () => {
    await using operator = new FakeAgent(server.admin, BEHIND);
    expect(nameOf(await operator.ended)).toBe("PERMISSION_DENIED");
    await using stranger = new FakeAgent(server.connect(), BEHIND);
    expect(nameOf(await stranger.ended)).toBe("UNAUTHENTICATED");
  });

  it("delivers a command again on the next stream until the machine has it, and a result once", async () => {
    await server.admin.pools.createPool({ name: "durable" });
    await settled(server, "durable-source", CURRENT, "durable");
    const agent = await settled(server, "durable", BEHIND, "durable");
    await server.admin.targets.setLatest({ endpoint: "durable-source" });
    const plan = await planned(server, agent);
    const { operation } = await server.admin.operations.startOperation({
      endpoint: "durable",
      planDigest: plan.digest,
    });
    const first = await agent.next("command");
    agent.cut();
    await using second = new FakeAgent(agent.endpoint.connection, BEHIND);
    await second.hello({ targetRevision: 1n });
    const again = await second.next("command");
    expect(again).toEqual(first);
    await second.say({
      $case: "commandAck",
      value: { commandSequence: again.commandSequence, outcome: 1, reason: "" },
    });
    const value = {
      operationId: operation?.id ?? "",
      fence: operation?.fence ?? 0n,
      state: OperationState.SUCCEEDED,
      problems: [],
      digest: digestOf(CURRENT.packages),
      startedAt: new Date(),
      finishedAt: new Date(),
      plan: undefined,
    };
    for (let time = 0; time < 2; time += 1) {
      await second.say({ $case: "operationResult", value });
      expect((await second.next("operationResultAck")).operationId).toBe(operation?.id);
    }
    await second.leave();
    await using third = new FakeAgent(agent.endpoint.connection, CURRENT);
    await third.hello({ lastCommandSequence: again.commandSequence, targetRevision: 1n });
    await third.heartbeat(1n);
    await third.leave();
    expect(third.heard.map(({ body }) => body?.$case)).not.toContain("command");
  });
});
