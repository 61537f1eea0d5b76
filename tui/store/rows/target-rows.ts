// One target as rows: the views of its classes, its pins and shared names, and who can reach it with the files that there are.
import type { EndpointReach, LackWhy, TargetReach } from "../../../domain/files/target-reach.ts";
import type { Target } from "../../../domain/target/target.ts";
import { plural, size } from "../../words.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

export interface TargetDetails {
  readonly target: Target;
  /** Undefined when the server could not say. */
  readonly reach: TargetReach | undefined;
}

export function targetRows({ target, reach }: TargetDetails, poolId: string, filter: string): readonly ListRow[] {
  const endpoints = reach?.endpoints ?? [];
  const cannot = endpoints.filter((one) => !one.reachable && one.unknownBecause === "");
  const unknown = endpoints.filter((one) => one.unknownBecause !== "");
  const can = endpoints.filter((one) => one.reachable);
  return sectionRows(
    [
      { id: "cannot", title: "cannot reach it: files are missing", items: cannot.map(reachItem) },
      { id: "unknown", title: "nobody knows whether they reach it", items: unknown.map(reachItem) },
      { id: "classes", title: "one frozen view per class", items: viewItems(target) },
      { id: "pins", title: "pins", items: [...target.pins].map(([name, version]) => pinItem(name, version, poolId)) },
      { id: "shared", title: "shared by the whole pool", items: target.shared.map((name) => sharedItem(name, poolId)) },
      { id: "can", title: "can reach it with the files that there are", items: can.map(reachItem) },
    ],
    filter,
  );
}

/** For example "812 of 814 files kept, 1.2 GiB; 2 missing". */
export function reachWords(reach: TargetReach): string {
  const { files, filesKept, filesMissing, bytesKept, fetching } = reach;
  const missing = filesMissing === 0 ? "none is missing" : `${filesMissing} missing`;
  return `${filesKept} of ${plural(files, "file")} kept, ${size(bytesKept)}; ${missing}${fetching ? "; the server still fetches" : ""}`;
}

function viewItems(target: Target): readonly ListItem[] {
  const views = [{ view: target.view, digest: target.viewDigest }, ...target.otherViews];
  return views.map(({ view, digest }, index) => {
    const repositories = view.databases.map(({ repository }) => repository).join(", ");
    const source = index === 0 ? `, the class of its source ${target.sourceEndpoint}` : "";
    return {
      kind: "item",
      id: `view ${digest}`,
      cells: [
        { text: view.class === "" ? view.architecture : view.class, grow: 2 },
        { text: repositories, tone: "muted", grow: 3 },
        { text: digest.slice(0, 12), tone: "muted", width: 12 },
      ],
      why: `${plural(view.databases.length, "sync database")}: ${repositories}${source}`,
    };
  });
}

function pinItem(name: string, version: string, poolId: string): ListItem {
  return {
    kind: "item",
    id: `pin ${name}`,
    cells: [
      { text: name, grow: 2 },
      { text: version, tone: "notice", grow: 3 },
    ],
    why: `${name} stays at ${version} although the view says otherwise`,
    opens: { kind: "package", poolId, name },
  };
}

function sharedItem(name: string, poolId: string): ListItem {
  return {
    kind: "item",
    id: `shared ${name}`,
    cells: [{ text: name, grow: 1 }],
    why: "every endpoint of the pool must have it",
    opens: { kind: "package", poolId, name },
  };
}

const LACK_WORDS: Readonly<Record<LackWhy, string>> = {
  nowhere: "no source has it",
  "sha256-unknown": "no view knows the file of this version",
  unsigned: "found without a signature, and that is not allowed",
  class: "no repository of its class has it",
  "no-space": "the server's disk is too full to keep it",
};

const MAX_NAMED = 4;

function reachItem(one: EndpointReach): ListItem {
  const opens = { kind: "endpoint", endpointId: one.endpointId } as const;
  const state =
    one.unknownBecause !== ""
      ? ({ glyph: "·", tone: "muted", words: "unknown" } as const)
      : one.reachable
        ? ({ glyph: "✓", tone: "good", words: "reachable" } as const)
        : ({ glyph: "■", tone: "danger", words: `${plural(one.lackingCount, "file")} missing` } as const);
  const named = one.lacking
    .slice(0, MAX_NAMED)
    .map(({ name, version, why }) => `${name} ${version} (${LACK_WORDS[why]})`);
  const rest = one.lackingCount - named.length;
  return {
    kind: "item",
    id: `reach ${one.endpointId}`,
    name: one.endpoint,
    cells: [
      { text: `${state.glyph} ${state.words}`, tone: state.tone, width: 20 },
      { text: one.endpoint, grow: 2 },
      { text: one.lacking.map(({ name }) => name).join(", "), tone: "muted", grow: 3 },
    ],
    why: one.unknownBecause || [...named, ...(rest > 0 && named.length > 0 ? [`and ${rest} more`] : [])].join(", "),
    opens,
  };
}
