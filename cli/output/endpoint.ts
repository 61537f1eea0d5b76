// Endpoints as JSON (DESIGN: `endpoint list`, `status`) and as tables.

import type { DriftCounts } from "../../domain/drift/drift.ts";
import { waysOut } from "../../domain/drift/ways-out.ts";
import { differences } from "../../domain/face/differences.ts";
import { PRESENCE_FACES } from "../../domain/face/faces.ts";
import { HEADINGS } from "../../domain/face/headings.ts";
import { formatAge } from "../../domain/status-line/age.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { Terminal } from "../terminal.ts";
import type { Cell, Column } from "./columns.ts";
import { printFacts } from "./facts.ts";
import { jsonTime } from "./json.ts";
import { ageFacts, ageOf, upstreamJson } from "./target-age.ts";
import { ago, faceCell, short, statusCell } from "./words.ts";

/** The shape of one element of `endpoint list -o json`. */
export function endpointJson(endpoint: EndpointView): Readonly<Record<string, unknown>> {
  return {
    id: endpoint.id,
    name: endpoint.name,
    pool: endpoint.pool,
    status: endpoint.status,
    online: endpoint.isOnline,
    digest: endpoint.digest,
    packages: endpoint.packages,
    ...endpoint.counts,
    lastSeen: jsonTime(endpoint.lastSeenMs),
    reportedAt: jsonTime(endpoint.reportedAtMs),
    labels: endpoint.labels,
    appliedRevision: endpoint.appliedRevision,
    operation: endpoint.operationId === "" ? null : endpoint.operationId,
    agentVersion: endpoint.agentVersion,
    rebootRequired: endpoint.isRebootRequired,
    apply: endpoint.apply,
    root: endpoint.root,
  };
}

/** The shape of `status -o json` and `endpoint show -o json`. With the pool also how old its target is. */
export function statusJson(endpoint: EndpointView, pool?: PoolView): Readonly<Record<string, unknown>> {
  const age = pool === undefined ? undefined : ageOf(pool);
  return {
    ...endpointJson(endpoint),
    reasons: endpoint.reasons,
    ways: waysOut(endpoint).map(({ verb, does }) => ({ verb, does })),
    ...(pool === undefined ? {} : { targetIsOld: age?.isOld ?? false, upstream: upstreamJson(pool.upstream) }),
  };
}

const COLUMNS: readonly Column[] = [
  { title: HEADINGS.endpoint },
  { title: HEADINGS.pool },
  { title: HEADINGS.status },
  { title: HEADINGS.differs },
  { title: HEADINGS.presence },
  { title: HEADINGS.why, flexible: true },
];

export function printEndpoints(terminal: Terminal, endpoints: readonly EndpointView[]): void {
  const rows = endpoints.map((one) => [
    one.name,
    one.pool,
    statusCell(one.status, terminal),
    differences(one.counts) || "-",
    presence(one, terminal),
    whyOf(one),
  ]);
  terminal.printTable(COLUMNS, rows);
}

/** What the counts beside it do not say already. */
function whyOf({ status, reasons }: EndpointView): string {
  return status === "behind" || status === "ahead" || status === "diverged" ? "" : (reasons[0] ?? "");
}

/** With the pool's target where it is known. */
export function printStatus(terminal: Terminal, endpoint: EndpointView, pool?: PoolView): void {
  const target = pool?.target;
  const isReady = endpoint.status === "in-sync";
  const from = target === undefined ? "" : `from ${target.sourceEndpoint}, ${ago(target.createdAtMs)}`;
  printFacts(terminal, [
    ["endpoint", { text: endpoint.name, paint: (text) => terminal.paint("strong", text) }],
    ["pool", endpoint.pool],
    ["status", statusCell(endpoint.status, terminal)],
    ...endpoint.reasons.map((reason, index) => [index === 0 && !isReady ? "why" : " ", reason] as const),
    ["target", target === undefined ? "" : [String(target.revision), target.message, from].filter(Boolean).join(", ")],
    ...(pool === undefined ? [] : ageFacts(terminal, pool)),
    ["presence", presence(endpoint, terminal)],
    ["packages", countsSentence(endpoint.packages, endpoint.counts)],
    ["reboot", endpoint.isRebootRequired ? "required" : ""],
    ["operation", endpoint.operationId],
    ...waysOut(endpoint).map(({ verb, does }, at) => [at === 0 ? "ways out" : " ", `${does}: ${verb}`] as const),
  ]);
}

/** Everything that is known. */
export function printEndpoint(terminal: Terminal, endpoint: EndpointView): void {
  printStatus(terminal, endpoint);
  const labels = Object.entries(endpoint.labels).map(([name, value]) => `${name}=${value}`);
  printFacts(terminal, [
    ["labels", labels.join(" ")],
    ["set", short(endpoint.digest)],
    ["reported", ago(endpoint.reportedAtMs)],
    ["applied", endpoint.appliedRevision === 0 ? "no target yet" : `target ${String(endpoint.appliedRevision)}`],
    ["consent", `apply = ${endpoint.apply === "" ? "unknown" : endpoint.apply}`],
    ["root", endpoint.root],
    ["agent", endpoint.agentVersion],
    ["id", endpoint.id],
  ]);
}

/** "online", or "asleep 5 min". */
function presence({ isOnline, lastSeenMs }: EndpointView, terminal: Terminal): Cell {
  if (isOnline) return faceCell(PRESENCE_FACES.online, terminal);
  const asleep = faceCell(PRESENCE_FACES.asleep, terminal);
  return lastSeenMs === 0 ? asleep : { ...asleep, text: `${asleep.text} ${formatAge(lastSeenMs, Date.now())}` };
}

/** For example "1204; 12 older, 3 held". */
export function countsSentence(packages: number, counts: DriftCounts): string {
  const named = Object.entries(counts)
    .filter(([, count]) => (count as number) > 0)
    .map(([kind, count]) => `${String(count)} ${kind}`);
  return named.length === 0 ? String(packages) : `${String(packages)}; ${named.join(", ")}`;
}
