import { describe, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import type { Plan, PlanStep } from "../../domain/plan/plan.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeStatusCounts, type PoolView } from "../../rpc/codec/pool.ts";
import { endpointJson, statusJson } from "./endpoint.ts";
import { formatJson, jsonTime } from "./json.ts";
import { operationJson } from "./operation.ts";
import { planJson } from "./plan.ts";
import { poolJson } from "./pool.ts";

const endpoint: EndpointView = {
  id: "e1",
  name: "borealis",
  poolId: "p1",
  pool: "studio",
  labels: { room: "upstairs" },
  status: "behind",
  reasons: ["2 older"],
  isOnline: true,
  lastSeenMs: Date.UTC(2026, 4, 1),
  reportedAtMs: 0,
  digest: "ab",
  packages: 1_204,
  counts: { ...NO_DRIFT, older: 2, held: 1 },
  appliedRevision: 0,
  operationId: "",
  agentVersion: "0.1.0",
  isRebootRequired: false,
  inbox: 0,
  apply: "ask",
  root: "/",
};

function step(action: PlanStep["action"], name: string, fromVersion: string, toVersion: string): PlanStep {
  return {
    action,
    name,
    fromVersion,
    toVersion,
    repository: action === "remove" ? "" : "core",
    architecture: "x86_64",
    buildDate: 0,
    downloadBytes: 10,
    why: "because",
  };
}

describe("JSON for machines", () => {
  it("has every promised field of `endpoint list`, and reasons in `status`", () => {
    expect(endpointJson(endpoint)).toMatchObject({
      name: "borealis",
      pool: "studio",
      status: "behind",
      online: true,
      digest: "ab",
      packages: 1_204,
      older: 2,
      newer: 0,
      missing: 0,
      extra: 0,
      held: 1,
      foreign: 0,
      lastSeen: "2026-05-01T00:00:00.000Z",
      reportedAt: null,
    });
    expect(statusJson(endpoint)["reasons"]).toEqual(["2 older"]);
  });

  it("has every promised field of `pool show`", () => {
    const pool: PoolView = {
      id: "p1",
      name: "studio",
      mode: "versions",
      description: "",
      revision: 12n,
      target: {
        revision: 3,
        mode: "versions",
        view: { architecture: "x86_64", class: "", databases: [] },
        viewDigest: "dd",
        otherViews: [],
        pins: new Map([["linux", "6.9-1"]]),
        shared: [],
        packageSetDigest: "cc",
        sourceEndpointId: "e1",
        sourceEndpoint: "atlas",
        author: "anna",
        message: "May",
        createdAtMs: Date.UTC(2026, 4, 1),
        bad: false,
        restoresRevision: 0,
      },
      endpoints: 4,
      online: 3,
      counts: { ...decodeStatusCounts(undefined), "in-sync": 3, "pending-approval": 1 },
      createdAtMs: 0,
      conflicts: "newest",
      allowDowngrade: false,
      consent: { apply: "window", reboot: "", windows: ["Sat 02:00-04:00"], missedWindow: "next" },
      upstream: { newer: 50, newerInstalled: 41, builtAt: Date.UTC(2026, 4, 20) / 1_000, endpoint: "borealis" },
      staleAfterDays: 14,
    };
    expect(poolJson(pool)).toMatchObject({
      name: "studio",
      mode: "versions",
      revision: 12,
      target: { revision: 3, digest: "cc", message: "May", source: "atlas", time: "2026-05-01T00:00:00.000Z" },
      endpoints: 4,
      counts: { inSync: 3, pendingApproval: 1, behind: 0 },
      conflicts: "newest",
      downgrade: "refuse",
      apply: "window",
      reboot: "",
      windows: ["Sat 02:00-04:00"],
      missedWindow: "next",
      upstream: { newer: 50, newerInstalled: 41, asOf: "2026-05-20T00:00:00.000Z", endpoint: "borealis" },
      staleAfterDays: 14,
      targetIsOld: true,
    });
    expect(poolJson({ ...pool, target: undefined })["target"]).toBeNull();
  });

  it("has every promised field of `plan`, steps by what happens", () => {
    const plan: Plan = {
      digest: "d",
      endpointId: "e1",
      baseDigest: "b",
      afterDigest: "a",
      targetRevision: 3,
      isRevert: false,
      steps: [
        step("remove", "old", "1-1", ""),
        step("install", "new", "", "2-1"),
        step("upgrade", "bash", "5-1", "5-2"),
      ],
      reasons: [{ name: "bash", reason: "explicit" }],
      warnings: ["careful"],
      leftAlone: [{ name: "yay", why: "foreign" }],
      downloadBytes: 20,
      installedDeltaBytes: -5,
    };
    const json = planJson(plan, "borealis");
    expect(json).toMatchObject({
      baseDigest: "b",
      planDigest: "d",
      install: [{ name: "new", fromVersion: null, toVersion: "2-1" }],
      upgrade: [{ name: "bash", fromVersion: "5-1", toVersion: "5-2" }],
      downgrade: [],
      remove: [{ name: "old", fromVersion: "1-1", toVersion: null }],
      reasons: [{ name: "bash", reason: "explicit" }],
      warnings: ["careful"],
      leftAlone: [{ name: "yay", why: "foreign" }],
      downloadBytes: 20,
    });
  });

  it("has every promised field of `operation show`, an outcome only at the end", () => {
    const operation: OperationView = {
      id: "o1",
      endpointId: "e1",
      endpoint: "borealis",
      poolId: "p1",
      planDigest: "d",
      targetRevision: 3,
      isRevert: false,
      state: "running",
      step: "transaction",
      percent: 60,
      message: "",
      author: "anna",
      createdAtMs: 1,
      startedAtMs: Date.UTC(2026, 4, 1),
      finishedAtMs: 0,
      problems: [],
      changes: 3,
    };
    expect(operationJson(operation)).toMatchObject({
      id: "o1",
      endpoint: "borealis",
      state: "running",
      step: "transaction",
      percent: 60,
      startedAt: "2026-05-01T00:00:00.000Z",
      finishedAt: null,
      outcome: null,
      problems: [],
    });
    expect(operationJson({ ...operation, state: "degraded" })["outcome"]).toBe("degraded");
  });

  it("escapes what a terminal would obey and stays the same value", () => {
    const text = "a\u009b2Jb\u202ec\u001b";
    expect(formatJson({ text }).replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(formatJson({ text }))).toEqual({ text });
  });

  it("has no time where there is none", () => {
    expect(jsonTime(0)).toBeNull();
  });
});
