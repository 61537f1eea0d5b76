import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandInTerminal } from "./terminal-program.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-terminals-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function install(...programs: readonly string[]): void {
  for (const program of programs) {
    writeFileSync(join(folder, program), "#!/bin/sh\n");
    chmodSync(join(folder, program), 0o755);
  }
}

const words = (TERMINAL?: string) => commandInTerminal(["pacpool", "tui"], { PATH: folder, TERMINAL });

describe("the terminal of a click", () => {
  it.each([
    ["xdg-terminal-exec", []],
    ["foot", []],
    ["kitty", []],
    ["alacritty", ["-e"]],
    ["ghostty", ["-e"]],
    ["konsole", ["-e"]],
    ["xterm", ["-e"]],
    ["wezterm", ["start", "--"]],
    ["gnome-terminal", ["--"]],
  ])("%s is told its command as it wants it", (program, before) => {
    install(program);
    expect(words()).toEqual([join(folder, program), ...before, "pacpool", "tui"]);
  });

  it("is the person's own where it is installed, with the options that it is named with", () => {
    install("foot", "xterm", "st");
    expect(words("st -f mono:14")).toEqual([join(folder, "st"), "-f", "mono:14", "-e", "pacpool", "tui"]);
    expect(words(`${folder}/xterm`)).toEqual([join(folder, "xterm"), "-e", "pacpool", "tui"]);
  });

  it("is the first that is installed where the person's own is not", () => {
    install("xterm", "alacritty");
    expect(words("st")).toEqual([join(folder, "alacritty"), "-e", "pacpool", "tui"]);
  });

  it("is none where none is installed, nor what only has the name of one", () => {
    writeFileSync(join(folder, "foot"), "not a program");
    expect(words("st")).toBeUndefined();
  });
});
