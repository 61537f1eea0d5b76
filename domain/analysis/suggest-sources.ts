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

/**
 * One for the whole pool, since a target freezes the freshest view of every class: from the largest class whose newest
 * possible moment is not the target's already.
 */
export function suggestSources(findings: Findings): readonly Suggestion[] {
  const candidates = findings.classes.flatMap((of) => {
    const best = bestTarget(findings, of);
    const [source] = best?.sources ?? [];
    return best === undefined || source === undefined ? [] : [{ of, best, source }];
  });
  const [first] = candidates;
  if (first === undefined) return findings.classes.length === 0 ? [] : [noSource(findings)];
  const due = candidates.find(({ best }) => findings.views[best.view]?.isTarget !== true);
  return due === undefined ? [] : [possibleSource(findings, due.of, due.best, due.source)];
}

function possibleSource(findings: Findings, of: AnalysedClass, best: PossibleTarget, source: string): Suggestion {
  const down = best.downgraded === 0 ? "" : `; ${counted(best.downgraded, "endpoint")} would go back in some versions`;
  const others = findings.facts.mode === "versions" && findings.classes.length > 1;
  const also = others ? ", and the freshest moment of every other class with it" : "";
  return finding({
    kind: "source",
    weight: findings.facts.targetViews === undefined ? "act" : "consider",
    sentence: `The newest possible source${inClass(findings, of)} is ${source}${reachOf(best)}${down}.`,
    advice: `\`pacpool set-latest --endpoint ${source}\` makes its moment the pool's target${also}.`,
    endpoints: best.sources,
  });
}

function reachOf({ followers, excepted }: PossibleTarget): string {
  if (followers + excepted === 1) return "";
  if (excepted === 0) return `: all ${counted(followers, "endpoint")} of its class can follow`;
  const keep = `${excepted} would keep packages that it does not have`;
  return followers === 1 ? `: ${keep}` : `: ${counted(followers - 1, "other endpoint")} can follow, ${keep}`;
}

function noSource(findings: Findings): Suggestion {
  const unready = findings.targets.flatMap((target) => target.unready);
  const [first] = unready;
  const why = first === undefined ? "" : ` (${first.endpoint}: ${first.why})`;
  return finding({
    kind: "source",
    weight: "act",
    sentence: `No endpoint can become a source now${why}.`,
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
