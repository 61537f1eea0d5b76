// Where a scripted world is played: a real server with machines whose agents are scripted, until it is disposed.
import { join } from "node:path";
import type { DatabaseAddress } from "../../server/store/database.ts";
import { type FakeMachine } from "../support/fake-agent.ts";
import { openServer, type TestServer, type TestServerOptions } from "../support/server.ts";
import { hasReported } from "../support/two-moments.ts";
import { CURRENT } from "./moments.ts";
import { type Pace, type ScriptedAgent, serve } from "./scripted-agent.ts";

export interface Stage extends Pace, AsyncDisposable {
  readonly server: TestServer;
  /** The server's own, for what no call can do. */
  readonly database: () => DatabaseAddress;
  /** Aborted when the world ends. */
  readonly signal: AbortSignal;
  /** A machine whose agent serves from now on; the server has seen its packages and its view. */
  readonly enter: (name: string, pool: string, machine: FakeMachine) => Promise<ScriptedAgent>;
}

/** A small fleet in a state that has a name. */
export interface World {
  readonly name: string;
  /** What there is to see. */
  readonly sentence: string;
  /** The key of whoever looks; the administrator's when it answers with none. */
  readonly build: (stage: Stage) => Promise<string | undefined>;
  /** The machine at which the person sits. */
  readonly here?: string;
}

export async function openStage(options: TestServerOptions = {}): Promise<Stage> {
  const server = await openServer(options);
  const ending = new AbortController();
  const { signal } = ending;
  const stage: Stage = {
    server,
    signal,
    stepMs: 20,
    hold: undefined,
    problem: undefined,
    database: () => {
      const host = join(server.stateDir, "database/socket");
      return { kind: "socket", host, port: 5432, user: "pacpool", database: "postgres" };
    },
    enter: async (name, pool, machine) => {
      const agent = await server.agent(name, machine, pool);
      await agent.settle();
      await hasReported(server, name, machine);
      // A stream that a test or the end closes refuses what is still said on it.
      serve(agent, CURRENT, stage, signal).catch(() => undefined);
      return agent;
    },
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await server[Symbol.asyncDispose]();
    },
  };
  return stage;
}
