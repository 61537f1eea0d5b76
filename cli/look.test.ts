import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LOOK } from "../domain/face/look.ts";
import { lookFrom } from "./look.ts";
import { loadProfileFile, readProfileFile, saveProfile } from "./profile.ts";

let path: string;
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), "pacpool-look-")), "config.toml");
});
afterEach(() => {
  rmSync(join(path, ".."), { recursive: true, force: true });
});

function look(toml: string, environment: Parameters<typeof lookFrom>[1] = {}) {
  writeFileSync(path, toml);
  return lookFrom(loadProfileFile(path, {}), environment);
}

describe("the look of the screens", () => {
  it("stands in [tui] of the person's configuration, beside profiles", () => {
    expect(look('[tui]\ntheme = "light"\nmouse = false\n[profiles.home]\nserver = "h:1"\n')).toEqual({
      ...DEFAULT_LOOK,
      theme: "light",
      mouse: false,
    });
    expect(lookFrom({ path: "nowhere", tui: {} }, {})).toEqual(DEFAULT_LOOK);
  });

  it("is overridden by the environment, in which an empty word says nothing", () => {
    const environment = { PACPOOL_TUI_THEME: "mono", PACPOOL_TUI_MOUSE: "0", PACPOOL_TUI_GLYPHS: "" };
    expect(look('[tui]\ntheme = "light"\nglyphs = "ascii"\n', environment)).toEqual({
      ...DEFAULT_LOOK,
      theme: "mono",
      glyphs: "ascii",
      mouse: false,
    });
    expect(() => look("", { PACPOOL_TUI_MOUSE: "maybe" })).toThrow("tui.mouse must be true or false");
  });

  it("is refused with the file, the key and what is allowed", () => {
    expect(() => look('[tui]\ntheme = "neon"\n')).toThrow(`${path}: tui.theme must be one of auto, dark`);
  });

  it("survives that a profile is saved", () => {
    const before = look('[tui]\ntheme = "dusk"\n[tui.themes.dusk]\nbase = "dark"\ngood = "green"\n');
    saveProfile(path, "home", { server: "h:1" });
    expect(lookFrom(readProfileFile(path, true), {})).toEqual(before);
  });
});
