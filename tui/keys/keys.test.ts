import type { Key } from "ink";
import { describe, expect, it } from "vitest";
import { BINDINGS, bindingFor, shownKey } from "./bindings.ts";
import { keysOf } from "./match.ts";
import { EVERYWHERE } from "./screens.ts";
import { EMPTY_FIELD, editField, type TextField } from "./text-field.ts";

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe("the key table", () => {
  it("gives a key one meaning on a screen", () => {
    for (const screen of EVERYWHERE) {
      const keys = BINDINGS.filter(({ screens }) => screens.includes(screen)).flatMap((binding) => binding.keys);
      expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    }
  });

  it("has a phrase and at least one screen for everything, and a key or a name", () => {
    for (const { keys, description, screens, group } of BINDINGS) {
      expect(description).toMatch(/^[A-Z].*[^.]$/u);
      expect(screens.length).toBeGreaterThan(0);
      expect(keys.length > 0 || group !== "move").toBe(true);
    }
  });

  it("has help, quit and back on every screen", () => {
    for (const screen of EVERYWHERE) {
      expect(bindingFor("?", screen)?.action).toBe("help");
      expect(bindingFor("q", screen)?.action).toBe("quit");
      expect(bindingFor("escape", screen)?.action).toBe("back");
    }
  });

  it("moves with arrows and with vim's keys alike", () => {
    for (const [arrow, letter] of [
      ["down", "j"],
      ["up", "k"],
      ["right", "l"],
      ["left", "h"],
      ["home", "g"],
      ["end", "G"],
    ] as const) {
      expect(bindingFor(arrow, "pool")?.action).toBe(bindingFor(letter, "pool")?.action);
    }
  });

  it("shows keys as they are printed on the keyboard", () => {
    expect(["enter", "page-down", "ctrl-d", "L"].map(shownKey)).toEqual(["Enter", "PgDn", "Ctrl-D", "L"]);
  });
});

describe("what the terminal sends", () => {
  it("is taken apart when several keys came in one read", () => {
    expect(keysOf("jjG", NO_KEY)).toEqual(["j", "j", "G"]);
    expect(keysOf("ab\rq", NO_KEY)).toEqual(["a", "b", "enter", "q"]);
    expect(keysOf("j\u0004\u007f ", NO_KEY)).toEqual(["j", "ctrl-d", "backspace", "space"]);
  });

  it("tells Tab from Shift-Tab", () => {
    expect(keysOf("", { ...NO_KEY, tab: true })).toEqual(["tab"]);
    expect(keysOf("", { ...NO_KEY, tab: true, shift: true })).toEqual(["backtab"]);
  });

  it("names arrows, Ctrl and the backspace key of every terminal", () => {
    expect(keysOf("", { ...NO_KEY, downArrow: true })).toEqual(["down"]);
    expect(keysOf("d", { ...NO_KEY, ctrl: true })).toEqual(["ctrl-d"]);
    expect(keysOf("", { ...NO_KEY, delete: true })).toEqual(["backspace"]);
  });

  it("presses nothing when a key is let go, or pressed with Alt", () => {
    expect(keysOf("s", { ...NO_KEY, eventType: "release" })).toEqual([]);
    expect(keysOf("s", { ...NO_KEY, meta: true })).toEqual([]);
  });
});

describe("a text being typed", () => {
  const typed = (keys: readonly string[], limit = 20): TextField =>
    keys.reduce((field, key) => editField(field, key, limit) ?? field, EMPTY_FIELD);

  it("takes characters at the cursor", () => {
    expect(typed(["b", "left", "a", "end", "space", "日"])).toEqual({ text: "ab 日", cursor: 4 });
  });

  it("deletes a character, a word, all before the cursor", () => {
    expect(typed(["a", "b", "backspace"]).text).toBe("a");
    expect(typed(["o", "n", "e", "space", "t", "w", "o", "ctrl-w"]).text).toBe("one ");
    expect(typed(["a", "b", "left", "ctrl-u"])).toEqual({ text: "b", cursor: 0 });
    expect(typed(["backspace", "ctrl-w", "delete"])).toEqual(EMPTY_FIELD);
  });

  it("is edited as a shell's line is", () => {
    const keys = ["o", "n", "e", "ctrl-a", "ctrl-f", "ctrl-d", "ctrl-k", "x", "ctrl-b", "y", "ctrl-e", "z"];
    expect(typed(keys)).toEqual({ text: "oyxz", cursor: 4 });
  });

  it("does not grow over its limit, nor by keys that are no characters", () => {
    expect(typed(["a", "b", "c"], 2).text).toBe("ab");
    expect(editField(EMPTY_FIELD, "page-down", 20)).toBeUndefined();
    expect(editField(EMPTY_FIELD, "ctrl-l", 20)).toBeUndefined();
  });
});
