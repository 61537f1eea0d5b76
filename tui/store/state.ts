// Everything that the screens are drawn from, as one value. It knows neither terminal nor wire.
import type { Plan } from "../../domain/plan/plan.ts";
import type { Target } from "../../domain/target/target.ts";
import type { CallerView } from "../../rpc/codec/access.ts";
import type { DriftLine } from "../../rpc/codec/drift.ts";
import type { EndpointView } from "../../rpc/codec/endpoint.ts";
import type { InboxEntryView } from "../../rpc/codec/inbox.ts";
import type { OperationView } from "../../rpc/codec/operation.ts";
import type { PackageView } from "../../rpc/codec/package.ts";
import type { ConflictView, RuleView } from "../../rpc/codec/policy.ts";
import type { PoolView } from "../../rpc/codec/pool.ts";
import type { TextField } from "../keys/text-field.ts";
import type { Deed } from "./deed.ts";
import type { LogLine } from "./operation-log.ts";
import type { PoolAnalysis } from "./rows/analysis-rows.ts";
import type { TargetDiff } from "./rows/target-diff-rows.ts";
import type { TargetDetails } from "./rows/target-rows.ts";
import type { Sort } from "./sort.ts";

/** The way to the server. While it is lost, the last data stays and is shown with its age. */
export type Link =
  /** No server is known: nothing was set up yet. */
  | { readonly kind: "unset" }
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly sinceMs: number; readonly retryAtMs: number; readonly because: string }
  /** The server answers and does not let us in. */
  | { readonly kind: "refused"; readonly because: string };

/** What was watched, by id. */
export interface Fleet {
  readonly pools: ReadonlyMap<string, PoolView>;
  readonly endpoints: ReadonlyMap<string, EndpointView>;
  readonly operations: ReadonlyMap<string, OperationView>;
  /** Ids told so far by the snapshots that are under way, by pool. */
  readonly snapshots: ReadonlyMap<string, ReadonlySet<string>>;
  /** Pools whose snapshot was whole once. */
  readonly whole: ReadonlySet<string>;
  /** When the server was last heard, Unix milliseconds; 0 for never. */
  readonly heardAtMs: number;
}

/** Screens with a row for each pool: with the fleet below, or with the selected pool. */
export type PoolsScreen = "dashboard" | "pools";

export function isPoolsScreen({ kind }: Route): boolean {
  return kind === "dashboard" || kind === "pools";
}

/** Which screen, of what. The first one is home: the pool when there is one only, else the dashboard. */
export type Route =
  | { readonly kind: PoolsScreen }
  | { readonly kind: "pool"; readonly poolId: string }
  /** Of all pools. */
  | { readonly kind: "endpoints" }
  | { readonly kind: "endpoint"; readonly endpointId: string }
  | { readonly kind: "plan"; readonly endpointId: string; readonly isRevert: boolean }
  | { readonly kind: "operation"; readonly operationId: string }
  | { readonly kind: "history"; readonly poolId: string }
  | ListRoute;

/** Screens that are one list made of what was read for them: tui/store/rows makes their rows. */
export type ListRoute =
  /** Who has which version; an empty pool means every pool. */
  | { readonly kind: "package"; readonly poolId: string; readonly name: string }
  | { readonly kind: "target"; readonly poolId: string; readonly revision: number }
  | { readonly kind: "diff"; readonly poolId: string; readonly from: number; readonly to: number }
  /** Of one endpoint, or of a pool when none is named. */
  | { readonly kind: "conflicts"; readonly poolId: string; readonly endpointId: string }
  /** For whom new rules are, unless they say so. */
  | { readonly kind: "rules"; readonly poolId: string }
  | { readonly kind: "analysis"; readonly poolId: string }
  | { readonly kind: "connection"; readonly poolId: "" }
  /** What waits for people and what was done: of one endpoint, of a pool, or of all when neither is named. */
  | { readonly kind: "inbox" | "operations"; readonly poolId: string; readonly endpointId: string };

/** What is selected in a list. The id leads, so that a selection survives when rows come, go and move. */
export interface Position {
  readonly id: string;
  readonly index: number;
  readonly top: number;
}

/** Rows that a person picked out for one deed, by id. */
export interface Marks {
  readonly ids: ReadonlySet<string>;
  /** Where a range begins. */
  readonly anchor: string;
}

export type Dialog =
  | { readonly kind: "help"; readonly top: number }
  /** Everything by its name; `chosen` is the place among what is offered for the text. */
  | { readonly kind: "palette"; readonly field: TextField; readonly chosen: number }
  | { readonly kind: "confirm"; readonly deed: Deed; readonly top?: number }
  /** The same for the largest: done when the word is typed. */
  | {
      readonly kind: "typed";
      readonly deed: Deed;
      readonly word: string;
      readonly field: TextField;
      readonly top?: number;
    }
  /** Asks for the message of a new target. */
  | {
      readonly kind: "message";
      readonly deed: Extract<Deed, { readonly kind: "set-latest" }>;
      readonly field: TextField;
    };

/** How long a sentence stays, in ms. */
export const TOAST_MS = 8_000;

export interface Toast {
  readonly tone: "good" | "notice" | "danger";
  readonly text: string;
  readonly untilMs: number;
}

/** What a screen needs besides the watch, fetched when it is shown. `value` may be older than `key` while it loads. */
export interface Load {
  readonly key: string;
  readonly isLoading: boolean;
  readonly value: LoadedValue | undefined;
  /** The sentence of a failure. */
  readonly problem: string | undefined;
  /** It failed because this key may not read it. */
  readonly isForbidden?: boolean | undefined;
}

export type LoadedValue =
  | { readonly kind: "drift"; readonly items: readonly DriftLine[]; readonly targetRevision: number }
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "no-plan"; readonly because: string; readonly details: readonly string[] }
  | { readonly kind: "history"; readonly targets: readonly Target[] }
  /** Of the whole fleet: what waits, and the newest operations. */
  | {
      readonly kind: "overview";
      readonly entries: readonly InboxEntryView[];
      readonly operations: readonly OperationView[];
    }
  | ListValue
  | {
      readonly kind: "operation";
      readonly operation: OperationView | undefined;
      readonly plan: Plan | undefined;
      /** Of its endpoint, while the operation waits for a person. */
      readonly conflicts: readonly ConflictView[];
      /** What the server kept of what it said until it was read. */
      readonly log: readonly LogLine[];
    };

export type ListValue =
  | { readonly kind: "package"; readonly found: PackageView }
  | { readonly kind: "target"; readonly details: TargetDetails }
  | { readonly kind: "diff"; readonly diff: TargetDiff }
  | { readonly kind: "conflicts"; readonly conflicts: readonly ConflictView[] }
  | { readonly kind: "rules"; readonly rules: readonly RuleView[] }
  | { readonly kind: "analysis"; readonly analysis: PoolAnalysis }
  | { readonly kind: "inbox"; readonly entries: readonly InboxEntryView[] }
  | { readonly kind: "connection"; readonly caller: CallerView }
  | { readonly kind: "operations"; readonly operations: readonly OperationView[] };

export interface State {
  readonly address: string;
  /** The profile of config.toml that is in use, and all that there are. */
  readonly profile: string;
  readonly profiles: readonly string[];
  /** Name or id of the endpoint that this machine is, when it is one. */
  readonly endpointName: string | undefined;
  /** Why `update` cannot run here; undefined when it can. */
  readonly updateDisabled: string | undefined;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly nowMs: number;
  readonly link: Link;
  readonly fleet: Fleet;
  /** Empty at home. */
  readonly routes: readonly Route[];
  /** By route and by what the route is of. */
  readonly positions: Readonly<Record<string, Position>>;
  readonly filters: Readonly<Record<string, string>>;
  readonly isFiltering: boolean;
  /** Characters before the cursor in the filter that is typed. */
  readonly filterCursor: number;
  /** By the kind of screen; absent for its own order. */
  readonly sorts: Readonly<Partial<Record<Route["kind"], Sort>>>;
  /** By route, as filters are. */
  readonly marks: Readonly<Record<string, Marks>>;
  /** Where the person was before, the newest last: whole ways, as `routes` was. */
  readonly trail: readonly (readonly Route[])[];
  readonly dialog: Dialog | undefined;
  readonly toast: Toast | undefined;
  /** The deed under way, in words. */
  readonly doing: string | undefined;
  readonly loads: ReadonlyMap<string, Load>;
  /** Grows when a person asks for a fresh plan. */
  readonly planRound: number;
  /** What operations said while their screen was open, by operation. */
  readonly logs: ReadonlyMap<string, readonly LogLine[]>;
}

export interface StateOptions {
  readonly address?: string | undefined;
  readonly profile?: string | undefined;
  readonly profiles?: readonly string[] | undefined;
  readonly endpointName?: string | undefined;
  readonly updateDisabled?: string | undefined;
  readonly columns?: number;
  readonly rows?: number;
  readonly nowMs: number;
}

export function initialState(options: StateOptions): State {
  const { address, endpointName, updateDisabled, columns = 80, rows = 24, nowMs } = options;
  return {
    address: address ?? "",
    profile: options.profile ?? "",
    profiles: options.profiles ?? [],
    endpointName,
    updateDisabled,
    size: { columns, rows },
    nowMs,
    link: address === undefined ? { kind: "unset" } : { kind: "connecting" },
    fleet: {
      pools: new Map(),
      endpoints: new Map(),
      operations: new Map(),
      snapshots: new Map(),
      whole: new Set(),
      heardAtMs: 0,
    },
    routes: [],
    positions: {},
    filters: {},
    isFiltering: false,
    filterCursor: 0,
    sorts: {},
    marks: {},
    trail: [],
    dialog: undefined,
    toast: undefined,
    doing: undefined,
    loads: new Map(),
    planRound: 0,
    logs: new Map(),
  };
}

/** One word for a route and what it is of: where its selection and its filter are kept. */
export function routeKey(route: Route): string {
  switch (route.kind) {
    case "dashboard":
    case "pools":
    case "endpoints":
    case "connection":
      return route.kind;
    case "pool":
    case "history":
      return `${route.kind} ${route.poolId}`;
    case "endpoint":
      return `endpoint ${route.endpointId}`;
    case "plan":
      return `${route.isRevert ? "revert" : "plan"} ${route.endpointId}`;
    case "operation":
      return `operation ${route.operationId}`;
    case "package":
      return `package ${route.poolId} ${route.name}`;
    case "target":
      return `target ${route.poolId} ${route.revision}`;
    case "diff":
      return `diff ${route.poolId} ${route.from} ${route.to}`;
    case "conflicts":
    case "inbox":
    case "operations":
      return `${route.kind} ${route.poolId} ${route.endpointId}`;
    case "rules":
    case "analysis":
      return `${route.kind} ${route.poolId}`;
  }
}
