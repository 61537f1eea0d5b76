// Rows of a list as lines of a panel: headings, names of columns, items with the cells that there is room for.
import { fit, row } from "../cells.ts";
import type { PanelLine } from "../components/panel.tsx";
import type { ListCell, ListRow } from "../store/rows/list-row.ts";
import type { Line } from "../theme.ts";
import { visibleRows } from "./rows.ts";

/** Those of the rows that are visible, with the mark of the selected one. */
export function listLines(
  rows: readonly ListRow[],
  situation: Parameters<typeof visibleRows>[1],
  width: number,
): readonly PanelLine[] {
  return visibleRows(rows, situation, (one) => drawListRow(one, width - 2));
}

export function drawListRow(one: ListRow, width: number): Line {
  switch (one.kind) {
    case "heading":
      return [{ text: fit(one.text, width), tone: "strong" }];
    case "titles":
      return fitted(one.cells, width).map(({ text }) => ({ text, tone: "muted" }));
    case "item":
      return fitted(one.cells, width);
  }
}

function fitted(cells: readonly ListCell[], width: number): Line {
  return row(
    cells.filter(({ from = 0 }) => width >= from),
    width,
  );
}
