// Where a selection is in a list that changes under it: pure arithmetic over ids.
import type { Position } from "./state.ts";

export type Move = "up" | "down" | "page-up" | "page-down" | "half-up" | "half-down" | "first" | "last";

/** The selection in these ids with `height` of them visible: same id if it is still there, else the same place. */
export function settle(position: Position | undefined, ids: readonly string[], height: number): Position {
  if (ids.length === 0) return { id: "", index: 0, top: 0 };
  const wanted = position ?? { id: ids[0] ?? "", index: 0, top: 0 };
  const found = ids[wanted.index] === wanted.id ? wanted.index : ids.indexOf(wanted.id);
  const index = found >= 0 ? found : clamp(wanted.index, 0, ids.length - 1);
  const rows = Math.max(1, height);
  const top = clamp(clamp(wanted.top, index - rows + 1, index), 0, Math.max(0, ids.length - rows));
  return { id: ids[index] ?? "", index, top };
}

export function move(position: Position, by: Move, ids: readonly string[], height: number): Position {
  const index = clamp(position.index + distance(by, height, ids.length), 0, Math.max(0, ids.length - 1));
  return settle({ id: ids[index] ?? "", index, top: position.top }, ids, height);
}

function distance(by: Move, height: number, length: number): number {
  const page = Math.max(1, height - 1);
  const half = Math.max(1, Math.floor(height / 2));
  switch (by) {
    case "up":
      return -1;
    case "down":
      return 1;
    case "page-up":
      return -page;
    case "page-down":
      return page;
    case "half-up":
      return -half;
    case "half-down":
      return half;
    case "first":
      return -length;
    case "last":
      return length;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
