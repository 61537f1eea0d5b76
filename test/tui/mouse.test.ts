// The mouse of a real terminal: clicks do what keys do, and whoever wants it for the terminal itself gets it.
import { describe, expect, it } from "vitest";
import { LAUNCHER, openRaw } from "./raw-terminal.ts";

/** Pressed and let go at a place, from 1. */
function click(column: number, line: number): string {
  const at = `${String(column)};${String(line)}`;
  return `\u001b[<0;${at}M\u001b[<0;${at}m`;
}

describe("the mouse", () => {
  it("presses the keys of the last line, and is given back at the end", async () => {
    await using tui = openRaw({ command: [LAUNCHER, "tui"] });
    await tui.until("pacpool init");
    expect(tui.modes()).toContain("mouse");
    const columnOf = (text: string): number => (tui.screen()[23] ?? "").indexOf(text) + 1;
    tui.type(click(columnOf("? help"), 24));
    await tui.until("Esc closes");
    // The wheel scrolls what lies in front; a key after it in the same write still is a key.
    tui.type("\u001b[<65;10;10M\u001b");
    await tui.until("q quit");
    tui.type(click(columnOf("q quit"), 24));
    expect(await tui.exited).toBe(0);
    expect(tui.modes()).toEqual([]);
  });

  it("is the terminal's own for whoever wants it so", async () => {
    await using tui = openRaw({ command: [LAUNCHER, "tui", "--no-mouse"] });
    await tui.until("pacpool init");
    expect(tui.modes()).not.toContain("mouse");
    tui.type("q");
    expect(await tui.exited).toBe(0);
    expect(tui.written()).not.toContain("\u001b[?1000h");
  });
});
