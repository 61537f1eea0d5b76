// What the screens that are one list ask of a server, each with as many calls as it takes, and within bounds.
import { decodeCaller } from "../../rpc/codec/access.ts";
import { encodePackageKind } from "../../rpc/codec/analysis.ts";
import { decodeAnalysedPackage, decodeAnalysis } from "../../rpc/codec/analysis-view.ts";
import { decodeDriftItem } from "../../rpc/codec/drift.ts";
import { decodeInboxEntry, type InboxEntryView } from "../../rpc/codec/inbox.ts";
import { decodeOperation, decodeOperationLog } from "../../rpc/codec/operation.ts";
import { decodePackage, type PackageEndpointView } from "../../rpc/codec/package.ts";
import { decodePlan } from "../../rpc/codec/plan.ts";
import { type ConflictView, decodeConflict, decodeRule, type RuleView } from "../../rpc/codec/policy.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import { decodeTargetReach } from "../../rpc/codec/target-reach.ts";
import type { Connection } from "../../rpc/connection.ts";
import type { ListRoute, ListValue, LoadedValue } from "./state.ts";

/** Endpoints of one package that are read: nobody walks through more. */
const MAX_ENDPOINTS = 10_000;
const ENDPOINT_PAGE = 2_000;
const MAX_OPERATIONS = 200;
const OVERVIEW_OPERATIONS = 30;
const MAX_RULES = 5_000;
const RULE_PAGE = 1_000;
const ANALYSED_PACKAGES = 500;
/** Whole moments of a distribution that the server meets for the first time take it a while. */
const SLOW_MS = 60_000;

export function readList(connection: Connection, route: ListRoute, signal: AbortSignal): Promise<ListValue> {
  switch (route.kind) {
    case "package":
      return readPackage(connection, route, signal);
    case "target":
      return readTarget(connection, route, signal);
    case "diff":
      return readDiff(connection, route, signal);
    case "conflicts":
      return readConflicts(connection, route, signal);
    case "rules":
      return readRules(connection, signal);
    case "analysis":
      return readAnalysis(connection, route.poolId, signal);
    case "connection":
      return readCaller(connection, signal);
    case "inbox":
      return readInbox(connection, route, signal);
    case "operations":
      return readOperations(connection, route, signal);
  }
}

type RouteOf<Kind extends ListRoute["kind"]> = Extract<ListRoute, { readonly kind: Kind }>;

async function readPackage(
  { analyses }: Connection,
  { name, poolId: pool }: RouteOf<"package">,
  signal: AbortSignal,
): Promise<ListValue> {
  const options = { signal, timeoutMs: SLOW_MS };
  const request = { name, pool, pageSize: ENDPOINT_PAGE };
  const first = await analyses.getPackage(request, options);
  const found = decodePackage(first);
  const endpoints: PackageEndpointView[] = [...found.endpoints];
  let pageToken = first.nextPageToken;
  while (pageToken !== "" && endpoints.length < MAX_ENDPOINTS) {
    const page = await analyses.getPackage({ ...request, pageToken }, options);
    endpoints.push(...decodePackage(page).endpoints);
    pageToken = page.nextPageToken;
  }
  return { kind: "package", found: { ...found, endpoints } };
}

async function readTarget(
  { targets }: Connection,
  { poolId: pool, revision }: RouteOf<"target">,
  signal: AbortSignal,
): Promise<ListValue> {
  const request = { pool, revision: BigInt(revision) };
  const { target } = await targets.getTarget(request, { signal });
  if (target === undefined) throw new Error(`the server answered without target ${revision}`);
  const details = { target: decodeTarget(target), reach: undefined };
  try {
    const reach = decodeTargetReach(await targets.verifyTarget(request, { signal, timeoutMs: SLOW_MS }));
    return { kind: "target", details: { ...details, reach } };
  } catch (error) {
    if (signal.aborted) throw error;
    // What the target is can be shown all the same.
    return { kind: "target", details };
  }
}

async function readDiff(
  { targets }: Connection,
  { poolId: pool, from, to }: RouteOf<"diff">,
  signal: AbortSignal,
): Promise<ListValue> {
  const [fromRevision, toRevision] = [BigInt(from), BigInt(to)];
  const [before, after, diff] = await Promise.all([
    targets.getTarget({ pool, revision: fromRevision }, { signal }),
    targets.getTarget({ pool, revision: toRevision }, { signal }),
    targets.diffTargets({ pool, fromRevision, toRevision }, { signal, timeoutMs: SLOW_MS }),
  ]);
  if (before.target === undefined || after.target === undefined)
    throw new Error("the server answered without a target");
  const [one, other] = [decodeTarget(before.target), decodeTarget(after.target)];
  return { kind: "diff", diff: { from: one, to: other, items: diff.items.map(decodeDriftItem) } };
}

async function readConflicts(
  { policies }: Connection,
  { poolId: pool, endpointId: endpoint }: RouteOf<"conflicts">,
  signal: AbortSignal,
): Promise<ListValue> {
  const { conflicts } = await policies.listConflicts({ pool, endpoint }, { signal });
  return { kind: "conflicts", conflicts: conflicts.map(decodeConflict) };
}

async function readRules({ policies }: Connection, signal: AbortSignal): Promise<ListValue> {
  const rules: RuleView[] = [];
  let pageToken = "";
  do {
    const page = await policies.listRules({ pageSize: RULE_PAGE, pageToken }, { signal });
    rules.push(...page.rules.map(decodeRule));
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && rules.length < MAX_RULES);
  return { kind: "rules", rules };
}

async function readAnalysis({ analyses }: Connection, pool: string, signal: AbortSignal): Promise<ListValue> {
  const kind = encodePackageKind("different");
  const request = { pool, kind, withinClass: true, installed: true, pageSize: ANALYSED_PACKAGES };
  const { analysis, packages, totalPackages } = await analyses.analyzePool(request, { signal, timeoutMs: SLOW_MS });
  if (analysis === undefined) throw new Error("the server answered without an analysis");
  const summary = decodeAnalysis(analysis);
  return {
    kind: "analysis",
    analysis: { summary, packages: packages.map(decodeAnalysedPackage), totalPackages },
  };
}

async function readCaller({ access }: Connection, signal: AbortSignal): Promise<ListValue> {
  return { kind: "connection", caller: decodeCaller(await access.whoAmI({}, { signal })) };
}

type PlaceRoute = Extract<ListRoute, { readonly endpointId: string }>;

async function readInbox(
  { inbox }: Connection,
  { poolId: pool, endpointId: endpoint }: PlaceRoute,
  signal: AbortSignal,
): Promise<ListValue> {
  const entries: InboxEntryView[] = [];
  let pageToken = "";
  do {
    const page = await inbox.listInbox({ pool, endpoint, pageToken }, { signal });
    entries.push(...page.entries.map(decodeInboxEntry));
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && entries.length < MAX_ENDPOINTS);
  return { kind: "inbox", entries };
}

/** The newest; older ones are read with the CLI. */
async function readOperations(
  { operations }: Connection,
  { poolId: pool, endpointId: endpoint }: PlaceRoute,
  signal: AbortSignal,
): Promise<ListValue> {
  const answer = await operations.listOperations({ pool, endpoint, pageSize: MAX_OPERATIONS }, { signal });
  return { kind: "operations", operations: answer.operations.map(decodeOperation) };
}

/** What the first screen says beside the pools. */
export async function readOverview(connection: Connection, signal: AbortSignal): Promise<LoadedValue> {
  const all = { poolId: "", endpointId: "" };
  const [waiting, done] = await Promise.all([
    readInbox(connection, { kind: "inbox", ...all }, signal),
    connection.operations.listOperations({ pageSize: OVERVIEW_OPERATIONS }, { signal }),
  ]);
  const entries = waiting.kind === "inbox" ? waiting.entries : [];
  return { kind: "overview", entries, operations: done.operations.map(decodeOperation) };
}

/** With its plan, and with what a person has to decide first. */
export async function readOperation(connection: Connection, id: string, signal: AbortSignal): Promise<LoadedValue> {
  const answer = await connection.operations.getOperation({ id }, { signal });
  const operation = answer.operation === undefined ? undefined : decodeOperation(answer.operation);
  const plan = answer.plan === undefined ? undefined : decodePlan(answer.plan);
  let conflicts: readonly ConflictView[] = [];
  if (operation?.state === "pending-approval") {
    const found = await connection.policies.listConflicts({ endpoint: operation.endpointId }, { signal });
    conflicts = found.conflicts.map(decodeConflict);
  }
  return { kind: "operation", operation, plan, conflicts, log: decodeOperationLog(answer.log) };
}
