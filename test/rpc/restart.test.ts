import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Connection, openConnection } from "../../rpc/connection.ts";
import { eventually } from "../support/eventually.ts";
import { digestOf, FakeAgent } from "../support/fake-agent.ts";
import { nameOf } from "../support/server.ts";
import { type ServerProcess, startServerProcess } from "../support/server-process.ts";
import { CURRENT } from "../support/two-moments.ts";
import { Watching } from "../support/watching.ts";

describe("a server that ends", () => {
  let stateDir: string;
  let server: ServerProcess;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), "pacpool-restart-"));
    server = await startServerProcess(stateDir);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(stateDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  const connect = (key: string): Connection => openConnection({ address: server.address, ca: server.ca, key });
  const online = (admin: Connection, wanted: boolean) =>
    eventually(wanted ? "online" : "asleep", async () => {
      const { endpoint } = await admin.endpoints.getEndpoint({ endpoint: "survivor" });
      return endpoint?.online === wanted ? endpoint : undefined;
    });

  it("loses nothing when it is killed: agents and watchers resume, at the same address, with the same keys", async () => {
    using admin = connect(server.adminKey);
    await admin.pools.createPool({ name: "desks" });
    const { token } = await admin.access.createToken({ pool: "desks" });
    const enrolled = await admin.agent.enrol({ token, name: "survivor" });
    using machine = connect(enrolled.key);
    const agent = new FakeAgent(machine, CURRENT);
    await agent.settle();
    await eventually("the report to be stored", async () => {
      const { endpoint } = await admin.endpoints.getEndpoint({ endpoint: "survivor" });
      return endpoint?.digest === digestOf(CURRENT.packages) ? endpoint : undefined;
    });
    const watching = new Watching(admin, { pools: ["desks"] });
    const { revision, incarnation, poolId } = await watching.next("snapshotEnd");

    expect(await server.end("SIGKILL")).toBe("SIGKILL");
    expect(nameOf(await agent.ended)).toBe("UNAVAILABLE");
    expect(nameOf(await watching.ended)).toBe("UNAVAILABLE");
    server = await startServerProcess(stateDir, server.address);

    await eventually("the same administrator", () => admin.access.whoAmI({}));
    await using again = new FakeAgent(machine, CURRENT);
    await again.hello();
    await online(admin, true);
    await again.heartbeat();
    expect(again.heard.map(({ body }) => body?.$case)).not.toContain("requestFullState");
    const told = admin.pools.updatePool({ pool: "desks", description: "after" });
    await using resumed = new Watching(admin, { pools: ["desks"], tokens: [{ poolId, revision }], incarnation });
    const newest = (await told).pool?.revision ?? 0n;
    await resumed.next("batch", (batch) => batch.revision >= newest);
    expect(resumed.kinds()).not.toContain("resyncRequired");
    expect(resumed.revisions(poolId).every((one) => one >= revision)).toBe(true);
  });

  it("drains when it is asked to stop, and exits 0; a second start is quick and whole", async () => {
    using admin = connect(server.adminKey);
    const { token } = await admin.access.createToken({ pool: "desks" });
    const enrolled = await admin.agent.enrol({ token, name: "drained" });
    using machine = connect(enrolled.key);
    const agent = new FakeAgent(machine, CURRENT);
    await agent.settle();
    const watching = new Watching(admin, { pools: ["desks"] });
    await watching.next("snapshotEnd");

    expect(await server.end("SIGTERM")).toBe(0);
    await agent.next("drain");
    expect(nameOf(await agent.ended)).toBe("DRAINING");
    await watching.next("drain");
    expect(await watching.ended).toBeUndefined();

    server = await startServerProcess(stateDir, server.address);
    await eventually("the endpoint", async () => (await admin.endpoints.getEndpoint({ endpoint: "drained" })).endpoint);
  });

  it("ends with code 2 and says what is wrong when it cannot start as configured", async () => {
    const second = startServerProcess(join(stateDir, "second"), server.address);
    await expect(second).rejects.toThrow(/listening on .* failed/);
    await expect(startServerProcess(stateDir)).rejects.toThrow(/another pacpool server is using it/);
    await expect(startServerProcess(stateDir, "nowhere")).rejects.toThrow(/PACPOOL_LISTEN: "nowhere" is not allowed/);
  });
});
