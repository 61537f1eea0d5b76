// Pools, endpoints and what belongs to them as clients see them, each with good defaults: for tests that draw without a
// server.

import { type DriftCounts, NO_DRIFT } from "../../domain/drift/drift.ts";
import type { Plan, PlanStep } from "../../domain/plan/plan.ts";
import { NO_CONSENT } from "../../domain/policy/policy.ts";
import type { Target } from "../../domain/target/target.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeStatusCounts, type PoolView } from "../../rpc/codec/pool.ts";

/** The moment at which all of it is looked at. */
export const NOW_MS = Date.UTC(2026, 4, 20, 12, 0, 0);

const MINUTE_MS = 60_000;

export function aTarget(more: Partial<Target> = {}): Target {
  return {
    revision: 4,
    mode: "versions",
    view: { architecture: "x86_64", class: "", databases: [{ repository: "core", sha256: "a".repeat(64), size: 100 }] },
    viewDigest: "b".repeat(64),
    otherViews: [],
    pins: new Map(),
    shared: [],
    packageSetDigest: "c".repeat(64),
    sourceEndpointId: "e-atlas",
    sourceEndpoint: "atlas",
    author: "ada",
    message: "May, tested on atlas",
    createdAtMs: NOW_MS - 5 * MINUTE_MS,
    bad: false,
    restoresRevision: 0,
    ...more,
  };
}

export function aPool(name = "studio", more: Partial<PoolView> = {}): PoolView {
  return {
    id: `p-${name}`,
    name,
    mode: "versions",
    description: "",
    revision: 1n,
    target: aTarget(),
    endpoints: 3,
    online: 2,
    counts: { ...decodeStatusCounts(undefined), "in-sync": 1, behind: 2 },
    createdAtMs: NOW_MS - 60 * MINUTE_MS,
    conflicts: "use-target",
    allowDowngrade: true,
    consent: NO_CONSENT,
    upstream: undefined,
    staleAfterDays: 14,
    ...more,
  };
}

export function counts(more: Partial<DriftCounts>): DriftCounts {
  return { ...NO_DRIFT, ...more };
}

export function anEndpoint(name: string, more: Partial<EndpointView> = {}): EndpointView {
  return {
    id: `e-${name}`,
    name,
    poolId: "p-studio",
    pool: "studio",
    labels: {},
    status: "in-sync",
    reasons: [],
    isOnline: true,
    lastSeenMs: NOW_MS,
    reportedAtMs: NOW_MS - MINUTE_MS,
    digest: "d".repeat(64),
    packages: 1_234,
    counts: NO_DRIFT,
    appliedRevision: 4,
    operationId: "",
    agentVersion: "0.1.0",
    isRebootRequired: false,
    inbox: 0,
    apply: "ask",
    root: "/",
    ...more,
  };
}

export function anOperation(id: string, more: Partial<OperationView> = {}): OperationView {
  return {
    id,
    endpointId: "e-borealis",
    endpoint: "borealis",
    poolId: "p-studio",
    planDigest: "f".repeat(64),
    targetRevision: 4,
    isRevert: false,
    state: "running",
    step: "transaction",
    percent: 54,
    message: "upgrading firefox (3/7)",
    author: "ada",
    createdAtMs: NOW_MS - 20_000,
    startedAtMs: NOW_MS - 19_000,
    finishedAtMs: 0,
    problems: [],
    changes: 7,
    ...more,
  };
}

export function driftLine(name: string, more: Partial<DriftLine> = {}): DriftLine {
  return { name, kind: "older", installed: "1.0-1", wanted: "2.0-1", why: "the target's view has 2.0-1", ...more };
}

export function planStep(name: string, more: Partial<PlanStep> = {}): PlanStep {
  return {
    action: "upgrade",
    name,
    fromVersion: "1.0-1",
    toVersion: "2.0-1",
    repository: "extra",
    architecture: "x86_64",
    buildDate: 1_748_736_000,
    downloadBytes: 18_400_000,
    why: "the target's view has 2.0-1",
    ...more,
  };
}

export function aPlan(more: Partial<Plan> = {}): Plan {
  return {
    digest: "9".repeat(64),
    endpointId: "e-borealis",
    baseDigest: "d".repeat(64),
    afterDigest: "8".repeat(64),
    targetRevision: 4,
    isRevert: false,
    steps: [
      planStep("pipewire-media-session", { action: "remove", toVersion: "", repository: "", downloadBytes: 0 }),
      planStep("firefox"),
    ],
    reasons: [],
    warnings: ["the kernel changes: a reboot will be needed"],
    leftAlone: [{ name: "aur-helper", why: "foreign: in no repository of this endpoint" }],
    downloadBytes: 18_400_000,
    installedDeltaBytes: 31_400_000,
    ...more,
  };
}
