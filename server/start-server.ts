// Puts the server together: authority, operations, services, the gRPC listener, the operations port. Taken down in reverse.
import { mkdir } from "node:fs/promises";
import type { Metadata } from "@grpc/grpc-js";
import { Refusal } from "../domain/refusal.ts";
import type { Edge } from "../rpc/handlers.ts";
import { parseKey } from "../rpc/keys.ts";
import type { Logger } from "../rpc/log.ts";
import type { Principal } from "../rpc/principal.ts";
import { advertisedAddress, serverNames } from "./addresses.ts";
import { type Authority, openAuthority } from "./authority/authority.ts";
import type { ServerConfig } from "./config.ts";
import { type Listener, listen, makeServer } from "./listener.ts";
import { type OpsServer, openOpsServer } from "./ops/http.ts";
import { type Metrics, makeMetrics } from "./ops/metrics.ts";
import { accessService } from "./services/access-service.ts";
import { admit } from "./services/access-table.ts";
import { agentService } from "./services/agent-service.ts";
import { analysisService } from "./services/analysis-service.ts";
import { artifactService } from "./services/artifact-service.ts";
import { endpointService } from "./services/endpoint-service.ts";
import { addHealth } from "./services/health.ts";
import { inboxService } from "./services/inbox-service.ts";
import { operationService } from "./services/operation-service.ts";
import { policyService } from "./services/policy-service.ts";
import { poolService } from "./services/pool-service.ts";
import { addReflection } from "./services/reflection.ts";
import { targetService } from "./services/target-service.ts";
import { watchService } from "./services/watch-service.ts";
import { SessionRegistry } from "./session/registry.ts";
import { lockStateDir } from "./state-lock.ts";
import { openWorkings, type Workings } from "./workings.ts";

export interface StartServerOptions {
  readonly config: ServerConfig;
  readonly version: string;
  readonly log: Logger;
  /** The server cannot go on; whoever started it should stop it. */
  readonly onFatal?: (error: Error) => void;
}

export interface RunningServer extends AsyncDisposable {
  /** HOST:PORT that it listens on. */
  readonly address: string;
  /** HOST:PORT of the operations port; undefined when it is off. */
  readonly opsAddress: string | undefined;
  readonly fingerprint: string;
  /** PEM of the authority's certificate. */
  readonly authority: string;
  /** Ends streams with the word when to come back, lets calls finish, closes everything. Safe to call twice. */
  readonly stop: () => Promise<void>;
}

/** A quiet watch says this often that it is alive. */
const BOOKMARK_MS = 15_000;

export async function startServer(options: StartServerOptions): Promise<RunningServer> {
  const { config, log } = options;
  await using opening = new AsyncDisposableStack();
  // Others may pass through to the database's own folders in it; what they must not see is closed by its own mode.
  await mkdir(config.stateDir, { recursive: true, mode: 0o711 });
  opening.use(await lockStateDir(config.stateDir));
  const names = serverNames(config.listen, config.advertise);
  const authority = await openAuthority({ stateDir: config.stateDir, names, now: new Date(), given: config.tls });
  const metrics = makeMetrics();
  const registry = new SessionRegistry((count) => {
    metrics.agentStreams.set(count);
  });
  const workings = opening.use(
    await openWorkings({ config, log, registry, metrics, onFatal: options.onFatal ?? logFatal(log) }),
  );
  const draining = new AbortController();
  const edge = makeEdge(workings, metrics, log);
  const serving = { options, authority, metrics, registry, workings, edge, draining: draining.signal };
  const listener = await openListener(serving);
  const ops = await openOps(serving, listener);
  listener.health.set("SERVING");
  const kept = opening.move();
  const stop = async (): Promise<void> => {
    listener.health.set("NOT_SERVING");
    draining.abort(COMEBACK_MS);
    await registry.drain();
    await listener.stop();
    await ops?.[Symbol.asyncDispose]();
    await kept.disposeAsync();
  };
  let stopping: Promise<void> | undefined;
  const stopOnce = (): Promise<void> => (stopping ??= stop());
  return {
    address: listener.address,
    opsAddress: ops?.address,
    fingerprint: authority.fingerprint,
    authority: authority.certificate,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce,
  };
}

function logFatal(log: Logger): (error: Error) => void {
  return (error) => {
    log.fatal({ err: error }, "the server cannot go on");
  };
}

/** Watchers are few and cheap to serve again: soon, but not all at once. */
const COMEBACK_MS = 2_000;

interface Serving {
  readonly options: StartServerOptions;
  readonly authority: Authority;
  readonly metrics: Metrics;
  readonly registry: SessionRegistry;
  readonly workings: Workings;
  readonly edge: Edge;
  readonly draining: AbortSignal;
}

async function openListener(serving: Serving): Promise<Listener & { readonly health: ReturnType<typeof addHealth> }> {
  const { options, authority, metrics, registry, workings, edge, draining } = serving;
  const { config, version } = options;
  let port = 0;
  const identity = {
    version,
    fingerprint: authority.fingerprint,
    incarnation: workings.watch.incarnation,
    advertised: () => advertisedAddress(config.listen, port, config.advertise),
  };
  const { cases, desk, watch } = workings;
  const server = makeServer([
    accessService(cases, identity, edge),
    agentService({ cases, desk, registry, metrics, heartbeatMs: config.heartbeatSeconds * 1_000 }, edge),
    analysisService(cases, edge),
    artifactService(cases, edge),
    endpointService(cases, edge),
    inboxService(cases, edge),
    operationService({ cases, watch, draining }, edge),
    policyService(cases, edge),
    poolService(cases, edge),
    targetService(cases, edge),
    watchService({ desk: watch, draining, metrics, bookmarkMs: BOOKMARK_MS }, edge),
  ]);
  const health = addHealth(server);
  addReflection(server, edge);
  const listener = await listen(server, config.listen, authority);
  port = listener.port;
  return { ...listener, health };
}

async function openOps(serving: Serving, listener: Listener): Promise<OpsServer | undefined> {
  const { options, metrics, workings, registry } = serving;
  if (options.config.opsListen === undefined) {
    return undefined;
  }
  const notReady = (): Promise<string | undefined> =>
    registry.isDraining ? Promise.resolve("the server is stopping") : workings.notReady();
  try {
    return await openOpsServer({ listen: options.config.opsListen, metrics, notReady });
  } catch (error) {
    await listener.stop();
    throw error;
  }
}

function makeEdge(workings: Workings, metrics: Metrics, log: Logger): Edge {
  return {
    authenticate: async (metadata, path) => {
      const principal = await identify(workings, metadata);
      admit(principal, path);
      return principal;
    },
    onDefect: (error, path, id) => {
      log.error({ err: error, path, id }, "call failed");
    },
    onFinished: (path, statusName, durationMs) => {
      metrics.rpcs.inc({ method: path, status: statusName });
      if (!STREAMS.has(path)) {
        metrics.rpcSeconds.observe({ method: path }, durationMs / 1_000);
      }
    },
  };
}

/** Their durations say how long people watch, not how long we take. */
const STREAMS: ReadonlySet<string> = new Set([
  "/pacpool.v1.AgentService/Connect",
  "/pacpool.v1.WatchService/Watch",
  "/pacpool.v1.OperationService/WatchOperation",
]);

/** A stranger when no key came. Throws WRONG_KEY for one that is malformed, unknown or revoked. */
async function identify(workings: Workings, metadata: Metadata): Promise<Principal> {
  const [header] = metadata.get("authorization");
  if (header === undefined) {
    return { kind: "stranger" };
  }
  const key = parseKey(String(header).replace(/^Bearer /i, ""));
  if (key === undefined || key.kind === "ppt") {
    throw new Refusal("WRONG_KEY");
  }
  return workings.identify(key);
}
