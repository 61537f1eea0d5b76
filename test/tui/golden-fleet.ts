// The fixed fleet of the golden screens: two pools in every status, at one moment, with the answer to every screen. Nothing
// in it comes from a clock or from chance.
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import { decodeStatusCounts } from "../../rpc/codec/pool.ts";
import type { LoadedValue } from "../../tui/store/state.ts";
import { snapshotOf } from "../support/tui-app.tsx";
import {
  anEndpoint,
  anOperation,
  aPlan,
  aPool,
  aTarget,
  counts,
  driftLine,
  NOW_MS,
  planStep,
} from "../support/tui-data.ts";
import { aConflict, anAnalysis, aPackage, aRule, packageEndpoint } from "../support/tui-moments.ts";
import { type RecordedServer, recordedServer } from "../support/tui-server.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const studio = aPool("studio", {
  description: "editing and sound",
  endpoints: 8,
  online: 7,
  counts: {
    ...decodeStatusCounts(undefined),
    "in-sync": 1,
    behind: 2,
    ahead: 1,
    diverged: 1,
    syncing: 1,
    "pending-approval": 1,
    degraded: 1,
  },
});
const kiosks = aPool("kiosks", {
  mode: "mirror",
  endpoints: 1,
  online: 1,
  target: aTarget({ revision: 2, mode: "mirror", message: "kiosk image", sourceEndpoint: "kiosk-1" }),
  counts: { ...decodeStatusCounts(undefined), "in-sync": 1 },
});

const machines: readonly EndpointView[] = [
  anEndpoint("atlas", { labels: { role: "desk" } }),
  anEndpoint("borealis", {
    status: "behind",
    counts: counts({ older: 4, foreign: 1 }),
    reasons: ["4 packages are older than the target's"],
    inbox: 1,
  }),
  anEndpoint("cassini", {
    status: "diverged",
    counts: counts({ older: 3, newer: 1 }),
    reasons: ["sway is newer than the target's and 3 packages are older"],
  }),
  anEndpoint("dione", {
    status: "behind",
    isOnline: false,
    lastSeenMs: NOW_MS - 3 * DAY_MS,
    counts: counts({ older: 9 }),
    reasons: ["9 packages are older than the target's"],
  }),
  anEndpoint("europa", { status: "ahead", counts: counts({ newer: 2 }), reasons: ["2 packages are newer"] }),
  anEndpoint("fornax", { status: "syncing", operationId: "op-run", counts: counts({ older: 7 }) }),
  anEndpoint("ganymede", {
    status: "pending-approval",
    operationId: "op-wait",
    counts: counts({ older: 2 }),
    reasons: ["an operation waits for approval"],
  }),
  anEndpoint("hyperion", {
    status: "degraded",
    reasons: ["the last sync failed: the disk is full"],
    isRebootRequired: true,
    inbox: 2,
  }),
  anEndpoint("kiosk-1", { poolId: "p-kiosks", pool: "kiosks", appliedRevision: 2 }),
];

const running = anOperation("op-run", { endpointId: "e-fornax", endpoint: "fornax" });
const waiting = anOperation("op-wait", {
  endpointId: "e-ganymede",
  endpoint: "ganymede",
  state: "pending-approval",
  step: undefined,
  percent: 0,
  message: "",
  startedAtMs: 0,
});
const failed = anOperation("op-failed", {
  endpointId: "e-hyperion",
  endpoint: "hyperion",
  state: "failed",
  step: "fetch",
  problems: ["the disk is full: 1.2 GiB are needed in /var, 0.4 GiB are free"],
  startedAtMs: NOW_MS - 31 * MINUTE_MS,
  finishedAtMs: NOW_MS - 30 * MINUTE_MS,
});
const done = anOperation("op-done", {
  endpointId: "e-atlas",
  endpoint: "atlas",
  state: "succeeded",
  step: "proof",
  percent: 100,
  startedAtMs: NOW_MS - 3 * 60 * MINUTE_MS,
  finishedAtMs: NOW_MS - 179 * MINUTE_MS,
});
const operations: readonly OperationView[] = [running, waiting, failed, done];

const drift = [
  driftLine("firefox", { installed: "125.0.3-1", wanted: "126.0-1" }),
  driftLine("linux", { installed: "6.8.9.arch1-1", wanted: "6.9.3.arch1-1" }),
  driftLine("sway", { kind: "newer", installed: "1:1.10-1", wanted: "1:1.9-4", why: "newer than the target's view" }),
  driftLine("wireplumber", { kind: "missing", installed: "", wanted: "0.5.3-1", why: "shared by the whole pool" }),
  driftLine("aur-helper", { kind: "foreign", installed: "12.3.5-1", wanted: "", why: "in no repository of it" }),
];
const plan = aPlan({
  steps: [
    planStep("pipewire-media-session", {
      action: "remove",
      fromVersion: "1:0.4.2-2",
      toVersion: "",
      repository: "",
      downloadBytes: 0,
      why: "replaced by wireplumber",
    }),
    planStep("sway", { action: "downgrade", fromVersion: "1:1.10-1", toVersion: "1:1.9-4" }),
    planStep("firefox", { fromVersion: "125.0.3-1", toVersion: "126.0-1" }),
    planStep("linux", { fromVersion: "6.8.9.arch1-1", toVersion: "6.9.3.arch1-1", repository: "core" }),
    planStep("wireplumber", { action: "install", fromVersion: "", toVersion: "0.5.3-1" }),
  ],
});
const log = [
  { atMs: NOW_MS - 19_000, step: "check", percent: 0, message: "the plan still holds" },
  { atMs: NOW_MS - 12_000, step: "fetch", percent: 20, message: "fetching firefox 126.0-1" },
  { atMs: NOW_MS - 3_000, step: "transaction", percent: 54, message: "upgrading firefox (3/7)" },
] as const;

const april = aTarget({ revision: 3, message: "April", shared: ["vim"], createdAtMs: NOW_MS - 30 * DAY_MS });
const march = aTarget({ revision: 2, message: "March", bad: true, createdAtMs: NOW_MS - 60 * DAY_MS });
const entries = [
  {
    endpointId: "e-hyperion",
    endpoint: "hyperion",
    pool: "studio",
    items: [
      { kind: "reboot", subject: "linux", what: "linux was replaced: reboot when it suits", digest: "" },
      { kind: "approval", subject: "firefox", what: "decide about firefox", digest: "" },
    ],
  },
  {
    endpointId: "e-borealis",
    endpoint: "borealis",
    pool: "studio",
    items: [{ kind: "reboot", subject: "glibc", what: "glibc was replaced: reboot when it suits", digest: "" }],
  },
] as const;
const conflicts = [
  aConflict("firefox", { endpointId: "e-ganymede", endpoint: "ganymede" }),
  aConflict("python", { endpointId: "e-ganymede", endpoint: "ganymede", take: "target", decidedBy: "ada" }),
];
const firefox = aPackage([
  packageEndpoint("atlas"),
  packageEndpoint("borealis", { version: "125.0.3-1", drift: "older", why: "older than the target's" }),
  packageEndpoint("cassini", { version: "", drift: "missing", why: "not installed, and shared by the whole pool" }),
]);

const answers: Readonly<Record<string, LoadedValue>> = {
  overview: { kind: "overview", entries, operations: [failed, done] },
  ...Object.fromEntries(machines.map(({ id }) => [`drift ${id}`, { kind: "drift", targetRevision: 4, items: [] }])),
  "drift e-borealis": { kind: "drift", targetRevision: 4, items: drift },
  "plan e-borealis": { kind: "plan", plan },
  "history p-studio": { kind: "history", targets: [aTarget(), april, march] },
  "target p-studio 3": { kind: "target", details: { target: april, reach: undefined } },
  "diff p-studio 2 4": {
    kind: "diff",
    diff: { from: march, to: aTarget({ shared: ["vim"] }), items: drift.slice(0, 3) },
  },
  "operation op-run": { kind: "operation", operation: running, plan, conflicts: [], log },
  "operation op-wait": { kind: "operation", operation: waiting, plan, conflicts: conflicts.slice(0, 1), log: [] },
  "conflicts p-studio e-ganymede": { kind: "conflicts", conflicts },
  "conflicts p-studio ": { kind: "conflicts", conflicts },
  "rules p-studio": { kind: "rules", rules: [aRule("linux*"), aRule("steam", { kind: "own" })] },
  "analysis p-studio": { kind: "analysis", analysis: { summary: anAnalysis(), packages: [], totalPackages: 0 } },
  "package p-studio firefox": { kind: "package", found: firefox },
  "inbox  ": { kind: "inbox", entries },
  "operations  ": { kind: "operations", operations },
  connection: {
    kind: "connection",
    caller: { name: "ada", role: "operator", serverVersion: "0.1.0", protocolVersion: 1, fingerprint: "q4Uu" },
  },
};

export function goldenServer(): RecordedServer {
  const item = (operation: OperationView) =>
    ({ kind: "snapshot-item", poolId: "p-studio", item: { kind: "operation", operation } }) as const;
  const events = [item(running), item(waiting), ...snapshotOf([studio, kiosks], machines)];
  return recordedServer({ pools: [studio, kiosks], events, answers });
}
