// Findings about pools that span classes: whether one target can serve them, and whether their moments lie together.
import type { AnalysedClass, Suggestion } from "./analysis.ts";
import type { Findings } from "./findings.ts";
import { newestBuild } from "./suggest-sources.ts";
import { counted, finding, namesOf } from "./words.ts";

const DAY_SECONDS = 86_400;

/** Below that, mirrors of different distributions are simply not the same hour. */
const SKEW_DAYS = 2;

export function suggestClasses(findings: Findings): readonly Suggestion[] {
  const { classes, facts } = findings;
  if (classes.length < 2) return [];
  const listed = classes.map((one) => `${one.class} (${counted(one.endpoints, "endpoint")})`);
  const isMirror = facts.mode === "mirror";
  return [
    finding({
      kind: "classes",
      weight: isMirror ? "act" : "know",
      sentence: `${counted(classes.length, "class")}es share the pool: ${namesOf(listed)}.`.replace(
        "classses",
        "classes",
      ),
      advice: isMirror
        ? "Split the pool: a mirror reaches the source's class only (`pacpool pool create`, `pacpool endpoint move`)."
        : "`set-latest` freezes a view for each of them; split the pool when they are not to move together.",
      endpoints: classes.slice(1).flatMap((one) => endpointsOf(findings, one)),
    }),
  ];
}

/** A target freezes the freshest moment of every class: one that lags brings its endpoints older software than the others. */
export function suggestSkew(findings: Findings): readonly Suggestion[] {
  const { classes, facts } = findings;
  if (classes.length < 2 || facts.mode === "mirror") return [];
  const known = classes.filter((one) => newestBuild(findings, one.newest) > 0);
  const freshest = known.reduce<AnalysedClass | undefined>(
    (best, one) =>
      best === undefined || newestBuild(findings, one.newest) > newestBuild(findings, best.newest) ? one : best,
    undefined,
  );
  if (freshest === undefined) return [];
  const newest = newestBuild(findings, freshest.newest);
  return known.flatMap((one): Suggestion[] => {
    const days = Math.floor((newest - newestBuild(findings, one.newest)) / DAY_SECONDS);
    if (days < SKEW_DAYS) return [];
    const endpoints = findings.views[one.newest]?.endpoints ?? [];
    return [
      finding({
        kind: "skew",
        weight: "consider",
        sentence: `The newest moment of class ${one.class} is ${counted(days, "day")} older than that of class ${freshest.class}.`,
        advice: `Run \`pacpool update\` on ${endpoints[0] ?? "one of them"} before the next \`set-latest\`, so that both classes move to the same time.`,
        endpoints,
      }),
    ];
  });
}

function endpointsOf(findings: Findings, of: AnalysedClass): readonly string[] {
  return of.views.flatMap((place) => findings.views[place]?.endpoints ?? []);
}
