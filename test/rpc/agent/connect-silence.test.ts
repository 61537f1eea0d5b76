import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { openServer, type TestServer } from "../../support/server.ts";
import { BEHIND } from "../../support/two-moments.ts";

describe("Connect, with a heartbeat of a second", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openServer({ config: { heartbeatSeconds: 1 } });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const presence = async (name: string) =>
    (await server.admin.endpoints.getEndpoint({ endpoint: name })).endpoint?.online;

  it("ends the stream of a machine that falls silent and shows it as asleep, and keeps one that speaks", async () => {
    const [silent, speaking] = [await server.agent("silent", BEHIND), await server.agent("speaking", BEHIND)];
    expect((await silent.hello()).heartbeat).toEqual({ seconds: 1n, nanos: 0 });
    await speaking.hello();
    const beat = setInterval(() => void speaking.heartbeat(), 500);
    expect(await silent.ended).toBeUndefined();
    await eventually("silent is asleep", async () => ((await presence("silent")) === false ? true : undefined));
    expect(await presence("speaking")).toBe(true);
    clearInterval(beat);
  });
});
