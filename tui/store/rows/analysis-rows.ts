// An analysis of a pool as rows: what to do first, then who could be the next source, the views, and packages that differ.
import type { SuggestionWeight } from "../../../domain/analysis/analysis.ts";
import type { AnalysisSummary, PackageSummary, SuggestionLine, ViewSummary } from "../../../rpc/codec/analysis-view.ts";
import type { Tone } from "../../theme.ts";
import { moment, plural } from "../../words.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

export interface PoolAnalysis {
  readonly summary: AnalysisSummary;
  /** Installed ones that differ inside a class, the first ones where there are many. */
  readonly packages: readonly PackageSummary[];
  readonly totalPackages: number;
}

export function analysisRows(found: PoolAnalysis, poolId: string, filter: string): readonly ListRow[] {
  const { summary, packages } = found;
  const { views } = summary;
  return sectionRows(
    [
      { id: "do", title: "what to do", items: summary.suggestions.map(suggestionItem), none: "nothing to do" },
      {
        id: "targets",
        title: "possible next targets",
        items: summary.targets.flatMap((one) => targetItem(one, views[one.view])),
        titles: TARGET_TITLES,
      },
      { id: "views", title: "distinct views", items: views.map(viewItem), titles: VIEW_TITLES },
      {
        id: "packages",
        title: "installed packages that views of one class have differently",
        items: packages.map((one) => packageItem(one, views, poolId)),
        titles: PACKAGE_TITLES,
      },
      { id: "foreign", title: "from no repository", items: summary.foreign.map((one) => foreignItem(one, poolId)) },
      { id: "silent", title: "not compared: repositories are not whole here", items: summary.notWhole.map(silentItem) },
    ],
    filter,
  );
}

/** For example "14,880 packages, 14,700 in every view, 14,650 the same file; 3 missing somewhere". */
export function commonWords({ counts, classes, views, viewsBeyond }: AnalysisSummary): readonly string[] {
  const { packages, common, identical, missing, version, build, signer } = counts;
  const differ = [
    [missing, "missing somewhere"],
    [version, "in several versions"],
    [build, "with several files of one version"],
    [signer, "signed by several keys"],
  ] as const;
  const words = differ.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  const beyond = viewsBeyond === 0 ? "" : `, ${viewsBeyond} more views are not compared`;
  return [
    `${plural(views.length, "distinct view")} of ${classes.length === 1 ? "one class" : `${classes.length} classes`}${beyond}`,
    `${plural(packages, "package")}: ${common} in every view, ${identical} the same file everywhere`,
    words.length === 0 ? "no package differs" : words.join(", "),
  ];
}

const WEIGHT_LOOKS: Readonly<Record<SuggestionWeight, { readonly text: string; readonly tone: Tone }>> = {
  act: { text: "! act", tone: "alarm" },
  consider: { text: "? consider", tone: "notice" },
  know: { text: "· know", tone: "muted" },
};

function suggestionItem(
  { weight, sentence, advice, kind, endpoints, packages }: SuggestionLine,
  index: number,
): ListItem {
  return {
    kind: "item",
    id: `do ${index} ${kind}`,
    cells: [
      { ...WEIGHT_LOOKS[weight], width: 10 },
      { text: sentence, grow: 1 },
    ],
    why: `${sentence} ${advice}`,
    words: [...endpoints, ...packages].join(" "),
  };
}

const TARGET_TITLES = [
  { text: "FROM", grow: 2 },
  { text: "FOLLOW", width: 8, align: "right" },
  { text: "KEEP SOME", width: 9, align: "right" },
  { text: "GO DOWN", width: 8, align: "right" },
  { text: "CANNOT", width: 8, align: "right" },
  { text: "NEWEST BUILD", width: 16, from: 70 },
] as const;

type Possible = AnalysisSummary["targets"][number];

function targetItem(one: Possible, view: ViewSummary | undefined): readonly ListItem[] {
  if (view === undefined) return [];
  const source = one.sources[0];
  return [
    {
      kind: "item",
      id: `target ${view.digest}`,
      cells: [
        source === undefined
          ? { text: "■ nobody can be its source", tone: "danger", grow: 2 }
          : { text: sourceWords(one.sources), grow: 2 },
        { text: String(one.followers), tone: "good", width: 8, align: "right" },
        { text: String(one.excepted), tone: one.excepted > 0 ? "notice" : "muted", width: 9, align: "right" },
        { text: String(one.downgraded), tone: one.downgraded > 0 ? "notice" : "muted", width: 8, align: "right" },
        { text: String(one.strangers), tone: "muted", width: 8, align: "right" },
        { text: moment(view.newestBuildMs), tone: "muted", width: 16, from: 70 },
      ],
      why: [...possibleWords(one), ...(view.isTarget ? ["it is the target now"] : [])].join("; "),
    },
  ];
}

function sourceWords(sources: readonly string[]): string {
  const [first = "", ...rest] = sources;
  return rest.length === 0 ? first : `${first} or ${plural(rest.length, "other")}`;
}

const MAX_NAMED = 3;

function possibleWords({ exceptions, unready, strangers, sources }: Possible): readonly string[] {
  const keeps = exceptions
    .slice(0, MAX_NAMED)
    .map(
      ({ endpoint, lacking, examples }) =>
        `${endpoint} would keep ${plural(lacking, "package")} (${examples.slice(0, MAX_NAMED).join(", ")})`,
    );
  const cannot =
    sources.length > 0
      ? []
      : unready.slice(0, MAX_NAMED).map(({ endpoint, why }) => `${endpoint} cannot be its source: ${why}`);
  const others = strangers === 0 ? [] : [`${plural(strangers, "endpoint")} of other classes cannot follow it`];
  const all = [...keeps, ...cannot, ...others];
  return all.length === 0 ? ["every endpoint of its class can follow with every package"] : all;
}

const VIEW_TITLES = [
  { text: "CLASS", grow: 2 },
  { text: "ON", width: 5, align: "right" },
  { text: "PACKAGES", width: 9, align: "right" },
  { text: "BEHIND", width: 8, align: "right" },
  { text: "REPOSITORIES", grow: 3 },
] as const;

function viewItem(view: ViewSummary): ListItem {
  const repositories = view.repositories.map(({ repository }) => repository).join(", ");
  const keys = view.signedBy
    .map(({ keyId, packages }) => `${packages} by ${keyId === "" ? "no key" : keyId}`)
    .slice(0, MAX_NAMED);
  return {
    kind: "item",
    id: `view ${view.digest}`,
    cells: [
      { text: view.class, grow: 2 },
      { text: String(view.endpoints.length), width: 5, align: "right" },
      { text: String(view.packages), tone: "muted", width: 9, align: "right" },
      view.daysBehind === 0
        ? { text: "newest", tone: "good", width: 8, align: "right" }
        : { text: plural(view.daysBehind, "day"), tone: "notice", width: 8, align: "right" },
      { text: repositories, tone: "muted", grow: 3 },
    ],
    why: `${view.isTarget ? "of the target; " : ""}${view.endpoints.join(", ")}; signed: ${keys.join(", ")}`,
    words: `${view.endpoints.join(" ")} ${view.isTarget ? "target" : ""}`,
  };
}

const PACKAGE_TITLES = [
  { text: "HOW", width: 16 },
  { text: "PACKAGE", grow: 2 },
  { text: "ON", width: 5, align: "right" },
  { text: "OFFERS", grow: 3 },
] as const;

function packageItem(one: PackageSummary, views: readonly ViewSummary[], poolId: string): ListItem {
  const { name, differencesWithinClass, installed, offers, lackedBy } = one;
  const offered = offers.map(({ version, repository, views: places }) => {
    const names = places.flatMap((place) => views[place]?.endpoints ?? []);
    return `${version} in ${repository} of ${shortList(names)}`;
  });
  const lacking = lackedBy.flatMap((place) => views[place]?.endpoints ?? []);
  return {
    kind: "item",
    id: `package ${name}`,
    cells: [
      { text: differencesWithinClass.join(", "), tone: "notice", width: 16 },
      { text: name, grow: 2 },
      { text: String(installed), tone: "muted", width: 5, align: "right" },
      { text: [...new Set(offers.map(({ version }) => version))].join(", "), tone: "muted", grow: 3 },
    ],
    why: [...offered, ...(lacking.length === 0 ? [] : [`missing for ${shortList(lacking)}`])].join("; "),
    opens: { kind: "package", poolId, name },
  };
}

function shortList(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return `${names.slice(0, MAX_NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function foreignItem(one: AnalysisSummary["foreign"][number], poolId: string): ListItem {
  const { name, endpoints, versions } = one;
  return {
    kind: "item",
    id: `foreign ${name}`,
    cells: [
      { text: name, grow: 2 },
      { text: `on ${endpoints}`, tone: "muted", width: 8 },
      { text: versions.join(", "), tone: versions.length > 1 ? "notice" : "muted", grow: 3 },
    ],
    why: `${name} is in no repository of ${plural(endpoints, "endpoint")} that ${endpoints === 1 ? "has" : "have"} it: its owner looks after it`,
    opens: { kind: "package", poolId, name },
  };
}

function silentItem(name: string): ListItem {
  return {
    kind: "item",
    id: `silent ${name}`,
    cells: [{ text: name, tone: "muted", grow: 1 }],
    why: `${name} has not brought its repositories whole yet: the analysis is without it`,
  };
}
