// Why a key cannot do its deed right now, in a sentence that says what would help. Undefined when it can.

import { hasTransactionBegun, isFinished, isUnderWay } from "../../domain/operation/lifecycle.ts";
import { waitingConflicts } from "../store/conflicts-of.ts";
import { momentOf } from "../store/moment-of.ts";
import { hasMarkedEndpoints, isOfMachines } from "../store/person.ts";
import { profileAt } from "../store/rows/connection-rows.ts";
import { filterOf, isHere } from "../store/select.ts";
import type { Situation } from "../store/situation.ts";
import { columnsOf } from "../store/sort.ts";
import { isPlanning, MAX_POOL_SYNC } from "../store/starts.ts";
import { isPoolsScreen } from "../store/state.ts";

type Reason = string | undefined;

/** For every deed: the server must be there, one deed at a time. */
export function deedDisabled({ state }: Situation): Reason {
  switch (state.link.kind) {
    case "unset":
      return "no server is known here yet: run pacpool init, or pacpool join CODE";
    case "connecting":
      return "still connecting to the server";
    case "lost":
      return "the server is gone; this works again as soon as it is back";
    case "refused":
      return state.link.because;
    case "live":
      return state.doing === undefined ? undefined : `still ${state.doing}`;
  }
}

export function planDisabled(situation: Situation): Reason {
  const { endpoint, pool, operation } = situation;
  if (endpoint === undefined) return "no endpoint is selected";
  if (operation !== undefined && isUnderWay(operation.state) && endpoint.operationId === operation.id) {
    return `an operation is under way on ${endpoint.name}; o shows it`;
  }
  if (!endpoint.isOnline) return `${endpoint.name} is asleep; only the machine itself can compute its plan`;
  if (endpoint.digest === "") return `${endpoint.name} has not reported its packages yet`;
  if (pool?.target === undefined) return `pool ${endpoint.pool} has no target yet; L on an endpoint makes one`;
  return deedDisabled(situation);
}

export function syncDisabled(situation: Situation): Reason {
  const { endpoint, route, operation } = situation;
  if (route.kind !== "plan" && hasMarkedEndpoints(situation)) return markedDisabled(situation);
  const reason = planDisabled(situation);
  if (reason !== undefined || endpoint === undefined) return reason;
  if (route.kind === "plan") {
    if (route.isRevert) return "this is the way back: R carries it out";
    if (operation?.state === "pending-approval") return "an operation with this plan waits already: a approves it";
    return planRunDisabled(situation);
  }
  return endpoint.status === "in-sync" ? `${endpoint.name} is in sync: there is nothing to do` : undefined;
}

function markedDisabled(situation: Situation): Reason {
  const { size } = situation.marked;
  if (size > MAX_POOL_SYNC) return `${size} machines at once are more than a person can read; mark fewer`;
  return deedDisabled(situation);
}

export function syncPoolDisabled(situation: Situation): Reason {
  const { pool } = situation;
  if (hasMarkedEndpoints(situation)) return markedDisabled(situation);
  if (pool === undefined) return "no pool is selected";
  if (pool.target === undefined) return `pool ${pool.name} has no target yet; L on an endpoint makes one`;
  const reason = deedDisabled(situation);
  if (reason !== undefined) return reason;
  // Counts, not endpoints: this is asked for every frame, and there may be ten thousand.
  const count = pool.counts.behind + pool.counts.diverged + pool.counts.degraded;
  if (count > MAX_POOL_SYNC)
    return `${count} machines at once are more than a person can read; use pacpool sync --pool`;
  return count === 0 ? `no machine of ${pool.name} is behind, diverged or degraded` : undefined;
}

export function revertDisabled(situation: Situation): Reason {
  const { route, pool, target } = situation;
  if (route.kind === "history") {
    if (target === undefined || pool?.target === undefined) return "no target is selected";
    const first = target.revision === 1 && pool.target.revision === 1;
    if (first) return "this is the first target: there is none to return to";
    if (target.bad) return `target ${target.revision} is marked bad; select another one to return to`;
    return deedDisabled(situation);
  }
  const reason = planDisabled(situation);
  if (reason !== undefined || route.kind !== "plan") return reason;
  return route.isRevert ? planRunDisabled(situation) : undefined;
}

function planRunDisabled({ plan, endpoint, state, route }: Situation): Reason {
  const name = route.kind === "plan" ? `${route.isRevert ? "revert" : "plan"} ${route.endpointId}` : "";
  const load = state.loads.get(name);
  if (load?.isLoading === true) return "the plan is still being computed";
  if (plan === undefined) return "there is no plan to carry out";
  if (endpoint !== undefined && plan.baseDigest !== endpoint.digest) {
    return `${endpoint.name} has changed since this plan was made; p makes a new one`;
  }
  if (plan.steps.length + plan.reasons.length === 0) return "the plan changes nothing";
  if (endpoint?.apply === "never") {
    return `the owner of ${endpoint.name} allows plans only (apply = "never" in its agent.toml)`;
  }
  return undefined;
}

export function setLatestDisabled(situation: Situation): Reason {
  const { endpoint } = situation;
  if (endpoint === undefined) return "no endpoint is selected";
  if (endpoint.digest === "") return `${endpoint.name} has not reported its packages yet`;
  if (endpoint.status === "syncing") return `an operation is under way on ${endpoint.name}; o shows it`;
  if (endpoint.status === "degraded") return `${endpoint.name} is degraded; repair it before it becomes a target`;
  return deedDisabled(situation);
}

export function updateDisabled(situation: Situation): Reason {
  const { endpoint, state } = situation;
  if (endpoint === undefined) return "no endpoint is selected";
  if (!isHere(state, endpoint)) {
    return `update runs on the machine itself: run pacpool update on ${endpoint.name}`;
  }
  return state.updateDisabled ?? deedDisabled(situation);
}

export function historyDisabled({ pool }: Situation): Reason {
  if (pool === undefined) return "no pool is selected";
  return pool.target === undefined ? `pool ${pool.name} has no target yet; L on an endpoint makes one` : undefined;
}

export function operationDisabled(situation: Situation): Reason {
  const { endpoint, operation } = situation;
  if (endpoint === undefined) return "no endpoint is selected";
  return operation === undefined ? deedDisabled(situation) : undefined;
}

export function approveDisabled(situation: Situation): Reason {
  const { operation, state, route, endpoint } = situation;
  if (operation?.state !== "pending-approval") return "no operation waits for approval here";
  const waiting = waitingConflicts(state, operation);
  if (waiting > 0) return `${waiting} package${waiting === 1 ? " waits" : "s wait"} for a decision first: x shows them`;
  if (route.kind === "plan" && endpoint !== undefined) return planRunDisabled(situation) ?? deedDisabled(situation);
  return deedDisabled(situation);
}

export function stopDisabled({ state }: Situation): Reason {
  if (isPlanning(state.doing)) return undefined;
  return state.doing === undefined ? "nothing is being planned" : "what was begun goes on; c cancels an operation";
}

export function cancelDisabled(situation: Situation): Reason {
  const { operation, endpoint, route } = situation;
  if (operation === undefined && route.kind !== "operation") {
    return endpoint === undefined ? "no endpoint is selected" : `no operation is under way on ${endpoint.name}`;
  }
  if (operation === undefined || isFinished(operation.state)) return "this operation has finished";
  if (operation.state === "running" && operation.step !== undefined && hasTransactionBegun(operation.step)) {
    return "pacman is at work; it must not be stopped halfway";
  }
  return deedDisabled(situation);
}

export function repairDisabled(situation: Situation): Reason {
  const state = situation.operation?.state;
  if (state !== "degraded" && state !== "interrupted") return "there is nothing to repair";
  return deedDisabled(situation);
}

export function openDisabled({ position, route, item }: Situation): Reason {
  if (position.id === "") return "nothing is selected";
  if (route.kind === "connection" && profileAt(position.id) !== undefined) return undefined;
  const isTop = isPoolsScreen(route) || route.kind === "pool" || route.kind === "endpoints";
  if (isTop || item?.opens !== undefined || momentOf(route, position.id, "") !== undefined) return undefined;
  return "there is nothing further to open";
}

export function backDisabled({ state, route, marked }: Situation): Reason {
  const isHome = state.routes.length === 0 && filterOf(state, route) === "" && marked.size === 0;
  return isHome ? "this is home; q quits" : undefined;
}

export function trailDisabled({ state }: Situation): Reason {
  return state.trail.length === 0 ? "there is no screen before this one" : undefined;
}

export function markDisabled({ ids }: Situation): Reason {
  return ids.length === 0 ? "there are no rows to mark" : undefined;
}

export function sortDisabled({ route }: Situation): Reason {
  return columnsOf(route.kind).length === 0 ? "this list has one order only" : undefined;
}

export function copyDisabled({ ids }: Situation): Reason {
  return ids.length === 0 ? "there is nothing to copy here" : undefined;
}

export function personDisabled({ state, ids }: Situation): Reason {
  const isOfFleet = isOfMachines(state.fleet, ids[0] ?? "");
  return isOfFleet ? undefined : "this works in lists of endpoints and of pools";
}
