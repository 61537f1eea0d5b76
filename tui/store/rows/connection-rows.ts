// The way to the server as rows: which one, as whom, and the profiles that there are to change to.
import type { CallerView } from "../../../rpc/codec/access.ts";
import type { LoadedValue, State } from "../state.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

/** A row of a profile leads to no screen: its key changes the connection. */
const PROFILE_ID = "profile ";

export function profileAt(id: string): string | undefined {
  return id.startsWith(PROFILE_ID) ? id.slice(PROFILE_ID.length) : undefined;
}

export type Connected = Pick<State, "address" | "profile" | "profiles" | "endpointName"> & {
  readonly link: State["link"]["kind"];
};

export function connectionRows(
  connected: Connected,
  value: LoadedValue | undefined,
  filter: string,
): readonly ListRow[] {
  const caller = value?.kind === "connection" ? value.caller : undefined;
  const none = "no profile is configured: pacpool init and pacpool join write one, or config.toml by hand";
  return sectionRows(
    [
      { id: "way", title: "this connection", items: factItems(connected, caller) },
      { id: "profiles", title: "profiles", items: connected.profiles.map((one) => profileItem(one, connected)), none },
    ],
    filter,
  );
}

const LINK_WORDS: Readonly<Record<State["link"]["kind"], string>> = {
  unset: "no server is known",
  connecting: "connecting",
  live: "live: every change is told at once",
  lost: "gone: what is shown is from before",
  refused: "not let in",
};

function factItems({ address, link, endpointName }: Connected, caller: CallerView | undefined): readonly ListItem[] {
  const role = caller?.role === undefined ? "" : `, ${caller.role}`;
  return [
    fact("server", address === "" ? "–" : address),
    fact("state", LINK_WORDS[link]),
    fact("key", caller === undefined ? "–" : `${caller.name}${role}`),
    fact("this machine", endpointName ?? "no endpoint"),
    fact("version", caller === undefined ? "–" : `${caller.serverVersion}, protocol ${caller.protocolVersion}`),
    fact("authority", caller === undefined ? "–" : caller.fingerprint),
  ];
}

function fact(name: string, text: string): ListItem {
  return {
    kind: "item",
    id: name,
    name: text,
    cells: [
      { text: name, tone: "muted", width: 14 },
      { text, grow: 1 },
    ],
    why: "",
  };
}

function profileItem(name: string, { profile }: Connected): ListItem {
  const isThis = name === profile;
  return {
    kind: "item",
    id: `${PROFILE_ID}${name}`,
    name,
    cells: [
      { text: isThis ? "●" : "○", tone: isThis ? "good" : "muted", width: 1 },
      { text: name, tone: isThis ? "strong" : "plain", width: 24 },
      { text: isThis ? "in use" : "Enter changes to it", tone: "muted", grow: 1 },
    ],
    why: isThis ? "" : `the connection as [profiles.${name}] of config.toml says; nothing that runs is touched`,
  };
}
