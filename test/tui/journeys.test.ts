// Stories of a person with the TUI on a real server: what they press, and what they see.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openTui } from "./open-tui.ts";
import { openStudio, type Studio } from "./studio.ts";

/** The last of the four is there too: keys that come while the list still grows would move less far. */
const WHOLE_POOL = /› atlas[\s\S]*dione/u;

describe("the TUI on a pool of four machines", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio[Symbol.asyncDispose]());

  const open = (more: Parameters<typeof openTui>[0] = {}) =>
    openTui({ server: studio.server, endpoint: "atlas", ...more });

  it("shows the endpoints at 80x24, this machine first, each with its status in words", async () => {
    await using tui = open();
    await tui.until("4 endpoints, 3 online");
    const shown = await tui.until(/dione .*asleep/u);
    expect(shown).toMatch(/› atlas \(here\) +✓ in-sync/u);
    expect(shown).toMatch(/borealis +↓ behind/u);
    expect(shown).toMatch(/cassini +↕ diverged/u);
    expect(shown).toContain("target 1 “May, tested on atlas” from atlas");
    expect(tui.screen().at(-1)).toMatch(/s sync .* L latest .* \? help {2}q quit/u);
  });

  it("shows what differs on the selected endpoint, and on its own screen why", async () => {
    await using tui = open();
    await tui.until(WHOLE_POOL);
    tui.press("j", "j");
    await tui.until(/newer +sway/u);
    tui.press("enter");
    await tui.until("cassini ↕ diverged");
    tui.press("G", "G");
    const shown = await tui.until(/› ↑ newer +sway/u);
    expect(shown).toMatch(/why {2}\S+/u);
    tui.press("escape");
    await tui.until("› cassini");
  });

  it("filters endpoints by words and keeps the filter until it is cleared", async () => {
    await using tui = open();
    await tui.until(WHOLE_POOL);
    tui.type("/online diverged");
    await tui.until("1 of 1 that match");
    expect(tui.text()).not.toContain("borealis");
    tui.press("enter", "escape");
    await tui.until("borealis");
  });

  it("explains its keys, and why one cannot do its deed right now", async () => {
    await using tui = open({ columns: 120, rows: 60 });
    await tui.until(WHOLE_POOL);
    tui.press("?");
    const shown = await tui.until("This help");
    expect(shown).toContain("not now: atlas is in sync: there is nothing to do");
    tui.press("escape");
    await tui.untilGone("This help");
    tui.press("G", "s");
    await tui.until("dione is asleep; only the machine itself can compute its plan");
  });

  it("never takes pasted text for keys", async () => {
    await using tui = open();
    await tui.until(WHOLE_POOL);
    tui.paste("Lyyq\r");
    await tui.until("pasted text was ignored");
    tui.press("L");
    await tui.until("Take atlas as the target?");
    tui.paste("June\nand July");
    await tui.until("> June and July");
    tui.press("escape");
    await tui.untilGone("Take atlas");
  });

  it("plans, asks, syncs with live steps, and shows the machine in sync afterwards", async () => {
    studio.hold = "transaction";
    await using tui = open();
    await tui.until(WHOLE_POOL);
    tui.press("j", "s");
    const plan = await tui.until("1 removal, 4 upgrades");
    expect(plan.indexOf("pipewire-media-session")).toBeLessThan(plan.indexOf("firefox"));
    expect(plan).toContain("fetches 70.2 MiB");
    expect(plan).toContain("aur-helper: foreign");
    tui.press("s");
    await tui.until("Sync borealis to target 1?");
    expect(tui.text()).toContain("Removes pipewire-media-session.");
    tui.press("enter");
    await tui.until("↻ pacman transaction");
    expect(tui.text()).toMatch(/✓ write journal[\s\S]*· proof/u);
    studio.hold = undefined;
    await tui.until("done and proved");
    expect(tui.text()).toContain("100 %");
    tui.press("escape", "escape");
    await tui.until(/borealis +✓ in-sync/u);
  });

  it("syncs a whole pool with S: one question that names the machines, then each one's progress", async () => {
    await using tui = open();
    await tui.until(/cassini +↕ diverged/u);
    tui.press("S");
    await tui.until("Sync 1 of studio?");
    expect(tui.text()).toContain("cassini: 1 downgrade, 3 upgrades");
    tui.press("enter");
    await tui.until("1 of 1 operations started");
    await tui.until(/cassini +✓ in-sync/u);
  });

  it("takes the way back with R, after showing it", async () => {
    await using tui = open();
    await tui.until(/borealis +✓ in-sync/u);
    tui.press("j", "R");
    await tui.until("Way back of borealis");
    await tui.until("4 downgrades");
    tui.press("R");
    await tui.until("Revert borealis?");
    tui.press("y");
    await tui.until("the machine is back at its own set");
    tui.press("escape");
    await tui.until(/borealis +↓ behind/u);
  });

  it("makes a target with a message, shows the history, and returns to an older target", async () => {
    await using tui = open();
    await tui.until(WHOLE_POOL);
    tui.press("L");
    await tui.until("becomes target 2 of pool studio");
    tui.type("June, not tested");
    await tui.until("> June, not tested");
    tui.press("enter");
    await tui.until("target 2 “June, not tested”");
    tui.press("t");
    await tui.until(/› +2 +✓ newest/u);
    tui.press("R");
    await tui.until("Target 2 is marked bad");
    tui.press("enter");
    await tui.until("studio is back at target 1");
    const shown = await tui.until(/3 +✓ newest/u);
    expect(shown).toMatch(/2 +✗ bad/u);
    const { targets } = await studio.server.admin.targets.listTargets({ pool: "studio" });
    expect(targets.map(({ bad }) => bad)).toEqual([false, true, false]);
  });

  it("is right in every size, without colour too", async () => {
    await using tui = open({ columns: 160, rows: 50, env: { NO_COLOR: "1" } });
    await tui.until(/cassini +✓ in-sync/u);
    for (const [columns, rows] of [
      [100, 30],
      [61, 16],
      [200, 55],
      [80, 24],
    ] as const) {
      tui.resize(columns, rows);
      await eventually("header and footer fit", () => {
        const lines = tui.screen();
        const isWhole = /● live/u.test(lines[0] ?? "") && /q quit/u.test(lines.at(-1) ?? "");
        return isWhole && lines.some((line) => line.length === columns && line.endsWith("╮")) ? true : undefined;
      });
      expect(tui.text()).toContain("› atlas (here)");
    }
    expect(tui.codes().filter((code) => /^(3[0-8]|4[0-8]|9\d|10\d)$/u.test(code))).toEqual([]);
  });

  it("shows another person's changes by itself", async () => {
    await using tui = open();
    await tui.until("4 endpoints");
    await studio.server.enrol("estuary", "studio");
    await tui.until("estuary");
    await tui.until("5 endpoints");
    await studio.server.admin.endpoints.removeEndpoint({ endpoint: "estuary", idempotencyKey: "remove-estuary" });
    await tui.untilGone("estuary");
  });
});
