// The pools as bars by status: above the fleet on the dashboard, above the selected one on their own screen.
import type { ReactNode } from "react";
import { PANEL_FRAME, Panel } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf } from "../../store/select.ts";
import type { PoolsScreen } from "../../store/state.ts";
import { useUi } from "../../ui.ts";
import { filterTitle, heading, placeNote, sentence, visibleRows } from "../rows.ts";
import { poolHeading, poolRow } from "./pools-rows.ts";

export function PoolList({ screen }: { readonly screen: PoolsScreen }): ReactNode {
  const { state, select, situation, theme } = useUi();
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const filter = filterOf(state, situation.route);
  const pools = select.pools(state, screen);
  const rows = visibleRows(pools, situation, (pool, isSelected) =>
    // The selected row has one colour: there the glyphs tell the shares apart.
    poolRow(pool, inner - 2, theme.hasColour && !isSelected),
  );
  const empty =
    filter === ""
      ? "no pool has an endpoint yet: pacpool token create, then pacpool join there"
      : "nothing matches; Esc clears the filter";
  return (
    <Panel
      theme={theme}
      width={columns}
      height={layout.list}
      title={[{ text: "Pools", tone: "strong" }, ...filterTitle(filter, state.isFiltering)]}
      note={placeNote(situation, filter)}
      lines={[
        heading(`  ${poolHeading(inner - 2, state.sorts[screen])}`),
        ...(rows.length === 0 ? [sentence(empty)] : rows),
      ]}
      isFocused
    />
  );
}
