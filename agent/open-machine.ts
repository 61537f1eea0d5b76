// The machine that pacman.conf describes, as the session and the local socket want it: joins agent/pacman and agent/host
// to machine.ts. Must not know the wire.
import { computeDrift } from "../domain/drift/compute-drift.ts";
import type { Drift } from "../domain/drift/drift.ts";
import { packageSetDigest } from "../domain/package-set/canonical.ts";
import { Refusal } from "../domain/refusal.ts";
import { viewDigest } from "../domain/view/view.ts";
import { type AgentConfig, effectiveApply } from "./config.ts";
import { heldNames } from "./held.ts";
import type { DeliveredTarget, Machine, MachineState } from "./machine.ts";
import { type PacmanConfiguration, readConfiguration } from "./pacman/configuration.ts";
import { readLocalDatabase } from "./pacman/local-database.ts";
import {
  type DatabaseCache,
  type DigestMemory,
  databaseFileOf,
  indexDatabases,
  openDatabaseCache,
  readOwnView,
  sha256Of,
} from "./pacman/sync-databases.ts";
import { watchDatabase } from "./pacman/watch.ts";

/** The rest says the same: a damaged database has thousands of torn entries. */
const MAX_HEALTH_PROBLEMS = 20;

export interface OpenMachineOptions {
  readonly config: AgentConfig;
  readonly endpointId: string;
}

/** Reads pacman.conf through pacman-conf. Throws with pacman's words when that fails. */
export async function openMachine({ config }: OpenMachineOptions): Promise<Machine> {
  const configuration = await readConfiguration(config.pacmanConfig);
  const cache = openDatabaseCache();
  const memory: DigestMemory = new Map();
  const notYet = () => Promise.reject(new Refusal("PLAN_REFUSED"));
  return {
    root: configuration.rootDir,
    // Holds and repositories may change while the agent runs; the paths may not.
    read: async () => readMachine(await readConfiguration(config.pacmanConfig), config, cache, memory),
    watch: (changed, signal) => {
      watchDatabase(configuration.dbPath, changed, signal);
    },
    drift: (state, delivered) => driftOf(configuration, cache, state, delivered),
    databaseFile: (repository) => databaseFileOf(configuration.dbPath, repository),
    plan: notYet,
    execute: notYet,
    recover: () => Promise.resolve([]),
  };
}

function readMachine(
  configuration: PacmanConfiguration,
  config: AgentConfig,
  cache: DatabaseCache,
  memory: DigestMemory,
): MachineState {
  const { set, packages, torn } = readLocalDatabase(configuration.dbPath);
  const { view, missing } = readOwnView(configuration, cache, memory);
  const healthProblems = [
    ...torn.map(({ entry, why }) => `${entry} in pacman's database is torn: ${why}; run \`pacpool operation repair\``),
    ...missing.map((repository) => `repository ${repository} has no database; run \`pacman -Sy\` once`),
  ];
  return {
    set,
    digest: packageSetDigest(set, sha256Of),
    view,
    viewDigest: viewDigest(view, sha256Of),
    facts: {
      held: heldNames(configuration, packages.values()),
      apply: effectiveApply(config.apply, configuration.rootDir),
      root: configuration.rootDir,
      isRebootRequired: false,
      healthProblems: healthProblems.slice(0, MAX_HEALTH_PROBLEMS),
    },
  };
}

function driftOf(
  configuration: PacmanConfiguration,
  cache: DatabaseCache,
  state: MachineState,
  { target, mirror, databaseFile }: DeliveredTarget,
): Drift {
  return computeDrift({
    installed: state.set,
    ownView: indexDatabases(
      state.view.databases,
      ({ repository }) => databaseFileOf(configuration.dbPath, repository),
      cache,
    ),
    target,
    targetView: indexDatabases(target.view.databases, ({ sha256 }) => databaseFile(sha256), cache),
    targetSet: mirror,
    held: new Set(state.facts.held),
  });
}
