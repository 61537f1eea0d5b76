// The fleet beside its pools: what is under way, what waits for a person, what changed lately. Pure.
import { INBOX_FACES, OPERATION_FACES } from "../../../domain/face/faces.ts";
import { isFinished } from "../../../domain/operation/lifecycle.ts";
import type { OperationView } from "../../../rpc/codec/operation.ts";
import { progressBar } from "../../components/bars.ts";
import type { PanelLine } from "../../components/panel.tsx";
import { countInbox } from "../../store/rows/inbox-rows.ts";
import { deedOf } from "../../store/rows/operations-rows.ts";
import { inhabitedPools } from "../../store/select.ts";
import type { State } from "../../store/state.ts";
import type { Line } from "../../theme.ts";
import { ago, plural } from "../../words.ts";
import { heading, sentence } from "../rows.ts";

const BAR_COLUMNS = 12;

/** At most `height` lines: what is under way has a third of them, what changed lately the rest. */
export function overviewLines(state: State, height: number): readonly PanelLine[] {
  const loaded = state.loads.get("dashboard");
  const { value } = loaded ?? {};
  const overview = value?.kind === "overview" ? value : undefined;
  const running = state.fleet.operations
    .values()
    .filter((one) => !isFinished(one.state))
    .toArray();
  const room = Math.max(1, Math.floor((height - 4) / 3));
  const shown = running.slice(0, running.length > room ? Math.max(1, room - 1) : room);
  const rest = running.length - shown.length;
  const lines: readonly PanelLine[] = [
    heading(`under way (${running.length})`),
    ...(running.length === 0 ? [sentence("  nothing: every machine is at rest")] : []),
    ...shown.map((one): PanelLine => ({ line: runningLine(one) })),
    ...(rest > 0 ? [sentence(`  and ${rest} more: O shows all`)] : []),
    heading("waits for you"),
    { line: waitingLine(overview, loaded?.problem) },
    heading("lately"),
    ...latelyLines(state, overview?.operations ?? []),
  ];
  return lines.slice(0, height);
}

function runningLine({ endpoint, state, percent, step, message, isRevert, targetRevision }: OperationView): Line {
  const { glyph, role, word } = OPERATION_FACES[state];
  const doing = message === "" ? (step ?? word) : message;
  return [
    { text: `  ${glyph} ${endpoint} `, tone: role },
    ...progressBar(percent, BAR_COLUMNS, role),
    { text: ` ${percent} %  ${deedOf({ isRevert, targetRevision })}` },
    { text: `  ${doing}`, tone: "muted" },
  ];
}

type Overview = { readonly entries: Parameters<typeof countInbox>[0] } | undefined;

function waitingLine(overview: Overview, problem: string | undefined): Line {
  if (overview === undefined)
    return [{ text: problem === undefined ? "  reading …" : `  ! ${problem}`, tone: "muted" }];
  const counts = countInbox(overview.entries);
  if (counts.length === 0) {
    return [
      { text: "  ✓ ", tone: "good" },
      { text: "nothing waits for a person", tone: "muted" },
    ];
  }
  return [
    { text: "  " },
    ...counts.flatMap(({ kind, count }): Line => {
      const { glyph, role, word } = INBOX_FACES[kind];
      return [{ text: `${glyph} ${count} ${word}`, tone: role }, { text: "  " }];
    }),
    { text: "i", tone: "key" },
    { text: " shows them" },
  ];
}

interface Event {
  readonly atMs: number;
  readonly line: Line;
}

/** Targets and finished operations of all pools, the newest first. */
function latelyLines({ fleet, nowMs }: State, read: readonly OperationView[]): readonly PanelLine[] {
  const operations = new Map([...read, ...fleet.operations.values()].map((one) => [one.id, one]));
  const events: readonly Event[] = [
    ...inhabitedPools(fleet.pools).flatMap(({ name, target }): readonly Event[] =>
      target === undefined
        ? []
        : [
            {
              atMs: target.createdAtMs,
              line: [
                { text: "◆ ", tone: "accent" },
                { text: `${name} has target ${target.revision}` },
                { text: target.message === "" ? "" : ` “${target.message}”` },
                { text: ` from ${target.sourceEndpoint}, by ${target.author}`, tone: "muted" },
              ],
            },
          ],
    ),
    ...operations
      .values()
      .filter((one) => isFinished(one.state))
      .map(doneEvent),
  ];
  if (events.length === 0) return [sentence("  nothing yet")];
  return events
    .toSorted((one, other) => other.atMs - one.atMs)
    .map(({ atMs, line }) => ({
      line: [{ text: `  ${ago(atMs, nowMs).padStart(12)}  `, tone: "muted" }, ...line],
    }));
}

function doneEvent(one: OperationView): Event {
  const { glyph, role, word } = OPERATION_FACES[one.state];
  return {
    atMs: one.finishedAtMs,
    line: [
      { text: `${glyph} `, tone: role },
      { text: `${one.endpoint} ${deedOf(one)}: ` },
      { text: word, tone: role },
      { text: `, ${plural(one.changes, "change")}, by ${one.author}`, tone: "muted" },
    ],
  };
}
