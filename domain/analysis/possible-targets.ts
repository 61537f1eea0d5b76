// Each view of a pool as its next target: which endpoints could be the source, who could follow, and who would be left with
// packages that it does not have.
import { type Exception, MAX_NAMED, type Member, type PossibleTarget, type Unready } from "./analysis.ts";
import type { Availability } from "./availability.ts";
import type { OfferTable } from "./offer-table.ts";
import type { ViewOffers } from "./view-offers.ts";

/** Names that an exception and a reason show. */
const EXAMPLES = 5;

/** One per view, in their order. */
export function computePossibleTargets(
  table: OfferTable,
  availability: Availability,
  members: readonly Member[],
): readonly PossibleTarget[] {
  const unready = new Map(members.map((member) => [member, whyUnready(table, member)] as const));
  return availability.views.map((view, place) => {
    const holders = members.filter((member) => member.view === place);
    const reached = reach(table, availability, view, place, members);
    return {
      view: place,
      sources: holders
        .filter((member) => unready.get(member) === undefined)
        .toSorted((a, b) => Number(b.isOnline) - Number(a.isOnline))
        .map(({ name }) => name),
      unready: holders
        .flatMap((member): Unready[] => {
          const why = unready.get(member);
          return why === undefined ? [] : [{ endpoint: member.name, why }];
        })
        .slice(0, MAX_NAMED),
      ...reached,
    };
  });
}

/** Why set-latest would refuse an endpoint; undefined when it would not. */
function whyUnready(table: OfferTable, { isDegraded, standing }: Member): string | undefined {
  if (isDegraded) return "its last operation was not proven";
  if (standing === undefined) return "it has not reported its packages yet";
  const { differing } = standing;
  if (differing.length === 0) return undefined;
  const names = [...differing.subarray(0, EXAMPLES)].map((name) => table.name(name)).join(", ");
  const more = differing.length > EXAMPLES ? ` and ${differing.length - EXAMPLES} more` : "";
  return `installed packages differ from its own repositories: ${names}${more}`;
}

type Reach = Pick<PossibleTarget, "followers" | "excepted" | "exceptions" | "downgraded" | "strangers">;

function reach(
  table: OfferTable,
  availability: Availability,
  view: ViewOffers,
  place: number,
  members: readonly Member[],
): Reach {
  let followers = 0;
  let excepted = 0;
  let downgraded = 0;
  let strangers = 0;
  const exceptions: Exception[] = [];
  for (const { name, view: own, standing } of members) {
    if (own === undefined) continue;
    if (availability.views[own]?.class !== view.class) strangers += 1;
    const against = standing?.against.get(place);
    if (against === undefined) continue;
    if (against.newer > 0) downgraded += 1;
    if (against.lacking === 0) {
      followers += 1;
      continue;
    }
    excepted += 1;
    if (exceptions.length < MAX_NAMED) {
      const examples = [...against.lackingNames.subarray(0, EXAMPLES)].map((one) => table.name(one));
      exceptions.push({ endpoint: name, lacking: against.lacking, examples });
    }
  }
  return { followers, excepted, exceptions, downgraded, strangers };
}
