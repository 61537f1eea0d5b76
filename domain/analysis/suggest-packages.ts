// Findings about single packages: one version that is not one file or not of one signer, and shared names that a class lacks.
import type { AnalysedClass, Suggestion, SuggestionKind } from "./analysis.ts";
import { BUILD, distinctOffers, groupByClass, SIGNER, WITHIN_CLASS } from "./availability.ts";
import type { Findings } from "./findings.ts";
import { bestTarget, inClass } from "./suggest-sources.ts";
import type { ViewOffers } from "./view-offers.ts";
import { finding, namesOf, plural } from "./words.ts";

/** Inside a class, one version from repositories of one name is one file with one signature, unless somebody rebuilt it. */
export function suggestTrustworthyFiles(findings: Findings): readonly Suggestion[] {
  return [...suggestParted(findings, "build", BUILD), ...suggestParted(findings, "signer", SIGNER)];
}

function suggestParted(
  findings: Findings,
  kind: SuggestionKind & ("build" | "signer"),
  bit: number,
): readonly Suggestion[] {
  const { availability, table } = findings;
  const parted: number[] = [];
  for (let at = 0; at < availability.names.length; at += 1) {
    if (((availability.bits[at] ?? 0) & (bit << WITHIN_CLASS)) !== 0) parted.push(availability.names[at] ?? 0);
  }
  if (parted.length === 0) return [];
  const packages = parted.map((name) => table.name(name));
  const endpoints = holdersOf(findings, parted[0] ?? 0);
  const what = kind === "build" ? "another file of the same version" : "signed by another key in the same version";
  return [
    finding({
      kind,
      weight: "act",
      sentence: `${namesOf(packages)} ${plural(packages, "is", "are")} ${what} on ${namesOf(endpoints)}, although these are of one class.`,
      advice:
        kind === "build"
          ? "Compare their mirrors: a repository publishes one file for a version. A rebuild of your own needs a pkgrel of its own."
          : "Look at both keys with `pacman-key --list-keys KEYID` before anybody installs it.",
      endpoints,
      packages,
    }),
  ];
}

/** One endpoint for each of the views that part, so that a person knows where to look. */
function holdersOf(findings: Findings, name: number): readonly string[] {
  const { availability, views } = findings;
  const group = groupByClass(availability.views).find((list) => distinctOffers(list, name).length > 1) ?? [];
  const first = new Map<number, ViewOffers>();
  for (const view of group) {
    const offer = view.offers[name] ?? 0;
    if (offer !== 0 && !first.has(offer)) first.set(offer, view);
  }
  return [...first.values()].flatMap((view) => views[availability.views.indexOf(view)]?.endpoints[0] ?? []);
}

/** A shared name that a class does not have can never be installed there. */
export function suggestSharedNames(findings: Findings): readonly Suggestion[] {
  return findings.classes.flatMap((of) => lackingShared(findings, of, findings.facts.shared));
}

function lackingShared(findings: Findings, of: AnalysedClass, shared: readonly string[]): readonly Suggestion[] {
  const place = bestTarget(findings, of)?.view;
  const view = place === undefined ? undefined : findings.availability.views[place];
  if (view === undefined) return [];
  const lacking = shared.filter((name) => (view.offers[findings.table.nameNumber(name)] ?? 0) === 0);
  if (lacking.length === 0) return [];
  return [
    finding({
      kind: "shared",
      weight: "act",
      sentence: `The shared ${plural(lacking, "name", "names")} ${namesOf(lacking)} ${plural(lacking, "is", "are")} in no repository${inClass(findings, of)}: the endpoints there cannot have ${plural(lacking, "it", "them")}.`,
      advice:
        "Share with a label instead of the whole pool (`pacpool share add NAME --label LABEL`), or add the repository that has it.",
      endpoints: of.views.flatMap((one) => findings.views[one]?.endpoints ?? []),
      packages: lacking,
    }),
  ];
}
