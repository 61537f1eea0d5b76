// Where a selection is in a list that changes under it: pure arithmetic over ids.
import type { Position } from "./state.ts";

export type Move =
  | "up"
  | "down"
  | "page-up"
  | "page-down"
  | "half-up"
  | "half-down"
  | "first"
  | "last"
  | "scroll-up"
  | "scroll-down";

/** The selection in these ids with `height` of them visible: same id if it is still there, else the same place. */
export function settle(position: Position | undefined, ids: readonly string[], height: number): Position {
  if (ids.length === 0) return { id: "", index: 0, top: 0 };
  const first = offHeading(0, 1, ids);
  const wanted = position ?? { id: ids[first] ?? "", index: first, top: 0 };
  const found = ids[wanted.index] === wanted.id ? wanted.index : ids.indexOf(wanted.id);
  const index = found >= 0 ? found : offHeading(clamp(wanted.index, 0, ids.length - 1), 1, ids);
  const rows = Math.max(1, height);
  // The heading above a row is worth seeing, as long as the row itself is.
  let above = index;
  while (above > 0 && isHeading(ids[above - 1])) above -= 1;
  const top = clamp(
    clamp(wanted.top, index - rows + 1, Math.max(above, index - rows + 1)),
    0,
    Math.max(0, ids.length - rows),
  );
  return { id: ids[index] ?? "", index, top };
}

/** Headings of sections are looked at, never selected. */
export function isHeading(id: string | undefined): boolean {
  return id?.startsWith("# ") ?? false;
}

/** The next row that can be selected, first in that direction; the same when there is none. */
function offHeading(index: number, by: 1 | -1, ids: readonly string[]): number {
  for (const direction of [by, -by]) {
    for (let at = index; at >= 0 && at < ids.length; at += direction) if (!isHeading(ids[at])) return at;
  }
  return index;
}

export function move(position: Position, by: Move, ids: readonly string[], height: number): Position {
  const far = distance(by, height, ids.length);
  const reached = clamp(position.index + far, 0, Math.max(0, ids.length - 1));
  const index = offHeading(reached, far < 0 ? -1 : 1, ids);
  return settle({ id: ids[index] ?? "", index, top: position.top }, ids, height);
}

/** A notch of the wheel, as pagers have it. */
const WHEEL_ROWS = 3;

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
    case "scroll-up":
      return -WHEEL_ROWS;
    case "scroll-down":
      return WHEEL_ROWS;
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
