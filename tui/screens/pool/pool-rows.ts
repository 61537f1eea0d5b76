// Endpoints as rows: name, status, what differs, presence, and the target that they were brought to.
import { differences, shortDifferences } from "../../../domain/face/differences.ts";
import { HEADINGS } from "../../../domain/face/headings.ts";
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { type Cell, fit, fitLine, row } from "../../cells.ts";
import { type Sort, sortedTitle } from "../../store/sort.ts";
import { type Line, type Segment, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { presence } from "../../words.ts";

const STATUS_COLUMNS = 18;
const SEEN_COLUMNS = 15;
const AT_COLUMNS = 3;
/** From here on there is room for words where a narrow row has glyphs. */
const WORDS_FROM_COLUMNS = 110;
/** Below this only name, status and presence have room; the panel below says the rest. */
const ALL_FROM_COLUMNS = 66;
/** Below this the pool of the selected one is said below only. */
const POOLS_FROM_COLUMNS = 74;

export interface PoolRowFacts {
  /** Its pool, where a list has those of several. */
  readonly pool?: string;
  readonly operation: OperationView | undefined;
  readonly isHere: boolean;
  readonly nowMs: number;
}

export function endpointRow(endpoint: EndpointView, facts: PoolRowFacts, width: number): Line {
  const { status, name, counts, appliedRevision } = endpoint;
  const said = width >= WORDS_FROM_COLUMNS ? differences(counts) : shortDifferences(counts);
  const at = appliedRevision === 0 ? "–" : String(appliedRevision);
  return endpointLine(
    {
      ...(facts.pool === undefined ? {} : { pool: { text: facts.pool, tone: "muted" } }),
      name: { text: `${name}${facts.isHere ? " (here)" : ""}`, tone: facts.isHere ? "strong" : "plain" },
      status: {
        text: `${STATUS_GLYPHS[status]} ${statusWords(endpoint, facts.operation)}`,
        tone: STATUS_TONES[status],
      },
      differs: { text: said || "–", tone: said === "" ? "muted" : "plain" },
      seen: presence(endpoint, facts.nowMs),
      at: { text: at, tone: "muted" },
    },
    width,
  );
}

export function endpointHeading(width: number, sort?: Sort, hasPools = false): string {
  const title = (text: string, column: string): Segment => ({ text: sortedTitle(text, column, sort) });
  const line = endpointLine(
    {
      name: title(HEADINGS.endpoint, "name"),
      ...(hasPools ? { pool: title(HEADINGS.pool, "pool") } : {}),
      status: title(HEADINGS.status, "status"),
      differs: title(HEADINGS.differs, "differs"),
      seen: [title(HEADINGS.presence, "presence")],
      at: title("AT", "at"),
    },
    width,
  );
  return line.map(({ text }) => text).join("");
}

interface EndpointCells {
  readonly name: Segment;
  readonly pool?: Segment;
  readonly status: Segment;
  readonly differs: Segment;
  readonly seen: Line;
  readonly at: Segment;
}

function endpointLine({ name, pool, status, differs, seen, at }: EndpointCells, width: number): Line {
  const hasAll = width >= ALL_FROM_COLUMNS;
  const left: readonly Cell[] = [
    { ...name, grow: 3 },
    ...(pool === undefined || width < POOLS_FROM_COLUMNS ? [] : [{ ...pool, grow: 2 }]),
    { ...status, width: STATUS_COLUMNS },
  ];
  const right = SEEN_COLUMNS + 2 + (hasAll ? AT_COLUMNS + 2 : 0);
  return [
    ...row(hasAll ? [...left, { ...differs, grow: 2 }] : left, width - right),
    { text: "  " },
    ...fitLine(seen, SEEN_COLUMNS),
    ...(hasAll ? [{ text: "  " }, { ...at, text: fit(at.text, AT_COLUMNS, "right") }] : []),
  ];
}

function statusWords({ status, isRebootRequired }: EndpointView, operation: OperationView | undefined): string {
  if (status === "syncing" && operation !== undefined) return `syncing ${operation.percent} %`;
  return isRebootRequired ? `${status}, reboot` : status;
}
