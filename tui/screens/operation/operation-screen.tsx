// An operation while it runs and after: how far, which step, and below everything that it says, with what to do.
import { Box } from "ink";
import type { ReactNode } from "react";
import { OPERATION_FACES } from "../../../domain/face/faces.ts";
import { isFinished, OPERATION_STEPS } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { fitLine, lineWidth } from "../../cells.ts";
import { progressBar } from "../../components/bars.ts";
import { NoticePanel } from "../../components/notice.tsx";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { stepTimes, wholeLog } from "../../store/operation-log.ts";
import { filterOf, loadOf, operationOf } from "../../store/select.ts";
import type { Line } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { ago, duration, moment, plural } from "../../words.ts";
import { listLines } from "../list-lines.ts";
import { loadNotice } from "../load-notice.ts";
import { BLANK, filterTitle, placeNote, sentence, whyLines } from "../rows.ts";
import { STEP_WORDS, stepLine } from "./operation-rows.ts";

const STEPS_COLUMNS = 27;
/** With more room the steps say how long they took. */
const WIDE_STEPS_COLUMNS = 35;
const WIDE_FROM_COLUMNS = 100;
/** With fewer the steps have one line in the summary instead of a panel. */
const STEPS_FROM_COLUMNS = 70;

type OperationRoute = { readonly kind: "operation"; readonly operationId: string };

export function OperationScreen({ operationId }: { readonly operationId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const route: OperationRoute = { kind: "operation", operationId };
  const layout = layoutOf(state, route, select);
  const operation = operationOf(state, operationId);
  if (operation === undefined) {
    const words = { what: "the operation", empty: "this operation is gone: the server forgets old ones" };
    const notice = loadNotice(loadOf(state, route), state.link, 0, words) ?? { kind: "loading", text: "reading it" };
    const height = layout.list + layout.detail;
    return <NoticePanel theme={theme} width={columns} height={height} title="Operation" notice={notice} />;
  }
  const hasSteps = columns >= STEPS_FROM_COLUMNS;
  const stepsWidth = columns >= WIDE_FROM_COLUMNS ? WIDE_STEPS_COLUMNS : STEPS_COLUMNS;
  const width = hasSteps ? columns - stepsWidth : columns;
  const rows = select.rows(state, route);
  const filter = filterOf(state, route);
  const inner = width - PANEL_FRAME;
  const lines = listLines(rows, situation, inner);
  const list = rows.length === 0 ? [sentence("nothing matches; Esc clears the filter")] : lines;
  return (
    <>
      <Summary ui={ui} operation={operation} height={layout.detail} />
      <Box>
        {hasSteps ? <Steps ui={ui} operation={operation} width={stepsWidth} height={layout.list} /> : null}
        <Panel
          theme={theme}
          width={width}
          height={layout.list}
          title={[...goneLine(ui, operation), ...filterTitle(filter, state.isFiltering)]}
          note={placeNote(situation, filter)}
          lines={[...padded(list, layout.visible), ...whyLines(situation.item?.why ?? "", inner, 2)]}
          isFocused
        />
      </Box>
    </>
  );
}

interface StepsProps {
  readonly ui: Ui;
  readonly operation: OperationView;
  readonly width: number;
  readonly height: number;
}

function Steps({ ui, operation, width, height }: StepsProps): ReactNode {
  const at = operation.step === undefined ? -1 : OPERATION_STEPS.indexOf(operation.step);
  return (
    <Panel
      theme={ui.theme}
      width={width}
      height={height}
      title={[{ text: "Steps", tone: "strong" }]}
      right={
        at < 0 || isFinished(operation.state) ? [] : [{ text: `${at + 1} of ${OPERATION_STEPS.length}`, tone: "muted" }]
      }
      lines={stepsInView(stepLines(ui, operation, width - PANEL_FRAME), at, height - 2)}
    />
  );
}

function stepLines({ state }: Ui, operation: OperationView, width: number): readonly PanelLine[] {
  const value = loadOf(state, { kind: "operation", operationId: operation.id })?.value;
  const kept = value?.kind === "operation" ? value.log : [];
  const log = wholeLog(kept, state.logs.get(operation.id) ?? []);
  const times = stepTimes(log, operation.finishedAtMs || state.nowMs);
  return OPERATION_STEPS.map((step): PanelLine => {
    const line = stepLine(step, operation);
    const took = times.get(step) ?? 0;
    const time = took < 1_000 ? "" : duration(took);
    const room = width - lineWidth(line) - lineWidth([{ text: time }]);
    return { line: time === "" || room < 2 ? line : [...line, { text: " ".repeat(room) + time, tone: "muted" }] };
  });
}

/** On a low screen the steps around the present one. */
function stepsInView(steps: readonly PanelLine[], at: number, room: number): readonly PanelLine[] {
  const from = Math.max(0, Math.min(steps.length - room, Math.max(0, at) - Math.floor(room / 2)));
  return steps.slice(from, from + room);
}

/** What is shown may be behind what happens: the machine needs no server to go on. */
function goneLine({ state }: Ui, { finishedAtMs }: OperationView): Line {
  if (state.link.kind !== "lost" || finishedAtMs > 0) return [{ text: "What it says", tone: "strong" }];
  return [{ text: "the server is gone; the machine goes on without it", tone: "notice" }];
}

function Summary(props: { readonly ui: Ui; readonly operation: OperationView; readonly height: number }): ReactNode {
  const { ui, operation, height } = props;
  const { state, theme } = ui;
  const { columns } = state.size;
  const { glyph, role: tone, meaning: words } = OPERATION_FACES[operation.state];
  const goal = operation.isRevert ? "back to its own set" : `to target ${operation.targetRevision}`;
  const bar = progressBar(operation.percent, columns - PANEL_FRAME - 6, tone === "muted" ? "border-strong" : tone);
  const started = operation.startedAtMs || operation.createdAtMs;
  const time =
    operation.finishedAtMs > 0
      ? `took ${duration(operation.finishedAtMs - started)}, ${ago(operation.finishedAtMs, state.nowMs)}`
      : `for ${duration(state.nowMs - started)}`;
  return (
    <Panel
      theme={theme}
      width={columns}
      height={height}
      title={[
        { text: `${operation.endpoint} `, tone: "strong" },
        { text: `${operation.isRevert ? "revert" : "sync"} `, tone: "muted" },
        { text: `${glyph} ${operation.state}`, tone },
      ]}
      right={[{ text: `by ${operation.author}, ${moment(operation.createdAtMs)}`, tone: "muted" }]}
      lines={[
        { line: [{ text: `${words} · ${goal} · ${plural(operation.changes, "change")} · ${time}` }] },
        {
          line: fitLine([...bar, { text: ` ${String(operation.percent).padStart(3)} %`, tone: "strong" }], columns - 4),
        },
        { line: [{ text: `${stepWords(operation, columns)}operation ${operation.id}`, tone: "muted" }] },
      ]}
    />
  );
}

/** Where the steps have no panel of their own. */
function stepWords({ step, state }: OperationView, columns: number): string {
  if (columns >= STEPS_FROM_COLUMNS || step === undefined || isFinished(state)) return "";
  return `step ${OPERATION_STEPS.indexOf(step) + 1} of ${OPERATION_STEPS.length}: ${STEP_WORDS[step]} · `;
}

function padded(lines: readonly PanelLine[], height: number): readonly PanelLine[] {
  return [...lines.slice(0, height), ...Array.from({ length: Math.max(0, height - lines.length) }, () => BLANK)];
}
