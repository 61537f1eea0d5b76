// Findings about sources: who could be the next one in each class, who is older, and who cannot be one as it is.
import type { AnalysedClass, PossibleTarget, Suggestion } from "./analysis.ts";
import type { Findings } from "./findings.ts";
import { counted, finding, namesOf, plural } from "./words.ts";

/** The class's freshest view from which a target can be taken now; without one the freshest of all. */
export function bestTarget(findings: Findings, of: AnalysedClass): PossibleTarget | undefined {
  const targets = of.views.flatMap((place) => findings.targets[place] ?? []);
  const fresher = targets.toSorted(
    (a, b) =>
      Number(b.sources.length > 0) - Number(a.sources.length > 0) ||
      (findings.views[a.view]?.daysBehind ?? 0) - (findings.views[b.view]?.daysBehind ?? 0) ||
      newestBuild(findings, b.view) - newestBuild(findings, a.view) ||
      b.followers - a.followers,
  );
  return fresher[0];
}

export function newestBuild(findings: Findings, place: number): number {
  return findings.availability.views[place]?.newestBuild ?? 0;
}

/** One per class that has endpoints: the newest possible source, unless the target is of that moment already. */
export function suggestSources(findings: Findings): readonly Suggestion[] {
  return findings.classes.flatMap((of) => {
    const best = bestTarget(findings, of);
    if (best === undefined) return [];
    const [source] = best.sources;
    if (source === undefined) return [noSource(findings, of)];
    return findings.views[best.view]?.isTarget === true ? [] : [possibleSource(findings, of, best, source)];
  });
}

function possibleSource(findings: Findings, of: AnalysedClass, best: PossibleTarget, source: string): Suggestion {
  const others = best.followers - 1;
  const reach =
    best.excepted === 0
      ? `all ${counted(best.followers, "endpoint")} of its class can follow`
      : `${counted(others, "other endpoint")} can follow, ${best.excepted} would keep packages that it does not have`;
  const alone = best.followers + best.excepted === 1;
  const down = best.downgraded === 0 ? "" : `; ${counted(best.downgraded, "endpoint")} would go back in some versions`;
  return finding({
    kind: "source",
    weight: findings.facts.target === undefined ? "act" : "consider",
    sentence: `The newest possible source${inClass(findings, of)} is ${source}${alone ? "" : `: ${reach}${down}`}.`,
    advice: `\`pacpool set-latest --endpoint ${source}\` makes its moment the pool's target.`,
    endpoints: best.sources,
  });
}

function noSource(findings: Findings, of: AnalysedClass): Suggestion {
  const unready = of.views.flatMap((place) => findings.targets[place]?.unready ?? []);
  const [first] = unready;
  const why = first === undefined ? "" : ` (${first.endpoint}: ${first.why})`;
  return finding({
    kind: "source",
    weight: "consider",
    sentence: `No endpoint${inClass(findings, of)} can become a source now${why}.`,
    advice: "Upgrade one of them fully with `pacpool update`, or repair it first where an operation failed.",
    endpoints: unready.map(({ endpoint }) => endpoint),
  });
}

/** Endpoints whose databases are days older than their class's newest. */
export function suggestBehind(findings: Findings): readonly Suggestion[] {
  return findings.classes.flatMap((of) =>
    of.views.flatMap((place): Suggestion[] => {
      const view = findings.views[place];
      const [newest] = findings.views[of.newest]?.endpoints ?? [];
      if (view === undefined || view.daysBehind < 1 || view.isTarget || newest === undefined) return [];
      const { endpoints, daysBehind } = view;
      return [
        finding({
          kind: "behind",
          weight: "consider",
          sentence: `Refresh ${namesOf(endpoints)}: ${plural(endpoints, "its", "their")} databases are ${counted(daysBehind, "day")} older than those of ${newest}.`,
          advice: `\`pacpool sync\` brings ${plural(endpoints, "it", "them")} to the target and its databases; \`pacpool update\` on the machine, when it is to be a source.`,
          endpoints,
        }),
      ];
    }),
  );
}

/** Not every endpoint that is behind, but those that could not be the source because they are between two moments. */
export function suggestPartial(findings: Findings): readonly Suggestion[] {
  const { members, table } = findings;
  const partial = members.filter(({ standing }) => (standing?.differing.length ?? 0) > 0);
  if (partial.length === 0) return [];
  const names = new Set(partial.flatMap(({ standing }) => [...(standing?.differing ?? [])]));
  const packages = [...names].map((name) => table.name(name)).toSorted();
  const endpoints = partial.map(({ name }) => name);
  return [
    finding({
      kind: "partial",
      weight: "know",
      sentence: `${namesOf(endpoints)} ${plural(endpoints, "has", "have")} ${counted(packages.length, "package")} in another version or build than ${plural(endpoints, "its", "their")} own repositories: ${namesOf(packages)}.`,
      advice: `A sync or a full upgrade settles that; until then ${plural(endpoints, "it is", "they are")} no source.`,
      endpoints,
      packages,
    }),
  ];
}

/** Only where a pool has several. */
export function inClass(findings: Findings, of: AnalysedClass): string {
  return findings.classes.length > 1 ? ` of class ${of.class}` : "";
}
