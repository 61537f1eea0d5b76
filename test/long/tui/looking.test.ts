// Stories of a person who looks around and changes nothing: every screen, by the keys that lead there and back.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command, openWorld, type PlayedWorld, SIZES } from "../../tui/open-world.ts";
import { behind } from "../../worlds/behind.ts";

/** The fleet is read as well. */
const STARTED = /studio[\s\S]*1 blocked {2}i shows them/u;

describe.each(SIZES)("looking around at $columns x $rows", (size) => {
  let world: PlayedWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pacpool-looking-"));
    world = await openWorld(behind);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = () => world.open(size);

  it("goes from the pools to a machine's plan and all the way back", async () => {
    await using tui = open();
    await tui.until(/› kiosks .*2\/2/u);
    tui.press("j", "enter");
    await tui.until("› atlas (here)");
    await tui.until(/hyperion .*blocked/u);
    tui.press("j", "enter");
    await tui.until("╭─ borealis ↓ behind");
    await tui.until("› ↓ older");
    tui.press("p");
    await tui.until("a dry run, nothing has changed");
    await tui.until("1 removal, 4 upgrades");
    for (const shown of ["› ↓ older", "› borealis", "› studio"]) {
      tui.press("escape");
      await tui.until(shown);
    }
  });

  it("follows a package from a drift to who has which version, and on to another machine", async () => {
    await using tui = open();
    await tui.until(STARTED);
    await command(tui, "endpoint borealis");
    await tui.until("› ↓ older");
    tui.press("enter");
    await tui.until("Package ffmpeg in pool studio");
    await tui.until("not as wanted (4)");
    expect(tui.text()).toMatch(/↓ older +dione/u);
    await command(tui, "package sway");
    await tui.until(/↑ newer +cassini/u);
  });

  it("lists the fleet, filters it by fields, sorts it both ways and finds who needs a person", async () => {
    await using tui = open();
    await tui.until(STARTED);
    tui.press("F");
    await tui.until("8 endpoints, 7 online");
    tui.type("/status:behind,diverged !online:no");
    await tui.until("of 2 that match");
    expect(tui.text()).not.toContain("dione");
    tui.press("enter");
    await tui.untilGone("Enter keep");
    tui.press("escape");
    await tui.untilGone("of 2 that match");
    await command(tui, "sort status");
    await tui.until(/hyperion .*blocked[\s\S]*cassini .*diverged[\s\S]*europa/u);
    tui.press("g");
    await tui.until("› hyperion");
    tui.press("n");
    await tui.until("› cassini");
  });

  it("copies names to the terminal's clipboard, and writes what is shown into a new file", async () => {
    await using tui = open();
    await tui.until(STARTED);
    tui.press("F");
    await tui.until("› atlas (here)");
    await tui.until("kiosk-2");
    tui.press("v", "V", "y");
    await tui.until("copied 2 lines");
    const names = Buffer.from("atlas\nborealis", "utf8").toString("base64");
    expect(tui.written()).toContain(`\u001b]52;c;${names}\u0007`);
    const file = join(folder, "endpoints.csv");
    tui.press("escape");
    await tui.untilGone("2 marked");
    await command(tui, `export ${file}`);
    await tui.until("8 rows written to");
    expect(readFileSync(file, "utf8")).toMatch(/^borealis,.*behind/mu);
    await command(tui, `export ${file}`);
    await tui.until(/writing [^\n]*endpoints\.csv/u);
  });

  it("shows the inbox, operations, rules, conflicts, an analysis and the connection from anywhere", async () => {
    await using tui = open();
    await tui.until(STARTED);
    tui.press("j");
    await tui.until("› studio");
    for (const [key, shown] of [
      ["i", "Inbox of"],
      ["O", "Operations of"],
      ["H", "n new"],
      ["x", "Conflicts"],
      ["A", "possible next targets"],
      ["C", "administrator"],
    ] as const) {
      tui.press(key);
      await tui.until(shown);
      tui.press("escape");
      await tui.until("╭─ Pools");
    }
  });

  it("goes back along its trail, and completes names in the palette", async () => {
    await using tui = open();
    await tui.until(STARTED);
    tui.type(":endp");
    await tui.until("By name");
    tui.press("escape");
    await tui.untilGone("By name");
    tui.type(":endpoint cass\t");
    await tui.until("endpoint cassini");
    tui.press("enter");
    await tui.until("╭─ cassini ↕ diverged");
    tui.press("i");
    await tui.until("Inbox of cassini");
    tui.press("-");
    await tui.until("╭─ cassini ↕ diverged");
    tui.type(":nonsense");
    await tui.until("nothing is called that");
  });

  it("is drawn anew in whatever size the window takes, on whatever screen", async () => {
    await using tui = open();
    await tui.until(STARTED);
    await command(tui, "endpoint cassini");
    await tui.until("sway");
    tui.resize(250, 80);
    await tui.until(/╭─ Drift ─{150,}/u);
    tui.resize(40, 10);
    await tui.untilGone("╭─ Drift");
    tui.resize(80, 24);
    const shown = await tui.until(/› ↓ older/u);
    expect(shown.split("\n").every((line) => line.length <= 80)).toBe(true);
  });
});
