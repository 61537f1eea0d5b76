// Puts the analysis of a pool together from what its views have in common and how its endpoints stand to them. Cheap beside
// these two, which are kept: it runs on every call. docs/spec/analysis.md.
import {
  type AnalysedClass,
  type AnalysedView,
  type Analysis,
  type InstalledPart,
  MAX_NAMED,
  type Member,
  type PartialRepository,
  type PoolFacts,
} from "./analysis.ts";
import type { Availability } from "./availability.ts";
import type { OfferTable } from "./offer-table.ts";
import { computePossibleTargets } from "./possible-targets.ts";
import { suggest } from "./suggest.ts";

const DAY_SECONDS = 86_400;

/** Members in ascending order of their names; `installedOn` counts endpoints by name number. */
export function computeAnalysis(
  table: OfferTable,
  availability: Availability,
  members: readonly Member[],
  facts: PoolFacts,
  installedOn: Int32Array,
): Analysis {
  const classes = compareClasses(table, availability, groupMembers(availability, members), installedOn);
  const views = viewsOf(availability, classes, members, facts);
  const found = {
    availability,
    classes,
    views,
    viewsBeyond: facts.viewsBeyond,
    partialRepositories: partialRepositories(availability, classes),
    targets: computePossibleTargets(table, availability, members),
    foreign: foreignOf(table, members),
    unavailable: unavailableOf(members),
    notWhole: members.filter(({ view, isBeyond }) => view === undefined && !isBeyond).map(({ name }) => name),
    installedOn,
  };
  return { ...found, suggestions: suggest({ table, members, facts, ...found }) };
}

type ClassGroup = Omit<AnalysedClass, "beside">;

/** Most endpoints first. */
function groupMembers(availability: Availability, members: readonly Member[]): readonly ClassGroup[] {
  const { views } = availability;
  const places = Map.groupBy(views.keys(), (place) => views[place]?.class ?? "");
  const classes = [...places].map(([name, list]): ClassGroup => {
    const having = new Set(list);
    return {
      class: name,
      views: list,
      endpoints: members.filter(({ view }) => view !== undefined && having.has(view)).length,
      newest: list.reduce((best, one) => (freshness(availability, one) > freshness(availability, best) ? one : best)),
    };
  });
  return classes.toSorted((a, b) => b.endpoints - a.endpoints || (a.class < b.class ? -1 : 1));
}

function compareClasses(
  table: OfferTable,
  { views }: Availability,
  classes: readonly ClassGroup[],
  installedOn: Int32Array,
): readonly AnalysedClass[] {
  const largest = views[classes[0]?.newest ?? -1];
  return classes.map((one) => {
    const beside = { equal: 0, older: 0, newer: 0, lacking: 0, lackingInstalled: 0 };
    const offers = views[one.newest]?.offers;
    for (const offer of largest?.offers ?? []) {
      if (offer === 0) continue;
      const name = table.nameOf(offer);
      const own = offers?.[name] ?? 0;
      if (own === 0) {
        beside.lacking += 1;
        if ((installedOn[name] ?? 0) > 0) beside.lackingInstalled += 1;
        continue;
      }
      const order = table.order(table.versionOf(own), table.versionOf(offer));
      if (order === 0) beside.equal += 1;
      else if (order < 0) beside.older += 1;
      else beside.newer += 1;
    }
    return { ...one, beside };
  });
}

function freshness(availability: Availability, place: number): number {
  return availability.views[place]?.newestBuild ?? 0;
}

function viewsOf(
  availability: Availability,
  classes: readonly AnalysedClass[],
  members: readonly Member[],
  facts: PoolFacts,
): readonly AnalysedView[] {
  const named = Map.groupBy(members, ({ view }) => view);
  return availability.views.map((view, place) => {
    const newest = freshness(availability, classes.find((one) => one.class === view.class)?.newest ?? place);
    return {
      place,
      endpoints: (named.get(place) ?? []).map(({ name }) => name),
      daysBehind: view.newestBuild === 0 ? 0 : Math.floor((newest - view.newestBuild) / DAY_SECONDS),
      isTarget: facts.targetViews?.includes(view.digest) ?? false,
    };
  });
}

/** Those that some view of a class has and another one of the same class has not. */
function partialRepositories(
  availability: Availability,
  classes: readonly AnalysedClass[],
): readonly PartialRepository[] {
  return classes.flatMap(({ views }) => {
    const names = new Set(views.flatMap((place) => availability.views[place]?.repositories ?? []));
    return [...names].toSorted().flatMap((repository) => {
      const isThere = (place: number): boolean => availability.views[place]?.repositories.includes(repository) ?? false;
      const lackedBy = views.filter((place) => !isThere(place));
      return lackedBy.length === 0 ? [] : [{ repository, views: views.filter(isThere), lackedBy }];
    });
  });
}

/** The most widespread first. */
function foreignOf(table: OfferTable, members: readonly Member[]): Analysis["foreign"] {
  const parts = new Map<number, { endpoints: number; versions: Set<number> }>();
  let endpoints = 0;
  for (const { standing } of members) {
    if (standing === undefined || standing.foreign.length === 0) continue;
    endpoints += 1;
    for (const [at, name] of standing.foreign.entries()) {
      const part = parts.get(name) ?? { endpoints: 0, versions: new Set() };
      part.endpoints += 1;
      part.versions.add(standing.foreignVersions[at] ?? 0);
      parts.set(name, part);
    }
  }
  const listed = [...parts]
    .map(
      ([name, part]): InstalledPart => ({
        name: table.name(name),
        endpoints: part.endpoints,
        versions: [...part.versions].slice(0, MAX_NAMED).map((version) => table.version(version)),
      }),
    )
    .toSorted((a, b) => b.endpoints - a.endpoints || (a.name < b.name ? -1 : 1));
  return { packages: parts.size, endpoints, listed: listed.slice(0, MAX_NAMED) };
}

function unavailableOf(members: readonly Member[]): Analysis["unavailable"] {
  const names = new Set<number>();
  let endpoints = 0;
  for (const { standing } of members) {
    if (standing === undefined || standing.unavailable.length === 0) continue;
    endpoints += 1;
    for (const name of standing.unavailable) names.add(name);
  }
  return { packages: names.size, endpoints };
}
