// What the rows of each list can be asked for. A new list adds its vocabulary here, and the screen that shows it.
import { DRIFT_KINDS, type DriftCounts } from "../../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../../domain/drift/sync-status.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { ScreenName } from "../keys/binding.ts";
import type { PlanRow } from "../store/plan-rows.ts";
import type { QueryField, Vocabulary } from "./query.ts";

const YES_NO = ["yes", "no"] as const;
const yesNo = (is: boolean): readonly string[] => [is ? "yes" : "no"];

function named<Row extends { readonly name: string }>(about: string): QueryField<Row> {
  return { name: "name", about, of: ({ name }) => [name.toLowerCase()] };
}

function labelsOf(endpoint: EndpointView): readonly string[] {
  return Object.entries(endpoint.labels).map(([name, value]) => `${name}=${value}`.toLowerCase());
}

function kindsIn(counts: DriftCounts): readonly string[] {
  return DRIFT_KINDS.filter((kind) => counts[kind] > 0);
}

export const ENDPOINT_VOCABULARY: Vocabulary<EndpointView> = {
  text: (endpoint) => {
    const presence = endpoint.isOnline ? "online" : "asleep";
    const reboot = endpoint.isRebootRequired ? "reboot" : "";
    return `${endpoint.name} ${endpoint.status} ${presence} ${reboot} ${endpoint.pool} ${labelsOf(endpoint).join(" ")}`;
  },
  fields: [
    { name: "status", about: "its sync status", values: SYNC_STATUSES, of: ({ status }) => [status] },
    { name: "pool", about: "a part of its pool's name", of: ({ pool }) => [pool.toLowerCase()] },
    { name: "label", about: "a part of a label, name=value", of: labelsOf },
    named("a part of its name"),
    { name: "kind", about: "it has packages that are so", values: DRIFT_KINDS, of: ({ counts }) => kindsIn(counts) },
    { name: "online", about: "its agent is connected", values: YES_NO, of: ({ isOnline }) => yesNo(isOnline) },
    { name: "reboot", about: "a reboot is due", values: YES_NO, of: (one) => yesNo(one.isRebootRequired) },
    { name: "inbox", about: "something waits for a person there", values: YES_NO, of: ({ inbox }) => yesNo(inbox > 0) },
  ],
};

export const POOL_VOCABULARY: Vocabulary<PoolView> = {
  text: ({ name, mode, description }) => `${name} ${mode} ${description}`,
  fields: [
    {
      name: "status",
      about: "an endpoint of it is so",
      values: SYNC_STATUSES,
      of: ({ counts }) => SYNC_STATUSES.filter((status) => counts[status] > 0),
    },
    named("a part of its name"),
    { name: "mode", about: "its mode", values: ["versions", "mirror"], of: ({ mode }) => [mode] },
  ],
};

export const DRIFT_VOCABULARY: Vocabulary<DriftLine> = {
  text: ({ name, kind, why }) => `${name} ${kind} ${why}`,
  fields: [
    { name: "kind", about: "how it differs", values: DRIFT_KINDS, of: ({ kind }) => [kind] },
    named("a part of the package's name"),
  ],
};

const PLAN_KINDS = [
  "remove",
  "downgrade",
  "upgrade",
  "install",
  "reinstall",
  "warning",
  "reason",
  "left-alone",
] as const;

export const PLAN_VOCABULARY: Vocabulary<PlanRow> = {
  text: (row) => {
    switch (row.kind) {
      case "heading":
        return row.text;
      case "step":
        return `${row.step.name} ${row.step.action} ${row.step.repository} ${row.step.why}`;
      case "note":
        return `${row.name} ${row.tone} ${row.why}`;
    }
  },
  fields: [
    { name: "kind", about: "what happens to it", values: PLAN_KINDS, of: (row) => [planKind(row)] },
    { name: "name", about: "a part of the package's name", of: (row) => [planName(row).toLowerCase()] },
  ],
};

function planKind(row: PlanRow): string {
  if (row.kind === "heading") return "";
  return row.kind === "step" ? row.step.action : row.tone;
}

function planName(row: PlanRow): string {
  if (row.kind === "heading") return "";
  return row.kind === "step" ? row.step.name : row.name;
}

/** By the screen with the list: what completion and the sentences about a filter know. */
const VOCABULARIES: Readonly<Partial<Record<ScreenName, Vocabulary<never>>>> = {
  dashboard: POOL_VOCABULARY,
  pools: POOL_VOCABULARY,
  pool: ENDPOINT_VOCABULARY,
  endpoints: ENDPOINT_VOCABULARY,
  endpoint: DRIFT_VOCABULARY,
  plan: PLAN_VOCABULARY,
};

const NO_FIELDS: Vocabulary<never> = { text: () => "", fields: [] };

/** Without fields where a list is filtered by words only. */
export function vocabularyOf(screen: ScreenName): Vocabulary<never> {
  return VOCABULARIES[screen] ?? NO_FIELDS;
}
