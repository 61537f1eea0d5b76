// Several pools at a glance; below, the fleet: what is under way, what waits, what changed lately. Where there is room, the
// selected pool as well: its target, its endpoints by status, what needs a person.
import { Box } from "ink";
import type { ReactNode } from "react";
import type { PoolView } from "../../../rpc/codec/pool.ts";
import { wrap } from "../../cells.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, isHere } from "../../store/select.ts";
import { STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { moment, plural, targetLine } from "../../words.ts";
import { endpointHeading, endpointRow } from "../pool/pool-rows.ts";
import { BLANK, filterTitle, heading, placeNote, sentence, visibleRows } from "../rows.ts";
import { countWords, poolHeading, poolRow } from "./dashboard-rows.ts";
import { overviewLines } from "./overview-lines.ts";

export function DashboardScreen(): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const filter = filterOf(state, situation.route);
  const pools = select.pools(state);
  const rows = visibleRows(pools, situation, (pool, isSelected) =>
    // The selected row has one colour: there the glyphs tell the shares apart.
    poolRow(pool, inner - 2, theme.hasColour && !isSelected),
  );
  const empty =
    filter === ""
      ? "no pool has an endpoint yet: pacpool token create, then pacpool join there"
      : "nothing matches; Esc clears the filter";
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[{ text: "Pools", tone: "strong" }, ...filterTitle(filter, state.isFiltering)]}
        note={placeNote(situation, filter)}
        lines={[
          heading(`  ${poolHeading(inner - 2, state.sorts.dashboard)}`),
          ...(rows.length === 0 ? [sentence(empty)] : rows),
        ]}
        isFocused
      />
      {layout.detail > 0 ? <Below ui={ui} height={layout.detail} /> : null}
    </>
  );
}

/** From here on the selected pool has room beside the fleet. */
const BOTH_FROM_COLUMNS = 120;

function Below({ ui, height }: { readonly ui: Ui; readonly height: number }): ReactNode {
  const { state, situation, theme } = ui;
  const { columns } = state.size;
  const { pool } = situation;
  const isBeside = pool !== undefined && columns >= BOTH_FROM_COLUMNS;
  const left = isBeside ? Math.floor(columns / 2) : 0;
  const target: readonly PanelLine[] = isBeside ? [] : [{ line: targetLine(pool, state.nowMs) }];
  const lines = [...target, ...overviewLines(state, height - 2 - target.length)];
  return (
    <Box>
      {isBeside ? <PoolDetail ui={ui} pool={pool} width={left} height={height} /> : null}
      <Panel
        theme={theme}
        width={columns - left}
        height={height}
        title={[{ text: "Fleet", tone: "strong" }]}
        lines={lines}
      />
    </Box>
  );
}

interface PoolDetailProps {
  readonly ui: Ui;
  readonly pool: PoolView;
  readonly width: number;
  readonly height: number;
}

function PoolDetail({ ui, pool, width: columns, height }: PoolDetailProps): ReactNode {
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
