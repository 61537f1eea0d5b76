// What the screens look like on terminals of different means, and at every size.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { LAUNCHER, openRaw } from "./raw-terminal.ts";

const READY = "pacpool init";
const LIGHT = "rgb:ffff/ffff/ffff";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-looks-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A configuration folder with this in its config.toml. */
function configured(name: string, toml: string): Readonly<Record<string, string>> {
  mkdirSync(join(folder, name, "pacpool"), { recursive: true });
  writeFileSync(join(folder, name, "pacpool", "config.toml"), toml);
  return { XDG_CONFIG_HOME: join(folder, name) };
}

const stylesOf = (written: string): readonly string[] =>
  written
    .split("\u001b[")
    .slice(1)
    .flatMap((part) => /^([\d;]+)m/u.exec(part)?.[1] ?? []);

describe("the screens", () => {
  it("have only what the font of a bare console has, in its sixteen colours, and ask it nothing", async () => {
    await using terminal = openRaw({ command: [LAUNCHER, "tui"], env: { TERM: "linux" } });
    const shown = await terminal.until(READY);
    expect(shown.replaceAll(/[\n\u0020-\u007e─│┌┐└┘]/gu, "")).toBe("");
    expect(shown).toContain("┌─ Welcome");
    expect(stylesOf(terminal.written()).filter((style) => /[34]8;/u.test(style))).toEqual([]);
    expect(terminal.written()).not.toContain("]11;?");
  });

  it("are ASCII in a locale without UTF-8", async () => {
    await using terminal = openRaw({ command: [LAUNCHER, "tui"], env: { LC_ALL: "C" } });
    const shown = await terminal.until(READY);
    expect(shown.replaceAll(/[\n\u0020-\u007e]/gu, "")).toBe("");
    expect(shown).toContain("+- Welcome ----");
  });

  it("ask for the background, and are readable on a light one", async () => {
    await using light = openRaw({ command: [LAUNCHER, "tui"], background: LIGHT, env: { COLORTERM: "truecolor" } });
    await light.until(READY);
    expect(light.written().split("]11;?")).toHaveLength(2);
    expect(stylesOf(light.written())).toContain("38;2;98;98;98");
    await using dark = openRaw({ command: [LAUNCHER, "tui"], background: "rgb:0000/0000/0000" });
    await dark.until(READY);
    expect(stylesOf(dark.written())).toContain("38;5;245");
    expect(dark.isColoured()).toBe(true);
    dark.type(":theme mono\r");
    await eventually("the colours to go", () => !dark.isColoured() || undefined);
  });

  it("lose no key that is typed before the terminal has answered", async () => {
    await using terminal = openRaw({ command: [LAUNCHER, "tui"], background: LIGHT });
    terminal.type("?");
    await terminal.until("This help");
  });

  it("take theme and colours from the configuration", async () => {
    const env = configured("own", '[tui]\ntheme = "dark"\n[tui.colors]\nstrong = "underline #ff0000"\n');
    await using terminal = openRaw({ command: [LAUNCHER, "tui"], env: { ...env, COLORTERM: "truecolor" } });
    await terminal.until(READY);
    expect(stylesOf(terminal.written()).join(" ")).toMatch(/4[ ;]38;2;255;0;0/u);
    expect(terminal.written()).not.toContain("]11;?");
  });

  it("do not begin with a configuration that is wrong, and say what is allowed", async () => {
    const env = configured("wrong", '[tui.colors]\nwarning = "red"\n');
    await using terminal = openRaw({ command: [LAUNCHER, "tui"], env });
    expect(await terminal.exited).toBe(2);
    await terminal.until("unknown role warning");
    expect(terminal.modes()).toEqual([]);
  });

  it("are whole after a storm of sizes, from too small to 250x80", async () => {
    await using terminal = openRaw({ command: [LAUNCHER, "tui"] });
    await terminal.until(READY);
    for (let storm = 0; storm < 4; storm += 1) {
      for (const [columns, rows] of [
        [250, 80],
        [40, 10],
        [80, 24],
        [61, 16],
        [120, 40],
        [200, 17],
      ] as const) {
        terminal.resize(columns, rows);
      }
    }
    for (const [columns, rows] of [
      [250, 80],
      [80, 24],
    ] as const) {
      terminal.resize(columns, rows);
      await eventually(`a whole frame at ${String(columns)}x${String(rows)}`, () => {
        const lines = terminal.screen();
        const borders = lines.filter((line) => line.length === columns && /^(?:╭.*╮|│.*│|╰.*╯)$/u.test(line));
        const isWhole = borders.length === rows - 2 && (lines.at(-1) ?? "").includes("q quit");
        return isWhole ? lines : undefined;
      });
    }
  });
});
