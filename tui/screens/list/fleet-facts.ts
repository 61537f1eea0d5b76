// What stands above the lists of the fleet: what waits, what was done.
import { INBOX_FACES, OPERATION_FACES } from "../../../domain/face/faces.ts";
import { countInbox } from "../../store/rows/inbox-rows.ts";
import type { Situation } from "../../store/situation.ts";
import type { ListRoute, Load } from "../../store/state.ts";
import type { Line, Segment } from "../../theme.ts";
import { plural } from "../../words.ts";
import type { ListFacts } from "./list-facts.ts";

type FleetRoute = Extract<ListRoute, { readonly endpointId: string }>;

function placeOf({ poolId, endpointId }: FleetRoute, { state, endpoint }: Situation): string {
  if (endpointId !== "") return endpoint?.name ?? "an endpoint that is gone";
  return poolId === "" ? "the whole fleet" : `pool ${state.fleet.pools.get(poolId)?.name ?? ""}`;
}

function titleOf(word: string, place: string): Line {
  return [
    { text: `${word} `, tone: "strong" },
    { text: `of ${place}`, tone: "muted" },
  ];
}

/** Two spaces between them; what is none is left out. */
function spaced(parts: readonly Segment[]): Line {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [{ text: "   " }, part]));
}

export function inboxFacts(route: FleetRoute, load: Load | undefined, situation: Situation): ListFacts {
  const place = placeOf(route, situation);
  const base = {
    title: titleOf("Inbox", place),
    words: { what: `what waits for a person in ${place}`, empty: `nothing waits for a person in ${place}` },
  };
  if (load?.value?.kind !== "inbox") return { ...base, right: "", lines: [] };
  const { entries } = load.value;
  const counts = countInbox(entries);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const parts = counts.map(
    ({ kind, count }): Segment => ({
      text: `${INBOX_FACES[kind].glyph} ${count} ${INBOX_FACES[kind].word}`,
      tone: INBOX_FACES[kind].role,
    }),
  );
  return {
    ...base,
    right: `${total} on ${plural(entries.length, "endpoint")}`,
    lines: [
      [{ text: "What machines cannot do by themselves, or should not without being asked." }],
      spaced(parts),
      [
        { text: "Enter", tone: "key" },
        { text: " opens the endpoint, or what is to be decided    " },
        { text: "Ctrl-R", tone: "key" },
        { text: " reads it again" },
      ],
    ],
  };
}

export function operationsFacts(route: FleetRoute, load: Load | undefined, situation: Situation): ListFacts {
  const place = placeOf(route, situation);
  const base = {
    title: titleOf("Operations", place),
    words: { what: `the operations of ${place}`, empty: `nothing was done yet in ${place}` },
  };
  if (load?.value?.kind !== "operations") return { ...base, right: "", lines: [] };
  const { operations } = load.value;
  const states = Map.groupBy(operations, ({ state }) => state);
  const parts = [...states].map(
    ([state, some]): Segment => ({
      text: `${OPERATION_FACES[state].glyph} ${some.length} ${OPERATION_FACES[state].word}`,
      tone: OPERATION_FACES[state].role,
    }),
  );
  return {
    ...base,
    right: `the newest ${operations.length}`,
    lines: [
      [{ text: "Syncs, reverts and repairs, the newest first." }],
      spaced(parts),
      [{ text: "Enter", tone: "key" }, { text: " opens one, with its log, its problems and what it changed" }],
    ],
  };
}

export function connectionFacts(load: Load | undefined, { state }: Situation): ListFacts {
  const { address, profile } = state;
  return {
    title: titleOf("Connection", address === "" ? "no server" : address),
    right: profile === "" ? "" : `profile ${profile}`,
    words: { what: "whom the server takes this key for", empty: "no server is known" },
    lines: [
      [{ text: "Which server these screens are of, and as whom they ask it." }],
      [{ text: "Enter", tone: "key" }, { text: " on a profile changes to its server; the screens begin anew there" }],
      [{ text: load?.problem ?? "", tone: "danger" }],
    ],
  };
}
