// The agent process: wires configuration, machine, session, socket and status files, and takes them down in order.
import { randomUUID } from "node:crypto";
import { uptime } from "node:os";
import type { Logger } from "pino";
import { type Consent, joinConsent } from "../domain/consent/consent.ts";
import { NO_CONSENT } from "../domain/policy/policy.ts";
import { openLog } from "../rpc/log.ts";
import { type AgentConfig, ConfigurationError } from "./config.ts";
import { makeConnectionWatch } from "./connection-status.ts";
import { makeStoreLink, type StoreLink } from "./files/file-store.ts";
import { batteryPercent } from "./host/power.ts";
import { type Identity, loadIdentity } from "./identity.ts";
import { openInstanceLock } from "./instance-lock.ts";
import { answerLocally } from "./local/answer-locally.ts";
import { factGatherer } from "./local/gather-facts.ts";
import { summarize } from "./local/local-status.ts";
import { openLocalSocket } from "./local/socket.ts";
import { openStatusKeeper } from "./local/status-keeper.ts";
import type { Machine } from "./machine.ts";
import { followMachine, type MachineFollower } from "./machine-follower.ts";
import { readMoments } from "./moments.ts";
import { type BeginGate, localClock, openBeginGate } from "./orders/begin-gate.ts";
import { makeOperations } from "./orders/operations.ts";
import { openOrderBook } from "./orders/order-book-file.ts";
import { makeRebooter } from "./orders/reboot-in-window.ts";
import { readConfiguration } from "./pacman/configuration.ts";
import { inspectLock } from "./pacman/lock.ts";
import { ask, bootId } from "./pacman/process.ts";
import { makePlanQueue } from "./planning/queue-plans.ts";
import { openFrugalMachine } from "./reading/reading-process.ts";
import { openDeliveredTargets } from "./session/delivered-targets.ts";
import { keepConnected, type ServerAccess } from "./session/keep-connected.ts";
import type { SessionParts } from "./session/parts.ts";
import { makeRateLimit } from "./session/rate-limit.ts";

/** A window is open for hours. */
const REBOOT_LOOK_MS = 5 * 60_000;

export interface RunAgentOptions {
  readonly config: AgentConfig;
  /** For logs and the server. */
  readonly version: string;
  /** Ends the agent in order; absent means SIGTERM and SIGINT. A running pacman is left alone and adopted by the next start. */
  readonly signal?: AbortSignal;
  readonly log?: Logger;
}

/** Runs until the signal. Throws ConfigurationError when the machine is not enrolled, StateInUseError beside another agent. */
export async function runAgent(options: RunAgentOptions): Promise<void> {
  const { config } = options;
  const signal = options.signal ?? processSignal();
  const log = options.log ?? openOwnLog();
  await using _lock = await openInstanceLock(config.stateDir);
  const identity = await requireIdentity(config);
  const store = makeStoreLink();
  await using machine = await openFrugalMachine({ config, endpointId: identity.endpointId }, store);
  // What fails inside ends the whole agent: half an agent would look healthy.
  const failed = new AbortController();
  const ending = AbortSignal.any([signal, failed.signal]);
  const parts = await openParts(options, { machine, store }, log, ending);
  const { name, pool } = identity;
  const facts = factGatherer({ ...parts, identity: { name, pool }, delivered: parts.targets.current });
  await using keeper = openStatusKeeper({
    runDir: config.runDir,
    summarize: async () => summarize(await facts()),
    now: Date.now,
    log,
  });
  const { follower, operations, targets, status, plans } = parts;
  for (const source of [follower, operations, targets, status]) {
    source.follow(keeper.touch);
  }
  const local = {
    machine,
    follower,
    plans,
    facts,
    delivered: targets.current,
    moments: () => readMoments(config),
    deeds: { stateDir: config.stateDir, book: parts.book, operations },
    shutDown: () => {
      parts.gate.shutDown();
      operations.reconsider();
    },
  };
  await using _socket = await openLocalSocket({
    runDir: config.runDir,
    answer: (question, gone) => answerLocally(local, question, AbortSignal.any([gone, ending])),
  });
  // Its pool's windows may have changed with the policy.
  targets.follow(operations.reconsider);
  using _rebooter = rebootInWindow(config, parts);
  log.info({ root: machine.root, apply: follower.current().facts.apply, stateDir: config.stateDir }, "agent started");
  const running = [operations.run(), keepConnected(parts, accessOf(config, identity), Math.random, ending)];
  const fail = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const ends = await Promise.allSettled(running.map((part) => part.catch(fail)));
  for (const end of ends) {
    if (end.status === "rejected" && !signal.aborted) {
      throw end.reason;
    }
  }
  log.info("agent stopped");
}

function openOwnLog(): Logger {
  const level = process.env["PACPOOL_LOG_LEVEL"] ?? "info";
  return openLog({ name: "pacpool-agent", level, isTerminal: process.stderr.isTTY });
}

async function openParts(
  { config, version }: RunAgentOptions,
  { machine, store }: { readonly machine: Machine; readonly store: StoreLink },
  log: Logger,
  signal: AbortSignal,
): Promise<SessionParts & { readonly gate: BeginGate }> {
  const book = await openOrderBook(config.stateDir);
  const targets = await openDeliveredTargets(config.stateDir);
  const follower = await followMachine(machine, log, signal);
  const now = Date.now;
  const consent = (): Consent =>
    joinConsent({ ...config, apply: follower.current().facts.apply }, targets.current()?.policy?.consent ?? NO_CONSENT);
  const gate = openBeginGate({
    stateDir: config.stateDir,
    bootId: bootId(),
    consent,
    isMetered: machine.isMetered,
    battery: batteryPercent,
    leastBattery: config.battery,
    now,
  });
  return {
    consent,
    gate,
    self: { agentVersion: version, bootId: bootId(), instance: randomUUID() },
    machine,
    follower,
    book,
    targets,
    operations: makeOperations({
      machine,
      book,
      reread: () => rereadDigest(follower, log),
      now,
      log,
      signal,
      gate,
    }),
    store,
    uploads: makeRateLimit(config.uploadRate, now),
    plans: makePlanQueue(() => follower.current().digest),
    status: makeConnectionWatch(now()),
    now,
    log,
  };
}

/** A transaction may leave a pacman that cannot be asked: how it ended must be told all the same. */
async function rereadDigest(follower: MachineFollower, log: Logger): Promise<string> {
  const state = await follower.reread().catch((error: unknown) => {
    log.warn({ err: error }, "the machine could not be read; the last reading stays");
    return follower.current();
  });
  return state.digest;
}

function rebootInWindow(
  { rebootCommand, pacmanConfig }: AgentConfig,
  { consent, book, follower, operations, now, log }: SessionParts,
): Disposable {
  const reboot = makeRebooter({
    consent,
    book: book.current,
    isRebootRequired: () => follower.current().facts.isRebootRequired,
    isPacmanAtWork: async () => inspectLock((await readConfiguration(pacmanConfig)).dbPath).kind === "held",
    bootedAtMs: now() - uptime() * 1_000,
    restart: async () => {
      const { code, errors } = await ask(rebootCommand);
      if (code !== 0) log.error({ command: rebootCommand, code, errors }, "the machine could not be restarted");
    },
    now,
    wallClock: localClock,
    log,
  });
  const look = (): void => {
    reboot().catch((error: unknown) => {
      log.error({ err: error, command: rebootCommand }, "the machine could not be restarted");
    });
  };
  const timer = setInterval(look, REBOOT_LOOK_MS).unref();
  const unfollow = operations.follow(look);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      unfollow();
    },
  };
}

async function requireIdentity({ stateDir }: AgentConfig): Promise<Identity> {
  const identity = await loadIdentity(stateDir);
  if (identity === undefined) {
    throw new ConfigurationError(
      `this machine is not enrolled (${stateDir} has no identity); run \`pacpool join CODE\` with a code of your server, or \`pacpool init\` to make this machine the first`,
    );
  }
  return identity;
}

function accessOf(config: AgentConfig, identity: Identity): ServerAccess {
  return {
    address: config.server ?? identity.server,
    ca: config.ca === undefined ? { pem: identity.ca } : { path: config.ca },
    key: config.keyFile === undefined ? { text: identity.key } : { path: config.keyFile },
  };
}

/** SIGTERM and SIGINT, for a process that is the agent and nothing else. */
function processSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  return controller.signal;
}
