// `pacpool init`: this machine becomes the first. Server, authority, administrator's key, pool, endpoint, first target, and
// the line for the next machine. Running it again says what exists and goes on from there.
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { AgentConfig } from "../../agent/config.ts";
import type { Identity } from "../../agent/identity.ts";
import { Refusal } from "../../domain/refusal.ts";
import { decodeEndpoint, type EndpointView } from "../../rpc/codec/endpoint.ts";
import { decodePool, type PoolView } from "../../rpc/codec/pool.ts";
import { type Connection, openConnection } from "../../rpc/connection.ts";
import { takeTarget } from "../deed/take-target.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { attempting } from "../failure.ts";
import { type Aim, findAim } from "../machine/aim.ts";
import { bringAgent, prepareAgent } from "../machine/bring-agent.ts";
import { bringServer, type OwnServer } from "../machine/bring-server.ts";
import { writeProfiles } from "../machine/profile-writer.ts";
import type { Started } from "../machine/start-process.ts";
import { until } from "../machine/until.ts";
import { clean } from "../output/clean.ts";
import { VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

/** A report of a big machine takes a second; its databases are uploaded before. In ms. */
const REPORT_TIMEOUT_MS = 120_000;

export const init = verb({
  options: (yargs) =>
    yargs
      .option("pool", { type: "string", default: "main", requiresArg: true, describe: "the first pool" })
      .option("name", {
        type: "string",
        requiresArg: true,
        describe: "this machine's name; the host name when left out",
      })
      .option("listen", {
        type: "string",
        default: "0.0.0.0:7117",
        requiresArg: true,
        describe: "where other machines reach the server (TLS and keys guard it)",
      })
      .option("ops-listen", { type: "string", requiresArg: true, describe: "HTTP for health and metrics; or off" })
      .option("state-dir", { type: "string", requiresArg: true, describe: "database, authority, identity, logs" })
      .option("pacman-config", { type: "string", requiresArg: true, describe: "pacman.conf of another root" })
      .option("message", {
        type: "string",
        alias: "m",
        default: "first target",
        requiresArg: true,
        describe: "of the first target",
      })
      .option("pin-all", { type: "boolean", default: false, describe: "pin what differs when partially upgraded" })
      .option("yes", { type: "boolean", alias: "y", default: false, hidden: true })
      .example("sudo $0 init", "then type the line that it prints on the next machine")
      .example("sudo $0 init --pool studio --name atlas", ""),
  run: async (context) => {
    const { terminal, options, environment } = context;
    const aim = findAim(options, environment);
    const server = await attempting("bringing up the server", () => bringServer(context, aim, options));
    using connection = openConnection({ address: server.address, ca: server.ca, key: server.key });
    const pool = await bringPool(connection, context, options.pool);
    const config = prepareAgent(aim, context);
    const name = options.name ?? hostname();
    const identity = await attempting("enrolling this machine", () =>
      bringIdentity(connection, context, { server, config, pool: options.pool, name }),
    );
    const started = await bringAgent(context, aim, config);
    const endpoint = await untilReported(context, connection, identity, started);
    terminal.note(`${endpoint.name} is in pool ${endpoint.pool} with ${String(endpoint.packages)} packages.`);
    writeProfiles(
      { ...server, server: server.address, pool: endpoint.pool, endpoint: endpoint.name, stateDir: ownState(aim) },
      options.config,
      environment,
      terminal,
    );
    const first = await bringTarget(context, connection, pool, endpoint, { ...options, started });
    await tellNext(context, connection, { aim, pool: endpoint.pool, endpoint, targetRevision: first.revision });
    return first.exitCode;
  },
});

async function bringPool(connection: Connection, { terminal, signal }: Context, name: string): Promise<PoolView> {
  try {
    const { pool } = await connection.pools.getPool({ pool: name }, { signal });
    if (pool !== undefined) {
      terminal.note(`Pool ${name} is there already.`);
      return decodePool(pool);
    }
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== "POOL_NOT_FOUND") throw error;
  }
  const { pool } = await connection.pools.createPool({ idempotencyKey: randomUUID(), name }, { signal });
  if (pool === undefined) throw new Error("the server answered without a pool");
  terminal.note(`Made pool ${name}.`);
  return decodePool(pool);
}

interface EnrolWish {
  readonly server: OwnServer;
  readonly config: AgentConfig;
  readonly pool: string;
  readonly name: string;
}

async function bringIdentity(connection: Connection, context: Context, wish: EnrolWish): Promise<Identity> {
  const { enrol } = await import("../../agent/enrol.ts");
  const { loadIdentity } = await import("../../agent/identity.ts");
  const { stateDir } = wish.config;
  const present = await loadIdentity(stateDir);
  if (present !== undefined) {
    if (present.ca.trim() !== wish.server.ca.trim()) {
      throw new VerbFailure(
        EXIT.refused,
        `this machine is enrolled as ${present.name} at another server, ${present.server}`,
        {
          advice: "`pacpool agent reset` forgets that; then run `pacpool init` again.",
        },
      );
    }
    context.terminal.note(`This machine is enrolled already as ${present.name}.`);
    return present;
  }
  const request = { idempotencyKey: randomUUID(), pool: wish.pool, uses: 1 };
  const { token } = await connection.access.createToken(request, { signal: context.signal });
  const { address, ca } = wish.server;
  return await enrol({ address, ca, token, name: wish.name, stateDir, signal: context.signal });
}

async function untilReported(
  { signal }: Context,
  connection: Connection,
  identity: Identity,
  started: Started | undefined,
): Promise<EndpointView> {
  const wait = { what: "this machine has reported its packages", timeoutMs: REPORT_TIMEOUT_MS, signal, started };
  return await until(wait, async () => {
    const { endpoint } = await connection.endpoints.getEndpoint({ endpoint: identity.endpointId }, { signal });
    if (endpoint === undefined) return undefined;
    const view = decodeEndpoint(endpoint);
    return view.isOnline && view.digest !== "" ? view : undefined;
  });
}

async function bringTarget(
  context: Context,
  connection: Connection,
  pool: PoolView,
  endpoint: EndpointView,
  wish: { readonly message: string; readonly pinAll: boolean; readonly started: Started | undefined },
): Promise<{ readonly revision: number | undefined; readonly exitCode: ExitCode }> {
  const { terminal, signal } = context;
  if (pool.target !== undefined) {
    terminal.note(`Pool ${pool.name} has target ${String(pool.target.revision)} already.`);
    return { revision: pool.target.revision, exitCode: EXIT.done };
  }
  try {
    const { message, pinAll, started } = wish;
    const ask = { endpoint: endpoint.id, message, pins: [], pinAll, shared: [], evenBad: false };
    const wait = { what: "the server has this machine's repositories", timeoutMs: REPORT_TIMEOUT_MS, signal, started };
    // The packages are told before the databases that they came from: those may still be on their way.
    const target = await until(wait, () => takeTarget(context, connection, ask).catch(undefinedIfUnreported));
    terminal.note(`Its moment is target ${String(target.revision)} of pool ${pool.name}.`);
    return { revision: target.revision, exitCode: EXIT.done };
  } catch (error) {
    if (!(error instanceof VerbFailure)) throw error;
    terminal.note(`Everything runs, but there is no target yet: ${error.message}`);
    terminal.note(`  ${error.advice ?? ""}\n  Then: pacpool set-latest`);
    return { revision: undefined, exitCode: error.exitCode };
  }
}

function undefinedIfUnreported(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.reason !== "NO_REPORT") throw error;
  return undefined;
}

interface Next {
  readonly aim: Aim;
  readonly pool: string;
  readonly endpoint: EndpointView;
  readonly targetRevision: number | undefined;
}

async function tellNext(context: Context, connection: Connection, next: Next): Promise<void> {
  const { terminal, options, signal } = context;
  const request = { idempotencyKey: randomUUID(), pool: next.pool, uses: 1 };
  const { joinCode } = await connection.access.createToken(request, { signal });
  if (options.output === "json") {
    const { pool, endpoint, targetRevision = null } = next;
    terminal.printJson({ pool, endpoint: endpoint.name, targetRevision, joinCode, stateDir: next.aim.stateDir });
    return;
  }
  if (next.endpoint.root === "/" && next.endpoint.apply === "never") {
    terminal.note(`pacpool only plans on this machine until ${next.aim.agentConfig} says apply = "ask".`);
  }
  terminal.note(
    "On the next machine (the code is good for one machine and one day; `pacpool token create` makes more):",
  );
  terminal.print(`pacpool join ${clean(joinCode)}`);
}

function ownState(aim: Aim): string | undefined {
  return aim.isUsual ? undefined : aim.stateDir;
}
