// The terminal is given back as it was, however the screens end or pause: a crash, a stop, a parent that is killed.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { childrenOf, isAlive, LAUNCHER, openRaw } from "./raw-terminal.ts";

const crashing = fileURLToPath(new URL("crashing-tui.ts", import.meta.url));
const READY = "pacpool init";

describe("a terminal is given back", () => {
  it.each(["throw", "reject"])("when something in the program crashes (%s), with the error to be read", async (how) => {
    await using terminal = openRaw({ command: [process.execPath, crashing, how] });
    await terminal.until(READY);
    expect(terminal.modes()).toContain("alternate screen");
    process.kill(terminal.pid, "SIGUSR2");
    expect(await terminal.exited).toBe(1);
    expect(terminal.modes()).toEqual([]);
    expect(terminal.screen().join("\n")).toContain("planted by the test");
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("on %s, with every mode off", async (signal) => {
    await using terminal = openRaw({ command: [LAUNCHER, "tui"] });
    await terminal.until(READY);
    const wanted = ["alternate screen", "mouse", "bracketed paste", "hidden cursor"];
    await eventually("the modes to be on", () => wanted.every((mode) => terminal.modes().includes(mode)) || undefined);
    process.kill(terminal.pid, signal);
    await terminal.exited;
    expect(terminal.modes()).toEqual([]);
  });

  it("to the shell that stops it, and is drawn anew when the shell continues it", async () => {
    await using terminal = openRaw({ command: ["bash", "--norc", "-i"], env: { PS1: "shell> " } });
    await terminal.until("shell>");
    terminal.type(`${LAUNCHER} tui\r`);
    await terminal.until(READY);
    const [tui = 0] = childrenOf(terminal.pid);
    process.kill(tui, "SIGTSTP");
    await terminal.until(/Stopped[\s\S]*shell>/u);
    expect(terminal.modes().filter((mode) => mode !== "bracketed paste")).toEqual([]);
    terminal.type("echo typed-$((40 + 2))\r");
    await terminal.until("typed-42");
    terminal.type("fg\r");
    await terminal.until(READY);
    await eventually("the screen to be taken", () => terminal.modes().includes("alternate screen") || undefined);
    terminal.type("\u001a");
    await terminal.until("typed-42");
    terminal.type("fg\r");
    await terminal.until(READY);
    terminal.type("q");
    await terminal.until(/shell> $/mu);
  });

  it("and nothing is left running when the shell around it is killed", async () => {
    await using terminal = openRaw({ command: ["bash", "--norc", "-i"], env: { PS1: "shell> " } });
    await terminal.until("shell>");
    terminal.type(`${LAUNCHER} tui\r`);
    await terminal.until(READY);
    const [tui = 0] = childrenOf(terminal.pid);
    process.kill(terminal.pid, "SIGKILL");
    await terminal.exited;
    await eventually("the TUI to end", () => !isAlive(tui) || undefined);
    expect(isAlive(tui)).toBe(false);
  });
});
