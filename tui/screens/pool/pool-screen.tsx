// A pool: its endpoints, this machine first, and below them what differs on the selected one.
import type { ReactNode } from "react";
import { PANEL_FRAME, Panel } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, isHere } from "../../store/select.ts";
import { type Ui, useUi } from "../../ui.ts";
import { plural, targetLine } from "../../words.ts";
import { EndpointPreview } from "../endpoint/endpoint-preview.tsx";
import { filterTitle, heading, placeNote, sentence, visibleRows } from "../rows.ts";
import { endpointHeading, endpointRow } from "./pool-rows.ts";

export function PoolScreen({ poolId }: { readonly poolId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const pool = state.fleet.pools.get(poolId);
  const filter = filterOf(state, situation.route);
  const rows = visibleRows(select.endpoints(state, poolId), situation, (endpoint) =>
    endpointRow(
      endpoint,
      {
        operation: state.fleet.operations.get(endpoint.operationId),
        isHere: isHere(state, endpoint),
        nowMs: state.nowMs,
      },
      inner - 2,
    ),
  );
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[
          { text: pool?.name ?? "pool", tone: "strong" },
          { text: ` · mode ${pool?.mode ?? "unknown"}`, tone: "muted" },
          ...filterTitle(filter, state.isFiltering),
        ]}
        right={[{ text: `${plural(pool?.endpoints ?? 0, "endpoint")}, ${pool?.online ?? 0} online`, tone: "muted" }]}
        note={placeNote(situation, filter)}
        lines={[
          { line: targetLine(pool, state.nowMs) },
          heading(`  ${endpointHeading(inner - 2, state.sorts.pool)}`),
          ...(rows.length === 0 ? [sentence(emptyWords(ui, poolId, filter))] : rows),
        ]}
        isFocused
      />
      {layout.detail > 0 && situation.endpoint !== undefined ? (
        <EndpointPreview ui={ui} endpoint={situation.endpoint} height={layout.detail} />
      ) : null}
    </>
  );
}

function emptyWords({ state }: Ui, poolId: string, filter: string): string {
  if (filter !== "") return "nothing matches; Esc clears the filter";
  return state.fleet.whole.has(poolId)
    ? "no endpoint is in this pool yet: run pacpool join CODE on a machine"
    : "reading the endpoints …";
}
