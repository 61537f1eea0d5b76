// A pool: its endpoints, this machine first, and below them what differs on the selected one.
import type { ReactNode } from "react";
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, isHere } from "../../store/select.ts";
import { STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { asides, plural, targetLine } from "../../words.ts";
import { driftRow } from "../drift-rows.ts";
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

function EndpointPreview(props: {
  readonly ui: Ui;
  readonly endpoint: EndpointView;
  readonly height: number;
}): ReactNode {
  const { ui, endpoint, height } = props;
  const { state, select, theme } = ui;
  const { columns } = state.size;
  const inner = columns - PANEL_FRAME;
  const load = state.loads.get(`drift ${endpoint.id}`);
  const room = height - 2;
  const [reason] = endpoint.reasons;
  const lines: PanelLine[] = reason === undefined ? [] : [{ line: [{ text: reason, tone: "muted" }] }];
  const items = select.drift(state, endpoint.id);
  const rest = room - lines.length;
  const shown = items.length > rest ? items.slice(0, rest - 1) : items;
  for (const item of shown) lines.push({ line: driftRow(item, inner) });
  if (shown.length < items.length) lines.push(sentence(`and ${items.length - shown.length} more: Enter shows all`));
  if (items.length === 0) lines.push(sentence(nothingWords(endpoint, load?.problem, load?.isLoading ?? false)));
  const status = { text: `${STATUS_GLYPHS[endpoint.status]} ${endpoint.status}`, tone: STATUS_TONES[endpoint.status] };
  return (
    <Panel
      theme={theme}
      width={columns}
      height={height}
      title={[{ text: `${endpoint.name} `, tone: "strong" }, status]}
      right={[
        { text: `${plural(endpoint.packages, "package")}`, tone: "muted" },
        { text: asides(endpoint.counts) === "" ? "" : `, ${asides(endpoint.counts)}`, tone: "muted" },
      ]}
      lines={lines}
    />
  );
}

export function nothingWords(endpoint: EndpointView, problem: string | undefined, isLoading: boolean): string {
  if (problem !== undefined) return problem;
  if (endpoint.digest === "") return "it has not reported its packages yet: is its agent running?";
  if (isLoading) return "comparing …";
  return endpoint.status === "unknown"
    ? "there is no target to compare with"
    : "every package is as the target wants it";
}
