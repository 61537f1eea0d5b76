// Every endpoint of the fleet in one list, whatever its pool; below, what differs on the selected one.
import type { ReactNode } from "react";
import { SYNC_STATUSES } from "../../../domain/drift/sync-status.ts";
import { noticeLines } from "../../components/notice.tsx";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, isHere } from "../../store/select.ts";
import type { State } from "../../store/state.ts";
import { type Line, STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { plural } from "../../words.ts";
import { EndpointPreview } from "../endpoint/endpoint-preview.tsx";
import { endpointHeading, endpointRow } from "../pool/pool-rows.ts";
import { filterTitle, heading, placeNote, sentence, visibleRows } from "../rows.ts";

export function EndpointsScreen(): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const filter = filterOf(state, situation.route);
  const rows = visibleRows(select.endpoints(state, ""), situation, (endpoint) =>
    endpointRow(
      endpoint,
      {
        pool: endpoint.pool,
        operation: state.fleet.operations.get(endpoint.operationId),
        isHere: isHere(state, endpoint),
        nowMs: state.nowMs,
      },
      inner - 2,
    ),
  );
  const online = state.fleet.pools.values().reduce((sum, pool) => sum + pool.online, 0);
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[{ text: "Endpoints", tone: "strong" }, ...filterTitle(filter, state.isFiltering)]}
        right={[{ text: `${plural(state.fleet.endpoints.size, "endpoint")}, ${online} online`, tone: "muted" }]}
        note={placeNote(situation, filter)}
        lines={[
          { line: statusesOf(state) },
          heading(`  ${endpointHeading(inner - 2, state.sorts.endpoints, true)}`),
          ...(rows.length === 0 ? nothing(ui, filter, inner) : rows),
        ]}
        isFocused
      />
      {layout.detail > 0 && situation.endpoint !== undefined ? (
        <EndpointPreview ui={ui} endpoint={situation.endpoint} height={layout.detail} />
      ) : null}
    </>
  );
}

/** Of all pools together, as the server counts them. */
function statusesOf({ fleet }: State): Line {
  return SYNC_STATUSES.flatMap((status): Line => {
    const count = fleet.pools.values().reduce((sum, pool) => sum + pool.counts[status], 0);
    if (count === 0) return [];
    return [{ text: `${STATUS_GLYPHS[status]} ${count} ${status}`, tone: STATUS_TONES[status] }, { text: "   " }];
  });
}

function nothing({ state }: Ui, filter: string, width: number): readonly PanelLine[] {
  if (filter !== "") return [sentence("nothing matches; Esc clears the filter")];
  const isWhole = [...state.fleet.pools.keys()].every((id) => state.fleet.whole.has(id));
  if (!isWhole) return [sentence("reading the endpoints …")];
  return noticeLines(
    {
      kind: "empty",
      text: "no machine is enrolled yet",
      advice: [{ kind: "text", text: "pacpool token create prints the line to type on a machine: pacpool join CODE" }],
    },
    width,
  );
}
