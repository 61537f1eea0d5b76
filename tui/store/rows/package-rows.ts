// One package as rows: its versions and where they are to be had, what targets want, and every endpoint by how it stands.
import { DRIFT_FACES, PRESENCE_FACES } from "../../../domain/face/faces.ts";
import type { BuildView, PackageEndpointView, PackageView, WantView } from "../../../rpc/codec/package.ts";
import { moment, plural, size } from "../../words.ts";
import { type ListItem, type ListRow, sectionRows } from "./list-row.ts";

/** None when nobody has it and no target knows it. */
export function packageRows(found: PackageView, filter: string): readonly ListRow[] {
  if (found.builds.length === 0 && found.wants.every(({ version }) => version === "")) return [];
  const endpoints = groupEndpoints(found.endpoints);
  return sectionRows(
    [
      {
        id: "builds",
        title: "versions",
        items: found.builds.map((one) => buildItem(one, found)),
        titles: BUILD_TITLES,
      },
      { id: "wants", title: "what targets want", items: found.wants.map(wantItem), none: "no target to compare with" },
      { id: "missing", title: "miss it", items: endpoints.missing.map(endpointItem) },
      { id: "differ", title: "not as wanted", items: endpoints.differ.map(endpointItem) },
      { id: "aside", title: "left alone", items: endpoints.aside.map(endpointItem) },
      { id: "unsaid", title: "cannot be compared", items: endpoints.unsaid.map(endpointItem) },
      { id: "as-wanted", title: "as wanted", items: endpoints.asWanted.map(endpointItem) },
      { id: "without", title: "without it, and need not have it", items: endpoints.without.map(endpointItem) },
    ],
    filter,
  );
}

const BUILD_TITLES = [
  { text: "VERSION", grow: 3 },
  { text: "ON", width: 9, align: "right" },
  { text: "BUILT", width: 16, from: 70 },
  { text: "FROM", grow: 2 },
  { text: "SIGNED BY", width: 16, from: 100 },
  { text: "KEPT", width: 9, align: "right" },
] as const;

function buildItem(one: BuildView, { builds, total, wants }: PackageView): ListItem {
  const { version, architecture, endpoints, repository, signer, keptBytes, buildDateMs } = one;
  const isWanted = wants.some((want) => want.version === version);
  const twins = builds.filter((other) => other.version === version).length > 1 ? `, built ${moment(buildDateMs)}` : "";
  const from =
    repository === "" ? "no repository of those who have it, nor a target's, has it any more" : `in ${repository}`;
  const kept = keptBytes === 0 ? "the server keeps no file of it" : `the server keeps its file (${size(keptBytes)})`;
  return {
    kind: "item",
    id: `build ${version} ${architecture} ${buildDateMs}`,
    cells: [
      { text: version, tone: isWanted ? "good" : "plain", grow: 3 },
      { text: `${endpoints} of ${total}`, width: 9, align: "right" },
      { text: moment(buildDateMs), tone: "muted", width: 16, from: 70 },
      { text: repository === "" ? "–" : repository, tone: "muted", grow: 2 },
      { text: signer === "" ? "–" : signer, tone: "muted", width: 16, from: 100 },
      { text: keptBytes === 0 ? "–" : size(keptBytes), tone: "muted", width: 9, align: "right" },
    ],
    why: `${version} (${architecture}${twins}) on ${plural(endpoints, "endpoint")}; ${from}${signedWords(signer, repository)}; ${kept}`,
  };
}

function signedWords(signer: string, repository: string): string {
  if (repository === "") return "";
  return signer === "" ? ", without a signature in its database" : `, signed by ${signer}`;
}

function wantItem(one: WantView): ListItem {
  const { pool, targetRevision, version, isPinned, isRequired, endpoints, repository } = one;
  const marks = [...(isPinned ? ["pinned"] : []), ...(isRequired ? ["must be there"] : [])].join(", ");
  return {
    kind: "item",
    id: `want ${pool} ${one.class}`,
    cells: [
      { text: pool, grow: 2 },
      { text: `target ${targetRevision}`, tone: "muted", width: 11 },
      {
        text: version === "" ? "nothing: its view does not have it" : version,
        tone: version === "" ? "muted" : "good",
        grow: 3,
      },
      { text: marks, tone: "notice", grow: 2 },
      { text: plural(endpoints, "endpoint"), tone: "muted", width: 13, align: "right", from: 70 },
    ],
    why:
      version === ""
        ? `target ${targetRevision} of ${pool} has no view with it for class ${one.class}: who has it keeps it`
        : `class ${one.class}: ${version}${repository === "" ? "" : ` from ${repository}`}${isPinned ? ", a pin of the target" : ""}`,
    opens: { kind: "history", poolId: one.poolId },
  };
}

function endpointItem(one: PackageEndpointView): ListItem {
  const face = one.drift === undefined ? undefined : DRIFT_FACES[one.drift];
  const presence = PRESENCE_FACES[one.isOnline ? "online" : "asleep"];
  return {
    kind: "item",
    id: one.endpointId,
    name: one.endpoint,
    cells: [
      face === undefined ? { text: "", width: 13 } : { text: `${face.glyph} ${face.word}`, tone: face.role, width: 13 },
      { text: one.endpoint, grow: 3 },
      { text: one.pool, tone: "muted", grow: 2, from: 90 },
      { text: one.version === "" ? "–" : one.version, grow: 2 },
      { text: "→", tone: "muted", width: 1 },
      { text: one.wanted === "" ? "–" : one.wanted, tone: "muted", grow: 2 },
      { text: `${presence.glyph} ${presence.word}`, tone: presence.role, width: 9, from: 70 },
    ],
    why: one.why === "" ? asWantedWords(one) : one.why,
    opens: { kind: "endpoint", endpointId: one.endpointId },
  };
}

function asWantedWords({ version, wanted, isExplicit }: PackageEndpointView): string {
  if (version === "") return "not installed; its presence is the endpoint's affair";
  const how = isExplicit ? "installed by name" : "installed as a dependency";
  return wanted === "" ? how : `as the target wants it; ${how}`;
}

interface Grouped {
  readonly missing: readonly PackageEndpointView[];
  readonly differ: readonly PackageEndpointView[];
  readonly aside: readonly PackageEndpointView[];
  readonly unsaid: readonly PackageEndpointView[];
  readonly asWanted: readonly PackageEndpointView[];
  readonly without: readonly PackageEndpointView[];
}

const ASIDE: ReadonlySet<string> = new Set(["held", "foreign", "unavailable"]);

function groupEndpoints(endpoints: readonly PackageEndpointView[]): Grouped {
  const {
    missing = [],
    differ = [],
    aside = [],
    unsaid = [],
    asWanted = [],
    without = [],
  } = Object.groupBy(endpoints, (one): keyof Grouped => {
    if (one.drift === "missing") return "missing";
    if (one.drift !== undefined) return ASIDE.has(one.drift) ? "aside" : "differ";
    if (one.why !== "") return "unsaid";
    return one.version === "" ? "without" : "asWanted";
  });
  return { missing, differ, aside, unsaid, asWanted, without };
}
