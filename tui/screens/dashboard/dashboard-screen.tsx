// Several pools at a glance; below, the fleet: what is under way, what waits, what changed lately. Where there is room, the
// selected pool as well.
import { Box } from "ink";
import type { ReactNode } from "react";
import { Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { type Ui, useUi } from "../../ui.ts";
import { targetLine } from "../../words.ts";
import { PoolDetail } from "../pools/pool-detail.tsx";
import { PoolList } from "../pools/pool-list.tsx";
import { overviewLines } from "./overview-lines.ts";

export function DashboardScreen(): ReactNode {
  const ui = useUi();
  const { detail } = layoutOf(ui.state, ui.situation.route, ui.select);
  return (
    <>
      <PoolList screen="dashboard" />
      {detail > 0 ? <Below ui={ui} height={detail} /> : null}
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
