// How single facts look to people: statuses and states in their colour, ages, sizes, revisions.
import type { SyncStatus } from "../../domain/drift/sync-status.ts";
import { agoWords } from "../../domain/face/ago.ts";
import { type Face, glyphOf } from "../../domain/face/face.ts";
import { OPERATION_FACES, STATUS_FACES } from "../../domain/face/faces.ts";
import type { OperationStateKind } from "../../domain/operation/lifecycle.ts";
import type { Terminal } from "../terminal.ts";
import type { Cell } from "./columns.ts";

/** The word in its colour; where somebody looks, with its glyph before it. */
export function faceCell(face: Face, { paint, glyphs }: Pick<Terminal, "paint" | "glyphs">): Cell {
  const text = glyphs === "none" ? face.word : `${glyphOf(face, glyphs)} ${face.word}`;
  return { text, paint: (shown) => paint(face.role, shown) };
}

export function statusCell(status: SyncStatus, terminal: Terminal): Cell {
  return faceCell(STATUS_FACES[status], terminal);
}

export function stateCell(state: OperationStateKind, terminal: Terminal): Cell {
  return faceCell(OPERATION_FACES[state], terminal);
}

/** For example "5 min ago". */
export function ago(unixMs: number, nowMs = Date.now()): string {
  return agoWords(unixMs, nowMs);
}

/** Local time to the minute. */
export function localTime(unixMs: number): string {
  if (unixMs === 0) return "";
  const time = new Date(unixMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${String(time.getFullYear())}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** For example "1.5 MiB"; keeps a minus. */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${bytes < 0 ? "-" : ""}${value.toFixed(digits)} ${units[unit] ?? "B"}`;
}

/** "1 package", "2 packages". */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function short(digest: string): string {
  return digest.slice(0, 12);
}
