// An operation while it runs and after: how far, which step, the newest line, and what is wrong with what to do.
import { Box } from "ink";
import type { ReactNode } from "react";
import { OPERATION_FACES } from "../../../domain/face/faces.ts";
import { isFinished, OPERATION_STEPS } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { fitLine, wrap } from "../../cells.ts";
import { progressBar } from "../../components/bars.ts";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { planRows } from "../../store/plan-rows.ts";
import { operationOf } from "../../store/select.ts";
import { type Ui, useUi } from "../../ui.ts";
import { ago, moment, plural } from "../../words.ts";
import { drawPlanRow } from "../plan/plan-rows-drawn.ts";
import { BLANK, heading, sentence } from "../rows.ts";
import { stepLine } from "./operation-rows.ts";

const STEPS_COLUMNS = 27;

export function OperationScreen({ operationId }: { readonly operationId: string }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const operation = operationOf(state, operationId);
  if (operation === undefined) {
    const problem = state.loads.get(`operation ${operationId}`)?.problem;
    const lines = [sentence(problem ?? "reading the operation …")];
    const title = [{ text: "Operation", tone: "strong" }] as const;
    return <Panel theme={theme} width={columns} height={layout.list + layout.detail} title={title} lines={lines} />;
  }
  const steps = OPERATION_STEPS.map((step): PanelLine => ({ line: stepLine(step, operation) }));
  return (
    <>
      <Summary ui={ui} operation={operation} height={layout.detail} />
      <Box>
        <Panel
          theme={theme}
          width={STEPS_COLUMNS}
          height={layout.list}
          title={[{ text: "Steps", tone: "strong" }]}
          lines={stepsInView(steps, operation, layout.list - 2)}
        />
        <Panel
          theme={theme}
          width={columns - STEPS_COLUMNS}
          height={layout.list}
          title={[{ text: isFinished(operation.state) ? "Outcome" : "Now", tone: "strong" }]}
          lines={withinRoom(outcomeLines(ui, operation, columns - STEPS_COLUMNS - PANEL_FRAME), layout.list - 2)}
          isFocused
        />
      </Box>
    </>
  );
}

/** On a low screen the steps around the present one. */
function stepsInView(steps: readonly PanelLine[], operation: OperationView, room: number): readonly PanelLine[] {
  const at = operation.step === undefined ? 0 : OPERATION_STEPS.indexOf(operation.step);
  const from = Math.max(0, Math.min(steps.length - room, at - Math.floor(room / 2)));
  return steps.slice(from, from + room);
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
      : `for ${duration(Math.max(0, state.nowMs - started))}`;
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
        { line: [{ text: `operation ${operation.id}`, tone: "muted" }] },
      ]}
    />
  );
}

function outcomeLines(ui: Ui, operation: OperationView, width: number): readonly PanelLine[] {
  const { state } = ui;
  // The last line of progress is no news once it is over.
  const news = isFinished(operation.state) ? "" : operation.message;
  const lines: PanelLine[] = wrap(news || OPERATION_FACES[operation.state].meaning, width).map(
    (text): PanelLine => ({ line: [{ text }] }),
  );
  if (operation.problems.length > 0) {
    lines.push(BLANK, heading("what is wrong, and what to do"));
    for (const problem of operation.problems) {
      for (const [index, text] of wrap(problem, width - 2).entries()) {
        lines.push({ line: [{ text: index === 0 ? "! " : "  ", tone: "alarm" }, { text }] });
      }
    }
  }
  const next = nextWords(operation);
  if (next !== "")
    lines.push(BLANK, ...wrap(next, width).map((text): PanelLine => ({ line: [{ text, tone: "muted" }] })));
  if (state.link.kind === "lost" && !isFinished(operation.state)) {
    lines.push(BLANK, { line: [{ text: "the server is gone; the machine goes on without it", tone: "notice" }] });
  }
  lines.push(...changeLines(ui, operation, width));
  return lines;
}

/** What does not fit is counted, never dropped in silence. */
function withinRoom(lines: readonly PanelLine[], room: number): readonly PanelLine[] {
  if (lines.length <= room) return lines;
  const rest = lines.length - room + 1;
  return [...lines.slice(0, room - 1), sentence(`… ${rest} more lines: pacpool operation show has all`)];
}

/** What the operation changes, from its plan. */
function changeLines({ state }: Ui, operation: OperationView, width: number): readonly PanelLine[] {
  const value = state.loads.get(`operation ${operation.id}`)?.value;
  if (value?.kind !== "operation" || value.plan === undefined || value.plan.steps.length === 0) return [];
  const rows = planRows({ kind: "plan", plan: { ...value.plan, warnings: [], leftAlone: [] } }, "");
  return [BLANK, ...rows.map((one): PanelLine => ({ line: drawPlanRow(one, width) }))];
}

function nextWords(operation: OperationView): string {
  switch (operation.state) {
    case "pending-approval":
      return "a approves it, c cancels it; after choices in conflicts: pacpool operation approve, with a new plan";
    case "queued":
    case "delivered":
      return "c cancels it as long as pacman has not begun";
    case "degraded":
    case "interrupted":
    case "failed":
      return "r repairs: it runs the operation again and proves it";
    case "refused":
      return "nothing was changed; p on the endpoint makes a new plan";
    case "succeeded":
      return operation.isRevert ? "the machine is back at its own set" : "R on the endpoint takes it back";
    case "running":
    case "cancelled":
      return "";
  }
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
