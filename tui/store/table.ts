// What a screen shows as a table of plain texts, for whoever takes it elsewhere: the clipboard, a file. Pure.
import { moment } from "../words.ts";
import type { PlanRow } from "./plan-rows.ts";
import type { ListRow } from "./rows/list-row.ts";
import type { Select } from "./select.ts";
import type { Route, State } from "./state.ts";

export interface TableRow {
  readonly id: string;
  /** What a person calls it. */
  readonly name: string;
  readonly cells: readonly string[];
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Undefined where a screen has no rows. */
export function tableOf(state: State, route: Route, select: Select): Table | undefined {
  switch (route.kind) {
    case "dashboard":
    case "pools":
      return poolTable(select.pools(state, route.kind));
    case "pool":
      return endpointTable(state, select.endpoints(state, route.poolId));
    case "endpoints":
      return endpointTable(state, select.endpoints(state, ""));
    case "endpoint":
      return {
        columns: ["name", "kind", "installed", "wanted", "why"],
        rows: select
          .drift(state, route.endpointId)
          .map(({ name, kind, installed, wanted, why }) => row(name, name, [name, kind, installed, wanted, why])),
      };
    case "plan":
      return {
        columns: ["name", "kind", "from", "to", "repository", "why"],
        rows: select.plan(state, route).flatMap(planRow),
      };
    case "history":
      return {
        columns: ["revision", "message", "author", "source", "created", "bad"],
        rows: select.targets(state, route.poolId).map((one) => {
          const { revision, message, author, sourceEndpoint, createdAtMs, bad } = one;
          const name = String(revision);
          return row(name, name, [name, message, author, sourceEndpoint, moment(createdAtMs), bad ? "yes" : "no"]);
        }),
      };
    default:
      return listTable(select.rows(state, route));
  }
}

/** Every cell, also those for which the screen is too narrow. Sections have columns of their own, so these have no names. */
function listTable(rows: readonly ListRow[]): Table {
  const items = rows.flatMap((one) => (one.kind === "item" ? [one] : []));
  const width = Math.max(0, ...items.map(({ cells }) => cells.length));
  return {
    columns: [...Array.from({ length: width }, (_, index) => `column${index + 1}`), "why"],
    rows: items.map(({ id, name: own, cells, why, opens }) => {
      const texts = cells.map(({ text }) => text);
      const padding = Array.from({ length: width - texts.length }, () => "");
      const name = own ?? (opens?.kind === "package" ? opens.name : texts.find((text) => /\w/u.test(text))) ?? id;
      return row(id, name, [...texts, ...padding, why]);
    }),
  };
}

function row(id: string, name: string, cells: readonly string[]): TableRow {
  return { id, name, cells };
}

function poolTable(pools: ReturnType<Select["pools"]>): Table {
  const rows = pools.map(({ id, name, mode, target, endpoints, online, counts }) => {
    const statuses = Object.entries(counts).filter(([, count]) => count > 0);
    const words = statuses.map(([status, count]) => `${count} ${status}`).join(", ");
    return row(id, name, [name, mode, String(target?.revision ?? ""), String(endpoints), String(online), words]);
  });
  return { columns: ["name", "mode", "target", "endpoints", "online", "status"], rows };
}

function endpointTable(_state: State, endpoints: ReturnType<Select["endpoints"]>): Table {
  const rows = endpoints.map((one) => {
    const { counts } = one;
    const numbers = [counts.older, counts.newer, counts.missing, counts.extra, counts.held, counts.foreign];
    return row(one.id, one.name, [
      one.name,
      one.pool,
      one.status,
      one.isOnline ? "yes" : "no",
      String(one.packages),
      ...numbers.map(String),
      moment(one.lastSeenMs),
    ]);
  });
  return {
    columns: [
      "name",
      "pool",
      "status",
      "online",
      "packages",
      "older",
      "newer",
      "missing",
      "extra",
      "held",
      "foreign",
      "lastSeen",
    ],
    rows,
  };
}

function planRow(one: PlanRow): readonly TableRow[] {
  switch (one.kind) {
    case "heading":
      return [];
    case "step": {
      const { name, action, fromVersion, toVersion, repository, why } = one.step;
      return [row(one.id, name, [name, action, fromVersion, toVersion, repository, why])];
    }
    case "note":
      return [row(one.id, one.name === "" ? one.why : one.name, [one.name, one.tone, "", "", "", one.why])];
  }
}

/** The rows that are marked, else the one that is selected. */
function takenRows(table: Table | undefined, marked: ReadonlySet<string>, selected: string): readonly TableRow[] {
  const rows = table?.rows ?? [];
  return marked.size === 0 ? rows.filter(({ id }) => id === selected) : rows.filter(({ id }) => marked.has(id));
}

export function copyNames(table: Table | undefined, marked: ReadonlySet<string>, selected: string): string {
  return takenRows(table, marked, selected)
    .map(({ name }) => name)
    .join("\n");
}

/** Cells between tabs, as spreadsheets and awk take them. */
export function copyRows(table: Table | undefined, marked: ReadonlySet<string>, selected: string): string {
  return takenRows(table, marked, selected)
    .map(({ cells }) => cells.join("\t"))
    .join("\n");
}
