// Endpoints as rows: name, status, what differs, presence, and the target that they were brought to.
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { fit, fitLine, row } from "../../cells.ts";
import { type Line, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { differences, presence, shortDifferences } from "../../words.ts";

const STATUS_COLUMNS = 18;
const SEEN_COLUMNS = 15;
const AT_COLUMNS = 3;
const RIGHT_COLUMNS = SEEN_COLUMNS + AT_COLUMNS + 4;
/** From here on there is room for words where a narrow row has glyphs. */
const WORDS_FROM_COLUMNS = 110;

export interface PoolRowFacts {
  readonly operation: OperationView | undefined;
  readonly isHere: boolean;
  readonly nowMs: number;
}

export function endpointRow(endpoint: EndpointView, facts: PoolRowFacts, width: number): Line {
  const { status, name, counts, appliedRevision } = endpoint;
  const tone = STATUS_TONES[status];
  const said = width >= WORDS_FROM_COLUMNS ? differences(counts) : shortDifferences(counts);
  const left = row(
    [
      { text: `${name}${facts.isHere ? " (here)" : ""}`, tone: facts.isHere ? "strong" : "plain", grow: 3 },
      { text: `${STATUS_GLYPHS[status]} ${statusWords(endpoint, facts.operation)}`, tone, width: STATUS_COLUMNS },
      { text: said || "–", tone: said === "" ? "muted" : "plain", grow: 2 },
    ],
    width - RIGHT_COLUMNS,
  );
  const at = appliedRevision === 0 ? "–" : String(appliedRevision);
  return [
    ...left,
    { text: "  " },
    ...fitLine(presence(endpoint, facts.nowMs), SEEN_COLUMNS),
    { text: "  " },
    { text: fit(at, AT_COLUMNS, "right"), tone: "muted" },
  ];
}

export function endpointHeading(width: number): string {
  const left = row(
    [
      { text: "ENDPOINT", grow: 3 },
      { text: "STATUS", width: STATUS_COLUMNS },
      { text: "DIFFERS", grow: 2 },
    ],
    width - RIGHT_COLUMNS,
  );
  return `${left.map(({ text }) => text).join("")}  ${fit("PRESENCE", SEEN_COLUMNS)}  ${fit("AT", AT_COLUMNS, "right")}`;
}

function statusWords({ status, isRebootRequired }: EndpointView, operation: OperationView | undefined): string {
  if (status === "syncing" && operation !== undefined) return `syncing ${operation.percent} %`;
  return isRebootRequired ? `${status}, reboot` : status;
}
