// One endpoint: its facts above, every package that differs below, with the reason of the selected one.
import type { ReactNode } from "react";
import { differences } from "../../../domain/face/differences.ts";
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import { wrapAtMost } from "../../cells.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf } from "../../store/select.ts";
import { STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { ago, asides, plural, presence, targetLine } from "../../words.ts";
import { driftHeading, driftRow } from "../drift-rows.ts";
import { filterTitle, heading, placeNote, sentence, visibleRows, whyLines } from "../rows.ts";
import { nothingWords } from "./endpoint-preview.tsx";

export function EndpointScreen({ endpointId }: { readonly endpointId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const { endpoint } = situation;
  if (endpoint === undefined) {
    const lines = [sentence("this endpoint is gone; Esc goes back")];
    return <Panel theme={theme} width={columns} height={layout.list + layout.detail} title={[]} lines={lines} />;
  }
  const filter = filterOf(state, situation.route);
  const items = select.drift(state, endpointId);
  const load = state.loads.get(`drift ${endpointId}`);
  const rows = visibleRows(items, situation, (item) => driftRow(item, inner - 2));
  const empty =
    filter === ""
      ? nothingWords(endpoint, load?.problem, load?.isLoading ?? false)
      : "nothing matches; Esc clears the filter";
  const list = rows.length === 0 ? [sentence(empty)] : rows;
  const why = items[situation.position.index]?.why ?? "";
  return (
    <>
      <Facts ui={ui} endpoint={endpoint} height={layout.detail} />
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[{ text: "Drift", tone: "strong" }, ...filterTitle(filter, state.isFiltering)]}
        right={[{ text: load?.isLoading === true ? "comparing …" : differences(endpoint.counts), tone: "muted" }]}
        note={placeNote(situation, filter)}
        lines={[heading(`  ${driftHeading(inner - 2)}`), ...padded(list, layout.visible), ...whyLines(why, inner, 2)]}
        isFocused
      />
    </>
  );
}

function padded(lines: readonly PanelLine[], height: number): readonly PanelLine[] {
  return [...lines, ...Array.from({ length: Math.max(0, height - lines.length) }, (): PanelLine => ({ line: [] }))];
}

function Facts(props: { readonly ui: Ui; readonly endpoint: EndpointView; readonly height: number }): ReactNode {
  const { ui, endpoint, height } = props;
  const { state, theme, situation } = ui;
  const { columns } = state.size;
  const aside = asides(endpoint.counts);
  const applied = endpoint.appliedRevision === 0 ? "no target applied yet" : `at target ${endpoint.appliedRevision}`;
  const facts = [
    plural(endpoint.packages, "package") + (aside === "" ? "" : ` (${aside})`),
    applied,
    `reported ${ago(endpoint.reportedAtMs, state.nowMs)}`,
    ...(endpoint.isRebootRequired ? ["a reboot is needed"] : []),
  ];
  const reasons = [...endpoint.reasons, ...aheadWords(endpoint)].join("; ") || "nothing to say";
  const lines: PanelLine[] = [
    { line: targetLine(situation.pool, state.nowMs) },
    { line: [{ text: facts.join(" · ") }] },
    ...wrapAtMost(reasons, columns - PANEL_FRAME, 2).map((text): PanelLine => ({ line: [{ text, tone: "muted" }] })),
    { line: [{ text: identity(endpoint), tone: "muted" }] },
  ];
  const status = { text: `${STATUS_GLYPHS[endpoint.status]} ${endpoint.status}`, tone: STATUS_TONES[endpoint.status] };
  return (
    <Panel
      theme={theme}
      width={columns}
      height={height}
      title={[{ text: `${endpoint.name} `, tone: "strong" }, status]}
      right={presence(endpoint, state.nowMs)}
      lines={lines}
    />
  );
}

/** Nothing of it happens by itself. */
function aheadWords({ status }: EndpointView): readonly string[] {
  return status === "ahead" ? ["L publishes it for the pool, s brings it back to the target"] : [];
}

function identity({ agentVersion, root, apply, labels }: EndpointView): string {
  const words = Object.entries(labels).map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  return [
    `agent ${agentVersion}`,
    ...(root === "" || root === "/" ? [] : [`root ${root}`]),
    ...(apply === "" ? [] : [`apply = ${apply}`]),
    ...words,
  ].join(" · ");
}
