// What a person is told when a summary changes: from what was last known and what is known now to sentences. Pure.
import type { BarSummary, PoolsState } from "../../domain/status-line/bar-summary.ts";
import { countsLine } from "../../domain/status-line/counts-line.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";

/** Each is opted into by its name in the configuration. */
export const NOTICE_KINDS = ["target", "sync", "done", "failed", "approval", "reboot"] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface Notice {
  readonly kind: NoticeKind;
  /** The endpoint or the pool; of one thing the newest notice of a kind counts. */
  readonly about: string;
  /** A few words, with the name of what it is about. */
  readonly title: string;
  /** One sentence, or nothing. */
  readonly text: string;
}

/** What was last known, so that only news is told: across restarts it is kept in a file. */
export type Basis =
  | {
      readonly kind: "endpoint";
      readonly name: string;
      readonly targetRevision: number;
      readonly status: StatusSummary["status"];
      readonly needsReboot: boolean;
    }
  | { readonly kind: "pools"; readonly pools: Readonly<Record<string, PoolBasis>> };

export interface PoolBasis {
  readonly targetRevision: number;
  readonly failed: number;
  readonly waiting: number;
  readonly behind: number;
}

export interface News {
  readonly basis: Basis | undefined;
  readonly notices: readonly Notice[];
}

/** Without a basis everything is as it is, and nothing is news. */
export function newsOf(basis: Basis | undefined, summary: BarSummary): News {
  switch (summary.kind) {
    case "problem":
      return { basis, notices: [] };
    case "endpoint":
      return endpointNews(basis, summary.endpoint);
    case "pools":
      return poolsNews(basis, summary.pools);
  }
}

const BEHIND: ReadonlySet<string> = new Set(["behind", "diverged"]);
const BROKEN: ReadonlySet<string> = new Set(["degraded", "blocked"]);

function endpointNews(before: Basis | undefined, now: StatusSummary): News {
  const known = before?.kind === "endpoint" && before.name === now.endpoint ? before : undefined;
  // Nobody vouches for what is offline, and "unknown" is no fact: what was known before still counts.
  const isNoFact = now.status === "unknown" || now.offlineSinceMs !== undefined;
  const basis: Basis = {
    kind: "endpoint",
    name: now.endpoint,
    targetRevision: Math.max(now.targetRevision, known?.targetRevision ?? 0),
    status: isNoFact ? (known?.status ?? now.status) : now.status,
    needsReboot: now.rebootRequired === true,
  };
  if (known === undefined) return { basis, notices: [] };
  const notices: Notice[] = [];
  if (basis.targetRevision > known.targetRevision)
    notices.push(targetNotice(now.endpoint, now.pool, now.targetRevision, now.message));
  if (basis.status !== known.status) notices.push(...statusNotices(known.status, now, notices.length > 0));
  if (basis.needsReboot && !known.needsReboot) {
    notices.push({
      kind: "reboot",
      about: now.endpoint,
      title: `${now.endpoint} wants a reboot`,
      text: "What runs is not what is installed.",
    });
  }
  return { basis, notices };
}

function targetNotice(about: string, pool: string, revision: number, message = ""): Notice {
  return { kind: "target", about, title: `New target ${String(revision)} for ${pool}`, text: message };
}

function statusNotices(was: string, now: StatusSummary, hasNewTarget: boolean): readonly Notice[] {
  const { endpoint, status, reasons } = now;
  const why = reasons[0] ?? countsLine(now.counts);
  if (BROKEN.has(status)) {
    return [{ kind: "failed", about: endpoint, title: `${endpoint} is ${status}`, text: why }];
  }
  if (status === "pending-approval")
    return [{ kind: "approval", about: endpoint, title: `${endpoint} waits for your approval`, text: why }];
  if (was === "syncing" && (status === "in-sync" || status === "ahead")) {
    return [{ kind: "done", about: endpoint, title: `${endpoint} is in sync`, text: targetText(now) }];
  }
  if (!BEHIND.has(status)) return [];
  // It ended without reaching its target, and no newer one is the reason.
  const isUnfinished = was === "syncing" && !hasNewTarget && now.lastDeed?.what.includes("cancelled") !== true;
  if (isUnfinished) {
    return [
      {
        kind: "failed",
        about: endpoint,
        title: `The sync of ${endpoint} did not finish`,
        text: now.lastDeed?.what ?? why,
      },
    ];
  }
  return was === "syncing" || BEHIND.has(was) || was === "pending-approval"
    ? []
    : [{ kind: "sync", about: endpoint, title: `${endpoint} is ${status}`, text: countsLine(now.counts) || why }];
}

function targetText({ targetRevision, message = "" }: StatusSummary): string {
  return `Target ${String(targetRevision)}${message === "" ? "" : `: ${message}`}`;
}

function poolsNews(before: Basis | undefined, now: PoolsState): News {
  if (now.offlineSinceMs !== undefined) return { basis: before, notices: [] };
  const known = before?.kind === "pools" ? before.pools : undefined;
  const pools: Record<string, PoolBasis> = {};
  const notices: Notice[] = [];
  for (const { name, counts, targetRevision, message, endpoints } of now.pools) {
    const one: PoolBasis = {
      targetRevision,
      failed: counts.degraded + counts.blocked,
      waiting: counts["pending-approval"],
      behind: counts.behind + counts.diverged,
    };
    pools[name] = one;
    const was = known?.[name];
    if (was === undefined) continue;
    const of = `of ${String(endpoints)} in ${name}`;
    if (one.targetRevision > was.targetRevision) notices.push(targetNotice(name, name, targetRevision, message));
    if (one.failed > was.failed)
      notices.push({ kind: "failed", about: name, title: `${String(one.failed)} ${of} need a hand`, text: "" });
    if (one.waiting > was.waiting) {
      notices.push({
        kind: "approval",
        about: name,
        title: `${String(one.waiting)} ${of} wait for your approval`,
        text: "",
      });
    }
    if (one.behind > 0 && was.behind === 0) {
      notices.push({ kind: "sync", about: name, title: `${String(one.behind)} ${of} are behind`, text: "" });
    }
    const isDone = counts["in-sync"] === endpoints && was.behind + was.failed + was.waiting > 0;
    if (isDone)
      notices.push({ kind: "done", about: name, title: `All ${String(endpoints)} in ${name} are in sync`, text: "" });
  }
  return { basis: { kind: "pools", pools }, notices };
}
