// What a person should do about a pool, in sentences: each finding says what is and what to do. It computes nothing that the
// analysis does not hold already, and knows no clock.
import type { Suggestion, SuggestionWeight } from "./analysis.ts";
import type { Findings } from "./findings.ts";
import { suggestClasses, suggestSkew } from "./suggest-classes.ts";
import { suggestLacking } from "./suggest-lacking.ts";
import { suggestSharedNames, suggestTrustworthyFiles } from "./suggest-packages.ts";
import { suggestBehind, suggestPartial, suggestSources } from "./suggest-sources.ts";
import { finding, namesOf, plural } from "./words.ts";

const ORDER: Readonly<Record<SuggestionWeight, number>> = { act: 0, consider: 1, know: 2 };

/** The gravest first; within a weight in the order of the list below. */
export function suggest(findings: Findings): readonly Suggestion[] {
  const all = [
    ...suggestIncomplete(findings),
    ...suggestTrustworthyFiles(findings),
    ...suggestSharedNames(findings),
    ...suggestLacking(findings),
    ...suggestSources(findings),
    ...suggestPartial(findings),
    ...suggestBehind(findings),
    ...suggestSkew(findings),
    ...suggestClasses(findings),
    ...suggestForeign(findings),
  ];
  return all.toSorted((a, b) => ORDER[a.weight] - ORDER[b.weight]);
}

function suggestIncomplete({ notWhole }: Findings): readonly Suggestion[] {
  if (notWhole.length === 0) return [];
  return [
    finding({
      kind: "incomplete",
      weight: "act",
      sentence: `${namesOf(notWhole)} ${plural(notWhole, "has", "have")} not brought ${plural(notWhole, "its", "their")} repositories yet: the analysis is without ${plural(notWhole, "it", "them")}.`,
      advice: `Start the agent there; \`pacpool doctor\` on the machine says what is wrong.`,
      endpoints: notWhole,
    }),
  ];
}

/** Worth a word only where machines have different versions of the same: a repository of one's own would end that. */
function suggestForeign({ foreign, members }: Findings): readonly Suggestion[] {
  const parted = foreign.listed.filter(({ versions }) => versions.length > 1);
  if (parted.length === 0) return [];
  const names = parted.map(({ name }) => name);
  const holders = members.filter(({ standing }) => (standing?.foreign.length ?? 0) > 0).map(({ name }) => name);
  return [
    finding({
      kind: "foreign",
      weight: "know",
      sentence: `${namesOf(names)} ${plural(names, "is", "are")} in no repository, and installed in several versions: no target reaches ${plural(names, "it", "them")}.`,
      advice:
        "Serve them from a repository of your own (`repo-add`) to have them follow, or leave them to each machine.",
      endpoints: holders,
      packages: names,
    }),
  ];
}
