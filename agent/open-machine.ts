// The machine that pacman.conf describes, as the session and the local socket want it: joins agent/pacman and agent/host
// to machine.ts. Must not know the wire.
import { computeDrift } from "../domain/drift/compute-drift.ts";
import type { Drift } from "../domain/drift/drift.ts";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import { viewDigest } from "../domain/view/view.ts";
import { type AgentConfig, effectiveApply } from "./config.ts";
import { executeOperation } from "./executor.ts";
import { isRebootRequired } from "./host/kernel.ts";
import type { Order } from "./inbox.ts";
import { type Installation, type InstallationReader, openInstallationReader } from "./installation.ts";
import { readInterruption } from "./interruption.ts";
import { attemptOf, endOf, listJournals } from "./journal.ts";
import type { DeliveredTarget, Machine, MachineState, Outcome } from "./machine.ts";
import { databaseFileOf, indexDatabases, sha256Of } from "./pacman/sync-databases.ts";
import { watchDatabase } from "./pacman/watch.ts";
import { computePlan } from "./plan.ts";
import { recoverOperations } from "./recover.ts";

/** The rest says the same: a damaged database has thousands of torn entries. */
const MAX_HEALTH_PROBLEMS = 20;

export interface OpenMachineOptions {
  readonly config: AgentConfig;
  readonly endpointId: string;
}

/** Reads pacman.conf through pacman-conf. Throws with pacman's words when that fails. */
export async function openMachine({ config, endpointId }: OpenMachineOptions): Promise<Machine> {
  const reader = openInstallationReader(config.pacmanConfig);
  // Holds and repositories may change while the agent runs; the paths may not.
  let newest = await reader.read();
  const { rootDir, dbPath } = newest.configuration;
  const executor = { reader, stateDir: config.stateDir };
  return {
    root: rootDir,
    read: async () => {
      newest = await reader.read();
      return stateOf(newest, config);
    },
    watch: (changed, signal) => {
      watchDatabase(dbPath, changed, signal);
    },
    drift: (state, delivered) => driftOf(reader, newest, state, delivered),
    databaseFile: (repository) => databaseFileOf(dbPath, repository),
    plan: (question, signal) => computePlan({ reader, stateDir: config.stateDir, endpointId }, question, signal),
    execute: ({ operationId, fence, plan }, hooks) =>
      executeOperation(executor, { operationId, fence, planDigest: plan.digest }, hooks),
    outcomeOf: (order) => journalledOutcome(config.stateDir, order),
    recover: (hooks) => recoverOperations(executor, hooks),
  };
}

function journalledOutcome(stateDir: string, { operationId, fence }: Order): Outcome | undefined {
  const entries = listJournals(stateDir).find((journal) => journal.operationId === operationId)?.entries ?? [];
  const [begun] = attemptOf(entries);
  return begun?.kind === "begun" && begun.fence === fence ? endOf(entries) : undefined;
}

function stateOf({ configuration, local, own, held }: Installation, config: AgentConfig): MachineState {
  const interruption = readInterruption(config.stateDir);
  const healthProblems = [
    ...local.torn.map(
      ({ entry, why }) => `${entry} in pacman's database is torn: ${why}; run \`pacpool operation repair\``,
    ),
    ...(interruption === undefined
      ? []
      : [`operation ${interruption.operationId} was interrupted; run \`pacpool operation repair\` or sync again`]),
    ...own.missing.map((repository) => `repository ${repository} has no database; run \`pacman -Sy\` once`),
  ];
  return {
    set: local.set,
    digest: packageSetDigest(local.set, sha256Of),
    view: own.view,
    viewDigest: viewDigest(own.view, sha256Of),
    facts: {
      held,
      apply: effectiveApply(config.apply, configuration.rootDir),
      root: configuration.rootDir,
      isRebootRequired: isRebootRequired(configuration.rootDir),
      healthProblems: healthProblems.slice(0, MAX_HEALTH_PROBLEMS),
    },
  };
}

function driftOf(
  { cache }: InstallationReader,
  { own }: Installation,
  state: MachineState,
  { target, mirror, databaseFile }: DeliveredTarget,
): Drift {
  return computeDrift({
    installed: state.set,
    ownView: own.index,
    target,
    targetView: indexDatabases(target.view.databases, ({ sha256 }) => databaseFile(sha256), cache),
    targetSet: mirror,
    held: new Set(state.facts.held),
  });
}
