// Findings about packages that would be left behind: what endpoints have from their repositories and the best target of their
// class does not. Their libraries would move and they would not, which pacman does not notice.
import type { AnalysedClass, PossibleTarget, Suggestion } from "./analysis.ts";
import type { Findings } from "./findings.ts";
import { bestTarget, inClass } from "./suggest-sources.ts";
import { counted, finding, namesOf, plural } from "./words.ts";

interface Left {
  readonly endpoints: Set<string>;
  readonly packages: Set<string>;
}

export function suggestLacking(findings: Findings): readonly Suggestion[] {
  return findings.classes.flatMap((of) => {
    const best = bestTarget(findings, of);
    if (best === undefined || best.excepted === 0) return [];
    const view = findings.availability.views[best.view];
    const holder = best.sources[0] ?? findings.views[best.view]?.endpoints[0] ?? "";
    return [...leftByRepository(findings, best)].flatMap(([repository, left]) => {
      if (view?.repositories.includes(repository) !== true) return [withoutRepository(repository, holder, left)];
      const [young, gone] = partByNewest(findings, of, left);
      return [
        ...(young.packages.size === 0 ? [] : [tooOld(holder, young)]),
        ...(gone.packages.size === 0 ? [] : [dropped(findings, of, repository, gone)]),
      ];
    });
  });
}

/** What the class's newest moment has, when the best source is of an older one; and what it has no more. */
function partByNewest({ table, availability }: Findings, of: AnalysedClass, left: Left): readonly [Left, Left] {
  const newest = availability.views[of.newest];
  const isThere = (name: string): boolean => (newest?.offers[table.nameNumber(name)] ?? 0) !== 0;
  const packages = [...left.packages];
  return [
    { ...left, packages: new Set(packages.filter(isThere)) },
    { ...left, packages: new Set(packages.filter((name) => !isThere(name))) },
  ];
}

function tooOld(holder: string, left: Left): Suggestion {
  const endpoints = [...left.endpoints];
  const packages = [...left.packages].toSorted();
  const [first = ""] = endpoints;
  return finding({
    kind: "repository",
    weight: "act",
    sentence: `A target from ${holder} would leave ${counted(packages.length, "package")} of ${namesOf(endpoints)} behind: ${namesOf(packages)} ${plural(packages, "is", "are")} newer than its databases.`,
    advice: `Run \`pacpool update\` on ${holder} first, or make ${first} fit to be the source.`,
    endpoints,
    packages,
  });
}

/** By the repository that a package comes from on its endpoint. */
function leftByRepository(findings: Findings, best: PossibleTarget): ReadonlyMap<string, Left> {
  const { table, availability, members } = findings;
  const found = new Map<string, Left>();
  for (const { name: endpoint, view, standing } of members) {
    if (view === undefined) continue;
    for (const name of standing?.against.get(best.view)?.lackingNames ?? []) {
      const offer = availability.views[view]?.offers[name] ?? 0;
      // Replaced in its own view: the next upgrade there takes it away anyway.
      if (offer === 0) continue;
      const { repository } = table.at(offer);
      const left = found.get(repository) ?? { endpoints: new Set(), packages: new Set() };
      left.endpoints.add(endpoint);
      left.packages.add(table.name(name));
      found.set(repository, left);
    }
  }
  return found;
}

function withoutRepository(repository: string, holder: string, left: Left): Suggestion {
  const endpoints = [...left.endpoints];
  const packages = [...left.packages].toSorted();
  const [first = ""] = endpoints;
  return finding({
    kind: "repository",
    weight: "act",
    sentence: `A target from ${holder} would leave ${counted(packages.length, "package")} of ${namesOf(endpoints)} behind: ${namesOf(packages)} ${plural(packages, "comes", "come")} from ${repository}, which ${holder} does not have.`,
    advice: `Enable ${repository} on ${holder}, take the target from ${first}, or hold ${plural(packages, "it", "them")}: \`pacpool hold add ${packages.length === 1 ? (packages[0] ?? "NAME") : "NAME"} --endpoint ${first}\`.`,
    endpoints,
    packages,
  });
}

function dropped(findings: Findings, of: AnalysedClass, repository: string, left: Left): Suggestion {
  const endpoints = [...left.endpoints];
  const packages = [...left.packages].toSorted();
  return finding({
    kind: "dropped",
    weight: "consider",
    sentence: `${namesOf(packages)} ${plural(packages, "is", "are")} not in ${repository}${inClass(findings, of)} any more, and still installed on ${namesOf(endpoints)}.`,
    advice: `Remove ${plural(packages, "it", "them")} or find what took ${plural(packages, "its", "their")} place: nothing updates ${plural(packages, "it", "them")} from now on.`,
    endpoints,
    packages,
  });
}
