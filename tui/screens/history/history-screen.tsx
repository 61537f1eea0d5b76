// The targets of a pool, the newest first, and what R would do with the selected one.
import type { ReactNode } from "react";
import type { Target } from "../../../domain/target/target.ts";
import { wrap } from "../../cells.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { loadOf } from "../../store/select.ts";
import { type Ui, useUi } from "../../ui.ts";
import { ago, moment, plural } from "../../words.ts";
import { heading, placeNote, sentence, visibleRows } from "../rows.ts";
import { targetHeading, targetRow } from "./history-rows.ts";

export function HistoryScreen({ poolId }: { readonly poolId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const targets = select.targets(state, poolId);
  const newest = targets[0]?.revision;
  const rows = visibleRows(targets, situation, (target) => targetRow(target, target.revision === newest, inner - 2));
  const load = loadOf(state, situation.route);
  const empty = load?.problem ?? (load?.isLoading === false ? "no target yet" : "reading the history …");
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[{ text: `Targets of ${situation.pool?.name ?? "the pool"}`, tone: "strong" }]}
        right={[{ text: plural(targets.length, "target"), tone: "muted" }]}
        note={placeNote(situation, "")}
        lines={[heading(`  ${targetHeading(inner - 2)}`), ...(rows.length === 0 ? [sentence(empty)] : rows)]}
        isFocused
      />
      {layout.detail > 0 && situation.target !== undefined ? (
        <TargetDetail ui={ui} target={situation.target} height={layout.detail} />
      ) : null}
    </>
  );
}

function TargetDetail(props: { readonly ui: Ui; readonly target: Target; readonly height: number }): ReactNode {
  const { ui, target, height } = props;
  const { state, theme } = ui;
  const { columns } = state.size;
  const pins = [...target.pins].map(([name, version]) => `${name} ${version}`);
  const text = [
    `made ${ago(target.createdAtMs, state.nowMs)} (${moment(target.createdAtMs)}) by ${target.author} from ${target.sourceEndpoint}, mode ${target.mode}`,
    target.message === "" ? "without a message" : `“${target.message}”`,
    ...(target.bad ? ["marked bad by a revert: it is never applied again by itself"] : []),
    ...(target.restoresRevision > 0 ? [`repeats target ${target.restoresRevision}`] : []),
    `${plural(target.view.databases.length, "repository").replace("ys", "ies")}: ${target.view.databases.map(({ repository }) => repository).join(", ")}`,
    ...(pins.length === 0 ? [] : [`pins: ${pins.join(", ")}`]),
    ...(target.shared.length === 0 ? [] : [`shared: ${target.shared.join(", ")}`]),
  ];
  const lines = text
    .flatMap((one) => wrap(one, columns - PANEL_FRAME))
    .map((one): PanelLine => ({ line: [{ text: one }] }));
  return (
    <Panel
      theme={theme}
      width={columns}
      height={height}
      title={[{ text: `Target ${target.revision}`, tone: "strong" }]}
      right={[{ text: `view ${target.viewDigest.slice(0, 12)}`, tone: "muted" }]}
      lines={lines}
    />
  );
}
