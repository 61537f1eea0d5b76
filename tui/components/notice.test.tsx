import { describe, expect, it } from "vitest";
import { lineWidth } from "../cells.ts";
import { loadNotice } from "../screens/load-notice.ts";
import type { Load } from "../store/state.ts";
import { type NoticeKind, noticeLines } from "./notice.tsx";

const textOf = (lines: ReturnType<typeof noticeLines>): string =>
  lines.map(({ line }) => line.map(({ text }) => text).join("")).join("\n");

const live = { kind: "live" } as const;
const lost = { kind: "lost", sinceMs: 0, retryAtMs: 0, because: "broken" } as const;
const words = { what: "the history", empty: "no target yet" };
const load = (more: Partial<Load>): Load => ({
  key: "k",
  isLoading: false,
  value: undefined,
  problem: undefined,
  ...more,
});

describe("a notice", () => {
  it("says its kind by a glyph and a word, and what to do next", () => {
    const shown = textOf(
      noticeLines(
        {
          kind: "error",
          text: "the server failed",
          advice: [
            { kind: "key", key: "r", does: "asks again" },
            { kind: "command", command: "pacpool doctor" },
          ],
        },
        60,
      ),
    );
    expect(shown).toBe("! failed: the server failed\n\n  r asks again\n  $ pacpool doctor");
  });

  it("never is wider than its place", () => {
    for (const kind of ["empty", "loading", "error", "forbidden", "stale"] satisfies readonly NoticeKind[]) {
      const text = "a sentence that has many words and does not fit on one line of a narrow panel";
      for (const { line } of noticeLines({ kind, text, advice: [{ kind: "text", text }] }, 20)) {
        expect(lineWidth(line)).toBeLessThanOrEqual(20);
      }
    }
  });
});

describe("the notice of what a screen fetches", () => {
  it("is none while there are rows and nothing failed", () => {
    expect(loadNotice(undefined, live, 3, words)).toBeUndefined();
  });

  it("tells loading, empty, failed and forbidden apart", () => {
    const value = { kind: "history", targets: [] } as const;
    const kindOf = (one: Load | undefined, link: Parameters<typeof loadNotice>[1] = live) =>
      loadNotice(one, link, 0, words)?.kind;
    expect(kindOf(undefined)).toBe("loading");
    expect(kindOf(load({ isLoading: true }))).toBe("loading");
    expect(kindOf(load({ value }))).toBe("empty");
    expect(kindOf(load({ problem: "broken" }))).toBe("error");
    expect(kindOf(load({ problem: "no", isForbidden: true }))).toBe("forbidden");
    expect(kindOf(undefined, lost)).toBe("stale");
  });

  it("marks rows that outlived a failed reading as old", () => {
    expect(loadNotice(load({ problem: "the server failed" }), live, 3, words)).toMatchObject({
      kind: "stale",
      text: "reading the history: the server failed",
    });
  });
});
