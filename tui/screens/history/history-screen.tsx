// The targets of a pool as a log, the newest first, and what the selected one says.
import { type ReactNode, useMemo } from "react";
import type { Target } from "../../../domain/target/target.ts";
import { wrap } from "../../cells.ts";
import { noticeLines } from "../../components/notice.tsx";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, loadOf } from "../../store/select.ts";
import { type Ui, useUi } from "../../ui.ts";
import { ago, moment, plural } from "../../words.ts";
import { loadNotice } from "../load-notice.ts";
import { filterTitle, heading, placeNote, sentence, visibleRows } from "../rows.ts";
import { countAtTargets, targetHeading, targetRow } from "./history-rows.ts";

export function HistoryScreen({ poolId }: { readonly poolId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const targets = select.targets(state, poolId);
  const filter = filterOf(state, situation.route);
  const newest = situation.pool?.target?.revision ?? targets[0]?.revision;
  const endpointsAt = useMemo(
    () => countAtTargets(state.fleet.endpoints.values(), poolId),
    [state.fleet.endpoints, poolId],
  );
  const rows = visibleRows(targets, situation, (target) => {
    const place = { isNewest: target.revision === newest, endpoints: endpointsAt.get(target.revision) ?? 0 };
    return targetRow(target, place, inner - 2);
  });
  const load = loadOf(state, situation.route);
  const notice = loadNotice(load, state.link, filter === "" ? targets.length : 1, {
    what: `the targets of ${situation.pool?.name ?? "the pool"}`,
    empty: "no target yet",
    emptyAdvice: [{ kind: "text", text: "L on an endpoint makes its moment the first one." }],
  });
  const told = notice === undefined ? [sentence("nothing matches; Esc clears the filter")] : noticeLines(notice, inner);
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[
          { text: `Targets of ${situation.pool?.name ?? "the pool"}`, tone: "strong" },
          ...filterTitle(filter, state.isFiltering),
        ]}
        right={[{ text: plural(targets.length, "target"), tone: "muted" }]}
        note={placeNote(situation, filter)}
        lines={[heading(`  ${targetHeading(inner - 2)}`), ...(rows.length === 0 ? told : rows)]}
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
    ...[target.view, ...target.otherViews.map(({ view }) => view)].map(
      (view) =>
        `class ${view.class === "" ? view.architecture : view.class}: ${view.databases.map(({ repository }) => repository).join(", ")}`,
    ),
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
