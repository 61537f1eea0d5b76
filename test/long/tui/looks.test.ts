// Terminals of little means, fleets of great size, names of great length: what is shown is whole and says what it is.
import { describe, expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { command, openWorld, SIZES } from "../../tui/open-world.ts";
import { behind } from "../../worlds/behind.ts";
import { empty } from "../../worlds/empty.ts";
import { inbox } from "../../worlds/inbox.ts";
import { large } from "../../worlds/large.ts";
import { rolling } from "../../worlds/rolling.ts";
import { wide } from "../../worlds/wide.ts";

describe.each(SIZES)("at $columns x $rows", (size) => {
  it("says each status in words without colour, and on a bare console with its own signs", async () => {
    await using world = await openWorld(behind);
    await using plain = world.open({ ...size, env: { NO_COLOR: "1" } });
    await plain.until("studio");
    plain.press("F");
    await plain.until(/cassini .*↕ diverged/u);
    expect(plain.codes().filter((code) => /^(3[0-8]|4[0-8]|9\d|10\d)$/u.test(code))).toEqual([]);
    await using bare = world.open({ ...size, env: { TERM: "linux" } });
    await bare.until("studio");
    bare.press("F");
    const shown = await bare.until(/cassini .*diverged/u);
    expect(shown).toContain("┌─ Endpoints");
    expect(shown).not.toMatch(/[╭╰●↕]/u);
  });

  it("keeps every line within the window, whatever scripts names and messages are in", async () => {
    await using world = await openWorld(wide);
    await using tui = world.open(size);
    await tui.until("五月");
    for (const line of tui.screen()) expect(cells(line)).toBeLessThanOrEqual(size.columns);
    const frames = tui.screen().filter((line) => line.startsWith("│"));
    for (const line of frames) expect(cells(line)).toBe(size.columns);
    await command(tui, "endpoint b");
    await tui.until("東京");
  });

  it("walks through ten thousand machines while a hundred change every second", async () => {
    await using world = await openWorld(large);
    await using tui = world.open(size);
    await tui.until("1 of 10001");
    tui.press("G");
    await tui.until("› host-10000");
    tui.type("/host-0042");
    await tui.until("of 10 that match");
    tui.press("enter", "G");
    await tui.until("› host-00429");
    const before = (await world.stage.server.admin.pools.getPool({ pool: "campus" })).pool?.description;
    await eventually("the fleet to go on", async () => {
      const { pool } = await world.stage.server.admin.pools.getPool({ pool: "campus" });
      return pool?.description === before ? undefined : true;
    });
    expect(tui.text()).toContain("› host-00429");
  });

  it("shows what is under way as it moves", async () => {
    await using world = await openWorld(rolling);
    await using tui = world.open(size);
    await tui.until(/↻ syncing \d+ %[\s\S]*↻ syncing \d+ %/u);
    tui.press("j", "o");
    await tui.until("╭─ Steps");
    await tui.until(/✓ check the plan/u);
  });

  it("gathers what machines want of a person by kind", async () => {
    await using world = await openWorld(inbox);
    await using tui = world.open(size);
    await tui.until(/› atlas \(here\)/u);
    tui.press("i");
    await tui.until("reboot due (2)");
    await tui.until("configuration to merge (2)");
    await tui.until("sshd.service");
  });

  it("says how to begin on a server that has nothing yet", async () => {
    await using world = await openWorld(empty);
    await using tui = world.open(size);
    await tui.until("● live");
    await tui.until(/pacpool (?:token|join|pool)/u);
  });
});

/** Columns that a line takes: translateToString has a wide character once, its second cell is nothing. */
function cells(line: string): number {
  const graphemes = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  return graphemes.reduce(
    (sum, one) =>
      sum + (/\p{Emoji_Presentation}|\p{sc=Han}|\p{sc=Hira}|\p{sc=Kana}|\p{sc=Hang}|\uFE0F/u.test(one) ? 2 : 1),
    0,
  );
}
