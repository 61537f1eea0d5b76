import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makePoolBell, type PoolBell } from "../../../server/live/bell.ts";
import { connectRedisDoorbell, type RedisDoorbell } from "../../../server/live/redis-doorbell.ts";
import { eventually } from "../../support/eventually.ts";

interface Redis extends AsyncDisposable {
  readonly url: string;
}

/** A redis-server on loopback with nothing on disk. */
function startRedis(port: number, directory: string): Redis {
  const child: ChildProcess = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory],
    { stdio: "ignore" },
  );
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

interface Replica extends AsyncDisposable {
  readonly bell: PoolBell;
  readonly doorbell: RedisDoorbell;
  readonly rung: string[];
  readonly outages: Error[];
}

function openReplica(url: string): Replica {
  const bell = makePoolBell();
  const rung: string[] = [];
  const outages: Error[] = [];
  bell.onRing((id) => rung.push(id));
  const doorbell = connectRedisDoorbell({ url, bell, onOutage: (error) => outages.push(error) });
  return { bell, doorbell, rung, outages, [Symbol.asyncDispose]: () => doorbell[Symbol.asyncDispose]() };
}

test("a ring on one server rings on the other, once each, and a Redis that goes away loses only that", async () => {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-redis-"));
  try {
    const port = await freePort();
    const first = startRedis(port, directory);
    await using here = openReplica(first.url);
    await using there = openReplica(first.url);
    const connected = (): boolean | undefined => (here.doorbell.isConnected && there.doorbell.isConnected) || undefined;
    await eventually("both to connect", connected);
    const pool = randomUUID();
    await eventually("the ring to arrive", () => {
      if (there.rung.length === 0) here.bell.ring(pool);
      return there.rung.includes(pool) || undefined;
    });

    // What came from elsewhere is not sent on: another ring would go round for ever.
    const ringsBefore = here.rung.length;
    there.doorbell.ringHere(randomUUID());
    const last = randomUUID();
    there.bell.ring(last);
    await eventually("the last ring", () => here.rung.includes(last) || undefined);
    expect(new Set(here.rung.slice(ringsBefore))).toEqual(new Set([last]));

    await first[Symbol.asyncDispose]();
    await eventually("the outage to be told", () => (here.outages.length > 0 && !connected()) || undefined);
    const alone = randomUUID();
    here.bell.ring(alone);
    expect(here.rung).toContain(alone);
    expect(here.outages).toHaveLength(1);

    await using _second = startRedis(port, directory);
    await eventually("both to come back", connected);
    const again = randomUUID();
    await eventually("rings to arrive again", () => {
      here.bell.ring(again);
      return there.rung.includes(again) || undefined;
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
