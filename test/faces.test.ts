// The three faces say the same: the tables of domain/face against what the CLI, the TUI and the bar make of them.
import { describe, expect, it } from "vitest";
import type { Column } from "../cli/output/columns.ts";
import { printDrift } from "../cli/output/drift.ts";
import { faceCell } from "../cli/output/words.ts";
import type { Terminal } from "../cli/terminal.ts";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../domain/drift/sync-status.ts";
import { type Face, glyphSetFor, ROLE_SGR, ROLES } from "../domain/face/face.ts";
import {
  ASCII_GLYPHS,
  DRIFT_FACES,
  FACE_TABLES,
  INBOX_FACES,
  OPERATION_FACES,
  STATUS_FACES,
} from "../domain/face/faces.ts";
import { HEADINGS } from "../domain/face/headings.ts";
import { INBOX_KINDS } from "../domain/inbox/inbox-item.ts";
import { OPERATION_STATE_KINDS } from "../domain/operation/lifecycle.ts";
import { widthOf } from "../tui/cells.ts";
import { driftHeading } from "../tui/screens/drift-rows.ts";
import { targetHeading } from "../tui/screens/history/history-rows.ts";
import { endpointHeading } from "../tui/screens/pool/pool-rows.ts";
import { poolHeading } from "../tui/screens/pools/pools-rows.ts";
import { createTheme, STATUS_GLYPHS, STATUS_TONES } from "../tui/theme.ts";

const tables = Object.entries(FACE_TABLES).map(([name, table]) => [name, Object.values<Face>(table)] as const);

describe("the faces of facts", () => {
  it("are there for every status, state and kind of the lists that the rules have", () => {
    expect(Object.keys(STATUS_FACES).toSorted()).toEqual(SYNC_STATUSES.toSorted());
    expect(Object.keys(OPERATION_FACES).toSorted()).toEqual(OPERATION_STATE_KINDS.toSorted());
    expect(Object.keys(INBOX_FACES).toSorted()).toEqual(INBOX_KINDS.toSorted());
    const uncounted = Object.keys(NO_DRIFT).filter((kind) => !Object.hasOwn(DRIFT_FACES, kind));
    expect(uncounted).toEqual(["own"]);
  });

  it.each(tables)("have words, glyphs and letters of their own in the table of %s", (_name, faces) => {
    for (const part of ["word", "glyph", "ascii"] as const) {
      const all = faces.map((face) => face[part]);
      expect(new Set(all).size, `${part}: ${all.join(" ")}`).toBe(all.length);
    }
    for (const { meaning } of faces) expect(meaning).toMatch(/[^.]$/);
  });

  it.each(tables)(
    "take one column each in the table of %s, and one printable letter without glyphs",
    (_name, faces) => {
      for (const { word, glyph, ascii, role } of faces) {
        expect(widthOf(glyph), `${word}: ${glyph}`).toBe(1);
        expect(ascii).toMatch(/^[\u0021-\u007e]$/);
        expect(ROLES).toContain(role);
      }
    },
  );

  it("give a glyph the same letter in all tables, so that a painter can replace it anywhere", () => {
    for (const [, faces] of tables) {
      for (const { glyph, ascii } of faces) expect({ glyph, ascii: ASCII_GLYPHS.get(glyph) }).toEqual({ glyph, ascii });
    }
  });

  it("are drawn without glyphs where the terminal or its locale has none", () => {
    expect(glyphSetFor({ TERM: "linux", LANG: "en_US.UTF-8" })).toBe("ascii");
    expect(glyphSetFor({ TERM: "foot", LANG: "C.UTF-8" })).toBe("unicode");
    expect(glyphSetFor({ TERM: "foot", LC_ALL: "C", LANG: "C.UTF-8" })).toBe("ascii");
    expect(glyphSetFor({ TERM: "xterm-256color" })).toBe("unicode");
  });
});

describe("a status on every face", () => {
  const theme = createTheme(true);
  const paint = (role: keyof typeof ROLE_SGR | "strong", text: string) => `${role}:${text}`;

  it.each(SYNC_STATUSES)("has one word, one glyph and one role: %s", (status) => {
    const { word, glyph, ascii, role } = STATUS_FACES[status];
    expect(word).toBe(status);
    expect(STATUS_GLYPHS[status]).toBe(glyph);
    expect(theme.styles[STATUS_TONES[status]]).toBe(ROLE_SGR[role]);
    const cell = faceCell(STATUS_FACES[status], { paint, glyphs: "unicode" });
    expect(cell.paint?.(cell.text)).toBe(`${role}:${glyph} ${word}`);
    expect(faceCell(STATUS_FACES[status], { paint, glyphs: "ascii" }).text).toBe(`${ascii} ${word}`);
    expect(faceCell(STATUS_FACES[status], { paint, glyphs: "none" }).text).toBe(word);
  });
});

describe("the same table on two faces", () => {
  it("has the same words above the drift of a machine", () => {
    const titles: string[] = [];
    const printTable = (columns: readonly Column[]): void => void titles.push(...columns.map(({ title }) => title));
    printDrift({ printTable } as unknown as Terminal, []);
    expect(driftHeading(160).trim().split(/ +/u).toSorted()).toEqual(titles.toSorted());
  });

  it("has the same words above pools and targets, as far as both show them", () => {
    const known = new Set<string>(Object.values(HEADINGS));
    for (const heading of [poolHeading(160), targetHeading(160), endpointHeading(160)]) {
      const strange = heading
        .trim()
        .split(/ {2,}/u)
        .filter((word) => !known.has(word));
      expect(strange.filter((word) => word !== "AT" && word !== "")).toEqual([]);
    }
  });
});
