// One pool below a list of pools: its target, its endpoints by status, who needs a person, and the first of all.
import type { ReactNode } from "react";
import type { PoolView } from "../../../rpc/codec/pool.ts";
import { wrap } from "../../cells.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { isHere } from "../../store/select.ts";
import { STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import type { Ui } from "../../ui.ts";
import { moment, plural, targetLine } from "../../words.ts";
import { endpointHeading, endpointRow } from "../pool/pool-rows.ts";
import { BLANK, heading, sentence } from "../rows.ts";
import { countWords } from "./pools-rows.ts";

interface PoolDetailProps {
  readonly ui: Ui;
  readonly pool: PoolView;
  readonly width: number;
  readonly height: number;
}

export function PoolDetail({ ui, pool, width: columns, height }: PoolDetailProps): ReactNode {
  const lines: PanelLine[] = [
    { line: targetLine(pool, ui.state.nowMs) },
    ...(pool.target === undefined
      ? []
      : [sentence(`by ${pool.target.author}, ${moment(pool.target.createdAtMs)}, mode ${pool.target.mode}`)]),
    ...wrap(pool.description, columns - PANEL_FRAME)
      .filter((text) => text !== "")
      .map((text): PanelLine => ({ line: [{ text }] })),
    BLANK,
    { line: countWords(pool) },
    ...needsPerson(ui, pool.id),
    ...preview(ui, pool.id, columns - PANEL_FRAME),
  ];
  return (
    <Panel
      theme={ui.theme}
      width={columns}
      height={height}
      title={[{ text: pool.name, tone: "strong" }]}
      right={[{ text: `${plural(pool.endpoints, "endpoint")}, ${pool.online} online`, tone: "muted" }]}
      lines={lines}
    />
  );
}

const FOR_PERSON = new Set(["degraded", "blocked", "pending-approval", "diverged"]);
const MAX_NAMED = 12;
/** More than the highest screen shows; the panel cuts the rest. */
const MAX_PREVIEW = 100;

function preview({ state, select }: Ui, poolId: string, width: number): readonly PanelLine[] {
  const endpoints = select.endpoints(state, poolId).slice(0, MAX_PREVIEW);
  if (endpoints.length === 0) return [];
  return [
    BLANK,
    heading(endpointHeading(width)),
    ...endpoints.map(
      (endpoint): PanelLine => ({
        line: endpointRow(
          endpoint,
          {
            operation: state.fleet.operations.get(endpoint.operationId),
            isHere: isHere(state, endpoint),
            nowMs: state.nowMs,
          },
          width,
        ),
      }),
    ),
  ];
}

function needsPerson({ state, select }: Ui, poolId: string): readonly PanelLine[] {
  const waiting = select.endpoints(state, poolId).filter(({ status }) => FOR_PERSON.has(status));
  if (waiting.length === 0) return [];
  return [
    BLANK,
    heading("needs a person"),
    ...waiting.slice(0, MAX_NAMED).map(
      ({ name, status, reasons }): PanelLine => ({
        line: [
          { text: `${STATUS_GLYPHS[status]} ${name} `, tone: STATUS_TONES[status] },
          { text: status, tone: STATUS_TONES[status] },
          { text: reasons[0] === undefined ? "" : `  ${reasons[0]}`, tone: "muted" },
        ],
      }),
    ),
  ];
}
