// A screen that is one list: what it is about above, its rows below, and the whole sentence of the selected one.
import type { ReactNode } from "react";
import { noticeLines } from "../../components/notice.tsx";
import { PANEL_FRAME, Panel, type PanelLine } from "../../components/panel.tsx";
import { layoutOf } from "../../store/layout.ts";
import { filterOf, loadOf } from "../../store/select.ts";
import type { ListRoute } from "../../store/state.ts";
import { useUi } from "../../ui.ts";
import { listLines } from "../list-lines.ts";
import { loadNotice } from "../load-notice.ts";
import { BLANK, filterTitle, placeNote, sentence, whyLines } from "../rows.ts";
import { listFacts } from "./list-facts.ts";

export function ListScreen({ route }: { readonly route: ListRoute }): ReactNode {
  const { state, select, situation, theme } = useUi();
  const { columns } = state.size;
  const layout = layoutOf(state, route, select);
  const inner = columns - PANEL_FRAME;
  const load = loadOf(state, route);
  const filter = filterOf(state, route);
  const rows = select.rows(state, route);
  const { title, right, lines, words } = listFacts(route, load, situation);
  const notice = filter === "" ? loadNotice(load, state.link, rows.length, words) : undefined;
  const empty = filter === "" ? [] : [sentence("nothing matches; Esc clears the filter")];
  const told = notice === undefined ? empty : noticeLines(notice, inner);
  const shown = rows.length > 0 ? listLines(rows, situation, inner) : told;
  const why = situation.item?.why ?? "";
  return (
    <>
      <Panel
        theme={theme}
        width={columns}
        height={layout.detail}
        title={title}
        right={[{ text: load?.isLoading === true ? "reading …" : right, tone: "muted" }]}
        lines={lines.map((line) => ({ line }))}
      />
      <Panel
        theme={theme}
        width={columns}
        height={layout.list}
        title={filterTitle(filter, state.isFiltering)}
        right={notice?.kind === "stale" && rows.length > 0 ? [{ text: "○ from before", tone: "notice" }] : []}
        note={placeNote(situation, filter)}
        lines={[...padded(shown, layout.visible), ...whyLines(why, inner, 2)]}
        isFocused
      />
    </>
  );
}

function padded(lines: readonly PanelLine[], height: number): readonly PanelLine[] {
  return [...lines.slice(0, height), ...Array.from({ length: Math.max(0, height - lines.length) }, () => BLANK)];
}
