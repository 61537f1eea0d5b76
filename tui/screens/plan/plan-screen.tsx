// What one endpoint would do, removals first, as pacman itself simulated it there; or why it can have no plan.
import type { ReactNode } from "react";
import type { Plan } from "../../../domain/plan/plan.ts";
import { noticeLines } from "../../components/notice.tsx";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { waitingConflicts } from "../../store/conflicts-of.ts";
import { layoutOf } from "../../store/layout.ts";
import { planChanges } from "../../store/plan-rows.ts";
import { originWords } from "../../store/rows/plan-items.ts";
import { filterOf, loadOf } from "../../store/select.ts";
import type { Line } from "../../theme.ts";
import { type Ui, useUi } from "../../ui.ts";
import { size, targetLine } from "../../words.ts";
import { loadNotice } from "../load-notice.ts";
import { BLANK, filterTitle, placeNote, sentence, visibleRows, whyLines } from "../rows.ts";
import { drawPlanRow, whyOf } from "./plan-rows-drawn.ts";

export function PlanScreen({ isRevert }: { readonly isRevert: boolean }): ReactNode {
  const ui = useUi();
  const { state, select, situation, theme } = ui;
  const { columns } = state.size;
  const layout = layoutOf(state, situation.route, select);
  const inner = columns - PANEL_FRAME;
  const { plan, endpoint } = situation;
  const filter = filterOf(state, situation.route);
  const all = select.plan(state, situation.route);
  const rows = visibleRows(all, situation, (one) => drawPlanRow(one, inner - 2));
  const filled: PanelLine[] = [...(rows.length === 0 ? emptyLines(ui, filter, inner) : rows)];
  while (filled.length < layout.visible) filled.push(BLANK);
  const why = whyOf(all[situation.position.index]);
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.detail}
        title={[
          { text: `${isRevert ? "Way back" : "Plan"} of ${endpoint?.name ?? "an endpoint"}`, tone: "strong" },
          { text: isRevert ? "" : " · a dry run, nothing has changed", tone: "muted" },
        ]}
        lines={[
          { line: isRevert ? wayBackLine(plan) : targetLine(situation.pool, state.nowMs) },
          { line: summaryLine(ui, plan) },
          { line: adviceLine(plan) },
          { line: nextLine(ui, isRevert) },
        ]}
      />
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={[{ text: "Changes", tone: "strong" }, ...filterTitle(filter, state.isFiltering)]}
        right={plan === undefined ? [] : [{ text: `plan ${plan.digest.slice(0, 12)}`, tone: "muted" }]}
        note={placeNote(situation, filter)}
        lines={[...filled, ...whyLines(why, inner, 2)]}
        isFocused
      />
    </>
  );
}

function wayBackLine(plan: Plan | undefined): Line {
  if (plan === undefined) return [{ text: "to the endpoint's own whole set from before", tone: "muted" }];
  return [{ text: `to the endpoint's own whole set from before target ${plan.targetRevision}` }];
}

function summaryLine({ state, situation }: Ui, plan: Plan | undefined): Line {
  if (loadOf(state, situation.route)?.isLoading === true) {
    return [{ text: "» ", tone: "busy" }, { text: "pacman is computing it on the machine …" }];
  }
  if (loadOf(state, situation.route)?.value?.kind === "no-plan") {
    return [{ text: "■ ", tone: "danger" }, { text: "there is no plan; nothing was changed" }];
  }
  if (plan === undefined) return [{ text: "no plan", tone: "muted" }];
  const changes = planChanges(plan);
  if (changes === "") return [{ text: "✓ ", tone: "good" }, { text: "it changes nothing" }];
  const space = plan.installedDeltaBytes;
  return [
    { text: changes.replace("install reason", "reason"), tone: "strong" },
    { text: ` · ${plan.downloadBytes === 0 ? "fetches nothing" : `fetches ${size(plan.downloadBytes)}`}, ` },
    { text: space === 0 ? "as much on disk" : space < 0 ? `${size(-space)} freed` : `+${size(space)} on disk` },
  ];
}

/** What is worth reading before a yes comes first; then where the files come from. */
function adviceLine(plan: Plan | undefined): Line {
  if (plan === undefined) return [];
  const count = plan.warnings.length;
  const [only = ""] = plan.warnings;
  const warning: Line =
    count === 0
      ? []
      : [
          { text: "! ", tone: "notice" },
          ...(count === 1
            ? [{ text: `${only}  `, tone: "notice" } as const]
            : [
                { text: `${count} warnings: `, tone: "notice" } as const,
                { text: "w", tone: "key" } as const,
                { text: " goes there  " },
              ]),
        ];
  const origin = originWords(plan);
  return [...warning, ...(origin === "" ? [] : [{ text: `files: ${origin}`, tone: "muted" } as const])];
}

function nextLine({ situation, state }: Ui, isRevert: boolean): Line {
  const { plan, endpoint, operation } = situation;
  if (loadOf(state, situation.route)?.value?.kind === "no-plan") return refusedLine();
  if (plan === undefined) return [];
  if (endpoint !== undefined && endpoint.digest !== plan.baseDigest) {
    return [
      { text: "! ", tone: "notice" },
      { text: `${endpoint.name} has changed since: ` },
      { text: "p", tone: "key" },
      { text: " makes a new plan" },
    ];
  }
  if (operation?.state === "pending-approval") return approveLine(waitingConflicts(state, operation));
  if (planChanges(plan) === "") return [];
  return [
    { text: isRevert ? "R" : "s", tone: "key" },
    { text: " carries it out, after a question" },
    { text: isRevert ? "" : "    " },
    ...(isRevert ? [] : [{ text: "p", tone: "key" } as const, { text: " computes it afresh" }]),
  ];
}

function refusedLine(): Line {
  return [
    { text: "p", tone: "key" },
    { text: " tries again    " },
    { text: "H", tone: "key" },
    { text: " rules    " },
    { text: "x", tone: "key" },
    { text: " conflicts" },
  ];
}

function approveLine(waiting: number): Line {
  if (waiting > 0) {
    return [
      { text: `? ${waiting} wait for a decision: `, tone: "notice" },
      { text: "x", tone: "key" },
      { text: " shows them" },
    ];
  }
  return [{ text: "a", tone: "key" }, { text: " approves the operation that waits, with exactly this plan" }];
}

function emptyLines({ state, situation }: Ui, filter: string, width: number): readonly PanelLine[] {
  const load = loadOf(state, situation.route);
  if (filter !== "") return [sentence("nothing matches; Esc clears the filter")];
  const { endpoint } = situation;
  const isUnderWay = endpoint !== undefined && endpoint.operationId !== "" && load?.problem === undefined;
  if (isUnderWay && load?.isLoading !== true && load?.value === undefined) {
    return [sentence(`an operation is under way on ${endpoint.name}: o on the endpoint shows it`)];
  }
  const notice = loadNotice(load, state.link, 0, {
    what: `the plan of ${endpoint?.name ?? "the endpoint"}`,
    empty: "every package is as it should be",
    errorAdvice: [{ kind: "key", key: "p", does: "asks the machine again" }],
  });
  return notice === undefined ? [] : noticeLines(notice, width);
}
