// Where a plan is to lead: to the pool's target, back to a set of this machine's own, or to the end of an operation that
// a kill cut short. Says what is wished; whether pacman can do it is computed elsewhere.

import { join } from "node:path";
import { computeDrift } from "../../domain/drift/compute-drift.ts";
import type { PackageSet } from "../../domain/package-set/package-set.ts";
import { computeRevertWish, computeWish } from "../../domain/plan/compute-wish.ts";
import type { Explained, Wish } from "../../domain/plan/wish.ts";
import { NO_POLICY } from "../../domain/policy/policy.ts";
import { resolvePolicy } from "../../domain/policy/resolve-policy.ts";
import { Refusal } from "../../domain/refusal.ts";
import type { ViewDatabase } from "../../domain/view/view.ts";
import type { ViewIndex } from "../../domain/view/view-index.ts";
import type { DatabaseStore } from "../database-store.ts";
import { findRevertRecord } from "../history.ts";
import type { Installation, InstallationReader } from "../installation.ts";
import { readInterruption } from "../interruption.ts";
import { operationsDirOf } from "../journal.ts";
import type { DeliveredTarget, PlanQuestion } from "../machine.ts";
import { databaseFileOf, indexDatabases } from "../pacman/sync-databases.ts";
import { loadPreparedPlan, type PreparedPlan } from "./prepared-plan.ts";

export interface Goal {
  readonly wish: Wish;
  /** The set to reach, of an exact wish. */
  readonly exact: PackageSet | undefined;
  readonly index: ViewIndex;
  /** What the machine's sync databases become. */
  readonly databases: readonly ViewDatabase[];
  readonly databaseFile: (sha256: string) => string;
  readonly targetRevision: number;
  readonly isRevert: boolean;
  readonly revertsOperationId: string;
  /** The pool's word on the way to its target; a way back and the end of an interrupted operation are not asked. */
  readonly refusesDowngrades?: boolean;
  /** What the same goal would ask for once this is installed; absent where the exact set says it. */
  readonly remaining?: (after: PackageSet) => Wish;
}

export interface GoalSurroundings {
  readonly stateDir: string;
  readonly reader: InstallationReader;
  readonly store: DatabaseStore;
}

/** Throws a Refusal when there is nothing to plan for. */
export function findGoal(question: PlanQuestion, installation: Installation, surroundings: GoalSurroundings): Goal {
  const unfinished = unfinishedPlan(surroundings.stateDir);
  // A revert that a kill cut short counts as undone already: another plain one would go a step too far back.
  const isFinishing = unfinished?.plan.isRevert === true && question.revertOperationId === undefined;
  if (question.revert && !isFinishing) return revertGoal(question.revertOperationId, installation, surroundings);
  if (unfinished !== undefined) return unfinishedGoal(unfinished, installation, surroundings);
  if (question.repair === true) return standstill(installation);
  if (question.delivered === undefined) throw new Refusal("NO_TARGET");
  return targetGoal(question.delivered, installation, surroundings);
}

/** Where the machine is already. */
function standstill({ own, configuration }: Installation): Goal {
  return {
    wish: { kind: "versions", set: [], remove: [], reasons: [], leftAlone: [] },
    exact: undefined,
    index: own.index,
    databases: own.view.databases,
    databaseFile: (sha256) => {
      const found = own.view.databases.find((one) => one.sha256 === sha256);
      return databaseFileOf(configuration.dbPath, found?.repository ?? "");
    },
    targetRevision: 0,
    isRevert: false,
    revertsOperationId: "",
  };
}

function targetGoal(delivered: DeliveredTarget, installation: Installation, { reader }: GoalSurroundings): Goal {
  const { target, mirror, databaseFile } = delivered;
  const { local, own, configuration } = installation;
  if (!configuration.architectures.includes(target.view.architecture)) {
    throw new Refusal("CLASS_UNKNOWN", { class: target.view.class });
  }
  const index = indexDatabases(target.view.databases, ({ sha256 }) => databaseFile(sha256), reader.cache);
  const wishFrom = (installed: PackageSet, ownView: ViewIndex): Wish => {
    const views = { ownView, targetView: index };
    const policy = resolvePolicy(delivered.policy ?? NO_POLICY, installed, views, installation.held);
    const sides = { installed, target, targetSet: mirror, policy, ...views };
    return computeWish({ ...sides, drift: computeDrift({ ...sides, held: policy.held, kept: policy.kept }) });
  };
  const wish = wishFrom(local.set, own.index);
  return {
    wish,
    exact: wish.kind === "exact" ? mirror : undefined,
    index,
    databases: target.view.databases,
    databaseFile,
    targetRevision: target.revision,
    isRevert: false,
    revertsOperationId: "",
    refusesDowngrades: delivered.policy?.allowDowngrade === false,
    // The machine's own view is the target's by then.
    remaining: (after) => wishFrom(after, index),
  };
}

function revertGoal(operationId: string | undefined, installation: Installation, surroundings: GoalSurroundings): Goal {
  const record = findRevertRecord(surroundings.stateDir, operationId);
  if (record === undefined) throw new Refusal("OPERATION_NOT_FOUND", { operation: operationId ?? "to go back from" });
  return ownSetGoal(record.set, record.databases, installation, surroundings, {
    targetRevision: record.targetRevision,
    isRevert: true,
    revertsOperationId: record.operationId,
  });
}

/** The plan whose execution a kill cut short. */
export function unfinishedPlan(stateDir: string): PreparedPlan | undefined {
  const interruption = readInterruption(stateDir);
  if (interruption === undefined) return undefined;
  return loadPreparedPlan(join(operationsDirOf(stateDir), interruption.operationId), interruption.planDigest);
}

/** To the end of the interrupted operation, whatever the target is by now: only there is the machine whole again. */
function unfinishedGoal(prepared: PreparedPlan, installation: Installation, surroundings: GoalSurroundings): Goal {
  const { targetRevision, isRevert } = prepared.plan;
  return ownSetGoal(prepared.after, prepared.databases, installation, surroundings, {
    targetRevision,
    isRevert,
    revertsOperationId: prepared.revertsOperationId,
  });
}

function ownSetGoal(
  set: PackageSet,
  databases: readonly ViewDatabase[],
  installation: Installation,
  { store, reader }: GoalSurroundings,
  rest: Pick<Goal, "targetRevision" | "isRevert" | "revertsOperationId">,
): Goal {
  const index = indexDatabases(databases, ({ sha256 }) => store.path(sha256), reader.cache);
  const held = new Set(installation.held);
  const wish = computeRevertWish({ installed: installation.local.set, recorded: set, held });
  const isForeign = (name: string): boolean => !index.packages.has(name) && !installation.own.index.packages.has(name);
  const foreign = [...wish.set, ...wish.remove].filter(({ name }) => isForeign(name)).map(leaveToOwner);
  const isLeft = new Set(foreign.map(({ name }) => name));
  const stays = ({ name }: { readonly name: string }): boolean => !isLeft.has(name);
  return {
    wish: {
      ...wish,
      set: wish.set.filter(stays),
      remove: wish.remove.filter(stays),
      reasons: wish.reasons.filter(stays),
      leftAlone: [...wish.leftAlone, ...foreign].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    },
    exact: set,
    index,
    databases,
    databaseFile: store.path,
    ...rest,
  };
}

function leaveToOwner({ name }: { readonly name: string }): Explained {
  return { name, why: "in no repository of this endpoint; its owner looks after it" };
}
