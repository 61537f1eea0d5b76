// Endpoints as rows: name, status, what differs, presence, and the target that they were brought to.
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { type Cell, fitLine, row } from "../../cells.ts";
import { type Line, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { differences, presence } from "../../words.ts";

const STATUS_COLUMNS = 18;
const SEEN_COLUMNS = 17;

export interface PoolRowFacts {
  readonly operation: OperationView | undefined;
  readonly isHere: boolean;
  readonly nowMs: number;
}

export function endpointRow(endpoint: EndpointView, facts: PoolRowFacts, width: number): Line {
  const { status, name, counts, appliedRevision } = endpoint;
  const tone = STATUS_TONES[status];
  const left = row(
    [
      { text: `${name}${facts.isHere ? " (here)" : ""}`, tone: facts.isHere ? "strong" : "plain", grow: 1 },
      { text: `${STATUS_GLYPHS[status]} ${statusWords(endpoint, facts.operation)}`, tone, width: STATUS_COLUMNS },
      { text: differences(counts) || "–", tone: status === "in-sync" ? "muted" : "plain", grow: 1 },
    ],
    width - SEEN_COLUMNS - 10,
  );
  const target: Cell = { text: appliedRevision === 0 ? "–" : String(appliedRevision), width: 6, align: "right" };
  return [
    ...left,
    { text: "  " },
    ...fitLine(presence(endpoint, facts.nowMs), SEEN_COLUMNS),
    { text: "  " },
    ...row([{ ...target, tone: "muted" }], 6),
  ];
}

export function endpointHeading(width: number): string {
  const left = row(
    [
      { text: "ENDPOINT", grow: 1 },
      { text: "STATUS", width: STATUS_COLUMNS },
      { text: "DIFFERS", grow: 1 },
    ],
    width - SEEN_COLUMNS - 10,
  );
  const right = row(
    [
      { text: "PRESENCE", width: SEEN_COLUMNS },
      { text: "TARGET", width: 6, align: "right" },
    ],
    SEEN_COLUMNS + 8,
  );
  return `${left.map(({ text }) => text).join("")}  ${right.map(({ text }) => text).join("")}`;
}

function statusWords({ status, isRebootRequired }: EndpointView, operation: OperationView | undefined): string {
  if (status === "syncing" && operation !== undefined) return `syncing ${operation.percent} %`;
  return isRebootRequired ? `${status}, reboot` : status;
}
