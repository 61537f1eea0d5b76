// The machine that pacman.conf describes, as the session and the local socket want it: joins agent/pacman and agent/host
// to machine.ts. Must not know the wire.
import { computeDrift } from "../domain/drift/compute-drift.ts";
import type { Drift } from "../domain/drift/drift.ts";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import { NO_POLICY } from "../domain/policy/policy.ts";
import { resolvePolicy } from "../domain/policy/resolve-policy.ts";
import { viewDigest } from "../domain/view/view.ts";
import { readAftermath } from "./aftermath.ts";
import { type AgentConfig, effectiveApply } from "./config.ts";
import { executeOperation } from "./executor.ts";
import type { FileAccess } from "./files/file-source.ts";
import { type FileStore, NO_STORE } from "./files/file-store.ts";
import { keptFoldersOf } from "./files/kept-files.ts";
import { findOffers } from "./files/offer-files.ts";
import { makeMeteredWatch } from "./host/metered.ts";
import { type Installation, openInstallationReader } from "./installation.ts";
import { attemptOf, endOf, listJournals } from "./journal.ts";
import type { DeliveredTarget, Machine, MachineState, Outcome } from "./machine.ts";
import type { Order } from "./orders/order-book.ts";
import { readConfiguration } from "./pacman/configuration.ts";
import { inspectLock } from "./pacman/lock.ts";
import { type DatabaseCache, databaseFileOf, indexDatabases, sha256Of } from "./pacman/sync-databases.ts";
import { watchDatabase } from "./pacman/watch.ts";
import { computePlan } from "./planning/plan.ts";
import { recoverOperations } from "./recover.ts";
import { keptPackagesDirOf } from "./state-folders.ts";

const STALE_LOCK =
  "pacman's lock is there and nobody holds it: a pacman was killed; run `pacpool operation repair`, or check the machine and delete it";

/** The rest says the same: a damaged database has thousands of torn entries. */
const MAX_HEALTH_PROBLEMS = 20;

const AFTERMATH_MS = 15 * 60_000;

export interface OpenMachineOptions {
  readonly config: AgentConfig;
  readonly endpointId: string;
}

/**
 * Reads pacman.conf through pacman-conf, no database yet. Throws with pacman's words when that fails. Without a store the
 * machine works alone.
 */
export async function openMachine(
  { config, endpointId }: OpenMachineOptions,
  store: FileStore = NO_STORE,
): Promise<Machine> {
  const access = accessOf(config, store);
  const reader = openInstallationReader(config.pacmanConfig);
  const { stateDir } = config;
  // Holds and repositories may change while the agent runs; the paths may not.
  const { rootDir, dbPath } = await readConfiguration(config.pacmanConfig);
  let newest: Installation | undefined;
  const read = async (): Promise<Installation> => {
    newest = await reader.read();
    return newest;
  };
  return {
    root: rootDir,
    read: async () => stateOf(await read(), config),
    watch: (changed, signal) => {
      watchDatabase(dbPath, changed, signal);
      // People merge files and restart services without pacman.
      const timer = setInterval(changed, AFTERMATH_MS).unref();
      signal.addEventListener("abort", () => clearInterval(timer), { once: true });
    },
    drift: async (state, delivered) => driftOf(reader.cache, newest ?? (await read()), state, delivered),
    databaseFile: (repository) => databaseFileOf(dbPath, repository),
    plan: (question, signal) => computePlan({ reader, stateDir, endpointId, access }, question, signal),
    execute: ({ operationId, fence, plan }, hooks) =>
      executeOperation({ reader, stateDir, access }, { operationId, fence, planDigest: plan.digest }, hooks),
    outcomeOf: (order) => journalledOutcome(stateDir, order),
    recover: (hooks) => recoverOperations({ reader, stateDir, access }, hooks),
    isMetered: access.isMetered,
    findOffers: async (wanted) => {
      const { configuration, own } = newest ?? (await read());
      const folders = [...configuration.cacheDirs, ...keptFoldersOf(keptPackagesDirOf(stateDir))];
      return findOffers(wanted, { folders, view: own.index, unsignedAllowed: access.unsignedAllowed });
    },
  };
}

function accessOf({ archive, unsignedAllowed, metered }: AgentConfig, store: FileStore): FileAccess {
  const isMetered = metered === "allow" ? () => Promise.resolve(false) : makeMeteredWatch(Date.now);
  return { store, archive, unsignedAllowed: new Set(unsignedAllowed), isMetered };
}

function journalledOutcome(stateDir: string, { operationId, fence }: Order): Outcome | undefined {
  const entries = listJournals(stateDir).find((journal) => journal.operationId === operationId)?.entries ?? [];
  const [begun] = attemptOf(entries);
  return begun?.kind === "begun" && begun.fence === fence ? endOf(entries) : undefined;
}

function stateOf({ configuration, local, own, held }: Installation, config: AgentConfig): MachineState {
  const healthProblems = [
    ...local.torn.map(
      ({ entry, why }) => `${entry} in pacman's database is torn: ${why}; run \`pacpool operation repair\``,
    ),
    ...own.missing.map((repository) => `repository ${repository} has no database; run \`pacman -Sy\` once`),
    ...own.damaged.map(({ repository, why }) => `database ${repository} cannot be read (${why}); run \`pacman -Syy\``),
    ...(inspectLock(configuration.dbPath).kind === "stale" ? [STALE_LOCK] : []),
  ];
  const inbox = readAftermath(configuration, local);
  return {
    set: local.set,
    digest: packageSetDigest(local.set, sha256Of),
    view: own.view,
    viewDigest: viewDigest(own.view, sha256Of),
    servers: configuration.repositories.map(({ name, servers }) => ({ repository: name, servers })),
    facts: {
      held,
      apply: effectiveApply(config.apply, configuration.rootDir),
      root: configuration.rootDir,
      isRebootRequired: inbox.some(({ kind }) => kind === "reboot"),
      inbox,
      healthProblems: healthProblems.slice(0, MAX_HEALTH_PROBLEMS),
    },
  };
}

function driftOf(
  cache: DatabaseCache,
  { own }: Installation,
  state: MachineState,
  { target, mirror, databaseFile, policy }: DeliveredTarget,
): Drift {
  const targetView = indexDatabases(target.view.databases, ({ sha256 }) => databaseFile(sha256), cache);
  const views = { ownView: own.index, targetView };
  const resolved = resolvePolicy(policy ?? NO_POLICY, state.set, views, state.facts.held);
  const { held, kept } = resolved;
  return computeDrift({ installed: state.set, target, targetSet: mirror, ...views, policy: resolved, held, kept });
}
