// Pools as JSON (DESIGN: `pool show`) and as tables.

import { SYNC_STATUSES, type SyncStatus } from "../../domain/drift/sync-status.ts";
import { HEADINGS } from "../../domain/face/headings.ts";
import type { PoolView, StatusCounts } from "../../rpc/codec/pool.ts";
import type { Terminal } from "../terminal.ts";
import { printFacts } from "./facts.ts";
import { jsonTime } from "./json.ts";
import { targetJson } from "./target.ts";
import { ageFacts, ageOf, upstreamJson } from "./target-age.ts";
import { ago } from "./words.ts";

/** The shape of `pool show -o json` and of one element of `pool list -o json`. Counts are keyed in lower camel case. */
export function poolJson(pool: PoolView): Readonly<Record<string, unknown>> {
  return {
    id: pool.id,
    name: pool.name,
    mode: pool.mode,
    description: pool.description,
    revision: Number(pool.revision),
    target: pool.target === undefined ? null : targetJson(pool.target),
    endpoints: pool.endpoints,
    online: pool.online,
    counts: Object.fromEntries(SYNC_STATUSES.map((status) => [camel(status), pool.counts[status]])),
    createdAt: jsonTime(pool.createdAtMs),
    conflicts: pool.conflicts ?? null,
    downgrade: pool.allowDowngrade ? "allow" : "refuse",
    ...pool.consent,
    upstream: upstreamJson(pool.upstream),
    staleAfterDays: pool.staleAfterDays,
    targetIsOld: ageOf(pool)?.isOld ?? false,
  };
}

export function printPools(terminal: Terminal, pools: readonly PoolView[]): void {
  terminal.printTable(
    [
      { title: HEADINGS.pool },
      { title: HEADINGS.mode },
      { title: HEADINGS.target, align: "right" },
      { title: "ENDPOINTS", align: "right" },
      { title: HEADINGS.online, align: "right" },
      { title: HEADINGS.status, flexible: true },
    ],
    pools.map((pool) => [
      { text: pool.name, paint: (text: string) => terminal.paint("strong", text) },
      pool.mode,
      pool.target === undefined ? "-" : String(pool.target.revision),
      String(pool.endpoints),
      String(pool.online),
      countsSentence(pool.counts),
    ]),
  );
}

export function printPool(terminal: Terminal, pool: PoolView): void {
  const { target } = pool;
  const about =
    target === undefined
      ? "none yet; take one with `pacpool set-latest`"
      : `${String(target.revision)}: ${target.message}`;
  printFacts(terminal, [
    ["pool", { text: pool.name, paint: (text) => terminal.paint("strong", text) }],
    ["description", pool.description],
    ["mode", pool.mode],
    ["target", about],
    ["from", target === undefined ? "" : `${target.sourceEndpoint}, ${ago(target.createdAtMs)}, by ${target.author}`],
    ...ageFacts(terminal, pool),
    ["endpoints", `${String(pool.endpoints)}, ${String(pool.online)} online`],
    ["status", countsSentence(pool.counts)],
    ["conflicts", pool.conflicts ?? ""],
    ["downgrade", pool.allowDowngrade ? "" : "refused"],
    ["apply", pool.consent.apply],
    ["reboot", pool.consent.reboot],
    ["windows", pool.consent.windows.join(", ")],
    ["missed window", pool.consent.missedWindow],
    ["revision", String(pool.revision)],
  ]);
}

function countsSentence(counts: StatusCounts): string {
  const shown = SYNC_STATUSES.filter((status) => counts[status] > 0).toReversed();
  return shown.map((status) => `${String(counts[status])} ${status}`).join(", ");
}

function camel(status: SyncStatus): string {
  return status.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
