// The selected endpoint below a list: its status, why, and the first of what differs.
import type { ReactNode } from "react";
import type { EndpointView } from "../../../rpc/codec/endpoint.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { STATUS_GLYPHS, STATUS_TONES } from "../../theme.ts";
import type { Ui } from "../../ui.ts";
import { asides, plural } from "../../words.ts";
import { driftRow } from "../drift-rows.ts";
import { sentence } from "../rows.ts";

export function EndpointPreview(props: {
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
