// An analysis for people: what there is, who could be the next source, what to do, and the packages that differ.
import type { SuggestionWeight } from "../../domain/analysis/analysis.ts";
import type { PackageKind } from "../../domain/analysis/list-packages.ts";
import type { AnalysisSummary, PackageSummary, ViewSummary } from "../../rpc/codec/analysis-view.ts";
import type { Terminal, Tone } from "../terminal.ts";
import type { PoolAnalysis } from "./analysis.ts";
import { clean } from "./clean.ts";
import { printFacts } from "./facts.ts";
import { counted, localTime } from "./words.ts";

interface Filter {
  readonly kind: PackageKind;
  readonly across: boolean;
  readonly all: boolean;
}

const WEIGHT_TONE = { act: "danger", consider: "notice", know: "muted" } as const satisfies Record<
  SuggestionWeight,
  Tone
>;

/** Keys that a line names; a distribution has dozens. */
const KEYS_SHOWN = 3;

export function printAnalysis(terminal: Terminal, found: PoolAnalysis, filter: Filter): void {
  const { summary } = found;
  printSummary(terminal, found);
  if (summary.views.length === 0) {
    terminal.note("No machine of this pool has brought its repositories yet; see `pacpool endpoint list`.");
    return;
  }
  if (summary.classes.length > 1) {
    terminal.print("");
    printClasses(terminal, summary);
  }
  terminal.print("");
  printViews(terminal, summary);
  terminal.print("");
  printTargets(terminal, summary);
  if (summary.suggestions.length > 0) terminal.print("");
  for (const { weight, sentence, advice } of summary.suggestions) {
    terminal.print(`${terminal.paint(WEIGHT_TONE[weight], weight.padEnd(8))}  ${clean(sentence)}`);
    terminal.print(`          ${terminal.paint("muted", clean(advice))}`);
  }
  printPackages(terminal, found, filter);
}

function printSummary(terminal: Terminal, { pool, summary }: PoolAnalysis): void {
  const { counts, withinClass, classes, views, notWhole } = summary;
  const endpoints = views.reduce((sum, view) => sum + view.endpoints.length, 0);
  const beyond = summary.viewsBeyond === 0 ? "" : `, ${String(summary.viewsBeyond)} more are not compared`;
  const shape = `${counted(endpoints, "endpoint")} with ${counted(views.length, "distinct view")} of ${classes.length === 1 ? "1 class" : `${String(classes.length)} classes`}${beyond}`;
  const within = (many: number): string => (classes.length > 1 && many > 0 ? ` (${String(many)} inside a class)` : "");
  printFacts(terminal, [
    ["pool", { text: pool, paint: (text) => terminal.paint("strong", text) }],
    ["compared", shape],
    ["not whole", notWhole.join(", ")],
    [
      "packages",
      `${String(counts.packages)}, ${String(counts.common)} in every view, ${String(counts.identical)} the same file`,
    ],
    ["missing", differing(counts.missing, "missing from some view", within(withinClass.missing))],
    ["version", differing(counts.version, "in several versions", within(withinClass.version))],
    ["build", differing(counts.build, "with several files of one version", within(withinClass.build))],
    ["signer", differing(counts.signer, "signed by several keys in one version", within(withinClass.signer))],
    ["signed by", signers(views)],
    ["foreign", installedPart(summary.foreignPackages, summary.foreignEndpoints, "from no repository")],
    [
      "unavailable",
      installedPart(summary.unavailablePackages, summary.unavailableEndpoints, "in versions that no view has any more"),
    ],
  ]);
}

function differing(many: number, how: string, within: string): string {
  return many === 0 ? "" : `${String(many)} ${how}${within}`;
}

function installedPart(packages: number, endpoints: number, how: string): string {
  return packages === 0 ? "" : `${counted(packages, "package")} ${how}, on ${counted(endpoints, "endpoint")}`;
}

/** Which class is behind, beside the largest. */
function printClasses(terminal: Terminal, { classes, views }: AnalysisSummary): void {
  terminal.printTable(
    [
      { title: "CLASS", flexible: true },
      { title: "ENDPOINTS", align: "right" },
      { title: "NEWEST BUILD" },
      { title: "EQUAL", align: "right" },
      { title: "OLDER", align: "right" },
      { title: "NEWER", align: "right" },
      { title: "LACKS", align: "right" },
      { title: "INSTALLED ELSEWHERE", align: "right" },
    ],
    classes.map(({ class: name, endpoints, newestView, besideLargest: beside }, at) => [
      name,
      String(endpoints),
      localTime(views[newestView]?.newestBuildMs ?? 0),
      // The largest is what the others are compared with.
      ...(at === 0
        ? ["-", "-", "-", "-", "-"]
        : [beside?.equal, beside?.older, beside?.newer, beside?.lacking, beside?.lackingInstalled].map((many) =>
            String(many ?? 0),
          )),
    ]),
  );
}

function printViews(terminal: Terminal, { views }: AnalysisSummary): void {
  terminal.printTable(
    [
      { title: "VIEW", align: "right" },
      { title: "CLASS" },
      { title: "ENDPOINTS", flexible: true },
      { title: "NEWEST BUILD" },
      { title: "BEHIND", align: "right" },
      { title: "KEYS", align: "right" },
      { title: "UNSIGNED", align: "right" },
      { title: "REPOSITORIES" },
    ],
    views.map((view, place) => [
      String(place + 1),
      view.class,
      fewNames(view.endpoints),
      localTime(view.newestBuildMs),
      { text: behind(view), paint: (text: string) => terminal.paint(view.daysBehind > 0 ? "notice" : "good", text) },
      String(view.signedBy.filter(({ keyId }) => keyId !== "").length),
      String(unsigned(view)),
      view.repositories.map(({ repository, packages }) => `${repository} ${String(packages)}`).join(", "),
    ]),
  );
}

function behind(view: ViewSummary): string {
  if (view.isTarget) return "target";
  return view.daysBehind === 0 ? "newest" : counted(view.daysBehind, "day");
}

function unsigned({ signedBy }: ViewSummary): number {
  return signedBy.find(({ keyId }) => keyId === "")?.packages ?? 0;
}

/** Keys over all views, those of most packages first. */
function signers(views: readonly ViewSummary[]): string {
  const packages = new Map<string, number>();
  for (const { keyId, packages: many } of views.flatMap(({ signedBy }) => signedBy)) {
    // A package that several views have counts once at least, and at most as often as the largest view has it.
    if (keyId !== "") packages.set(keyId, Math.max(many, packages.get(keyId) ?? 0));
  }
  const keys = [...packages]
    .toSorted(([, few], [, many]) => many - few)
    .map(([keyId, many]) => `${keyId} (${String(many)})`);
  const more = keys.length > KEYS_SHOWN ? ` and ${counted(keys.length - KEYS_SHOWN, "more key")}` : "";
  return `${keys.slice(0, KEYS_SHOWN).join(", ")}${more}`;
}

function printTargets(terminal: Terminal, { targets, classes }: AnalysisSummary): void {
  terminal.printTable(
    [
      { title: "TARGET OF VIEW", align: "right" },
      { title: "POSSIBLE SOURCES", flexible: true },
      { title: "CAN FOLLOW", align: "right" },
      { title: "WOULD KEEP PACKAGES" },
      { title: "GO BACK", align: "right" },
      ...(classes.length > 1 ? [{ title: "OTHER CLASS", align: "right" } as const] : []),
    ],
    targets.map((target) => [
      String(target.view + 1),
      target.sources.length === 0
        ? `none: ${target.unready.map(({ endpoint, why }) => `${endpoint}, ${why}`)[0] ?? ""}`
        : fewNames(target.sources),
      String(target.followers),
      kept(target),
      String(target.downgraded),
      ...(classes.length > 1 ? [String(target.strangers)] : []),
    ]),
  );
}

function kept({ excepted, exceptions }: AnalysisSummary["targets"][number]): string {
  const [first] = exceptions;
  if (first === undefined) return "-";
  const example = `${first.endpoint}: ${fewNames(first.examples, first.lacking)}`;
  return excepted === 1 ? example : `${String(excepted)}, for example ${example}`;
}

function printPackages(terminal: Terminal, { summary, packages, totalPackages }: PoolAnalysis, filter: Filter): void {
  if (packages.length > 0) {
    terminal.print("");
    terminal.printTable(
      [
        { title: "PACKAGE" },
        { title: "DIFFERS IN" },
        { title: "ON", align: "right" },
        { title: "VERSION OF VIEWS", flexible: true },
      ],
      packages.map((one) => [
        one.name,
        (filter.across ? one.differences : one.differencesWithinClass).join(", "),
        String(one.installed),
        versions(one, summary.views.length),
      ]),
    );
  }
  for (const line of rest(packages.length, totalPackages, filter)) terminal.note(line);
}

/** "2.0-1 (1, 3), 1.0-1 (2), none (4)"; a lone version needs no views. */
function versions({ offers, lackedBy }: PackageSummary, views: number): string {
  const byVersion = Map.groupBy(offers, ({ version }) => version);
  const parts = [...byVersion].map(([version, list]) => {
    const places = list.flatMap((offer) => offer.views).toSorted((a, b) => a - b);
    const files = new Set(list.map(({ sha256, buildDateMs }) => (sha256 === "" ? buildDateMs : sha256))).size;
    const keys = new Set(list.map(({ signer }) => signer)).size;
    const parted = files > 1 ? `, ${String(files)} files` : keys > 1 ? `, ${String(keys)} signers` : "";
    return places.length === views && parted === "" ? version : `${version} (${placeList(places)}${parted})`;
  });
  return [...parts, ...(lackedBy.length === 0 ? [] : [`none (${placeList(lackedBy)})`])].join(", ");
}

function placeList(places: readonly number[]): string {
  return places.map((place) => String(place + 1)).join(" ");
}

function rest(shown: number, total: number, { kind, across, all }: Filter): readonly string[] {
  const of = [
    kind === "different" ? "" : ` of kind ${kind}`,
    across ? "" : " inside a class",
    all ? "" : " that a machine has",
  ];
  if (total === 0) return [`No package differs${of.join("")}; --across and --all look further.`];
  if (total <= shown) return [];
  return [
    `${counted(total - shown, "more package")}${of.join("")}: --limit N shows more, --kind fewer, -o json all of them.`,
  ];
}

function fewNames(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, 3).join(", ");
  return total > 3 ? `${shown} and ${String(total - 3)} more` : shown;
}
