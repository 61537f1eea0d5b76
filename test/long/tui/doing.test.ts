// Stories of a person who changes something: asked, watched to its end, taken back.
import { describe, expect, it } from "vitest";
import { command, openWorld, SIZES } from "../../tui/open-world.ts";
import { approval } from "../../worlds/approval.ts";
import { behind } from "../../worlds/behind.ts";

/** The whole studio is there: keys that come while the list still grows would move less far. */
const WHOLE = /› atlas \(here\)[\s\S]*hyperion/u;

/** What waits in the fleet is read as well. */
const STARTED = /kiosks[\s\S]*1 blocked {2}i shows them/u;

describe.each(SIZES)("at $columns x $rows", (size) => {
  it("syncs a machine, watches it to its end, and takes the way back", async () => {
    await using world = await openWorld(behind);
    world.stage.hold = "transaction";
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "endpoint borealis");
    await tui.until("› ↓ older");
    tui.press("s");
    await tui.until("1 removal, 4 upgrades");
    tui.press("s");
    await tui.until("Sync borealis to target 1?");
    tui.press("escape");
    await tui.untilGone("Sync borealis to target 1?");
    tui.press("s");
    await tui.until("Sync borealis to target 1?");
    tui.press("enter");
    await tui.until("↻ pacman transaction");
    tui.press("c");
    await tui.until(/pacman has begun/u);
    world.stage.hold = undefined;
    await tui.until("done and proved");
    tui.press("escape");
    await tui.until("╭─ borealis ✓ in-sync");
    tui.press("R");
    await tui.until("Way back of borealis");
    await tui.until("4 downgrades");
    tui.press("R");
    await tui.until("Revert borealis?");
    tui.press("y");
    await tui.until("the machine is back at its own set");
  });

  it("repairs what the proof found wrong, after a question, and not again once it is right", async () => {
    await using world = await openWorld(behind);
    world.stage.problem = "/usr/bin/firefox is missing";
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "endpoint borealis");
    await tui.until("› ↓ older");
    tui.press("s");
    await tui.until("1 removal, 4 upgrades");
    tui.press("s");
    await tui.until("Sync borealis to target 1?");
    tui.press("enter");
    await tui.until("/usr/bin/firefox is missing");
    await tui.until(/borealis sync ! degraded/u);
    world.stage.problem = undefined;
    tui.press("r");
    await tui.until(/Repair .*borealis/u);
    tui.press("enter");
    await tui.until("done and proved");
    tui.press("r");
    await tui.until("there is nothing to repair");
  });

  it("cancels an operation before pacman begins", async () => {
    await using world = await openWorld(behind);
    world.stage.hold = "fetch";
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "endpoint borealis");
    await tui.until("› ↓ older");
    tui.press("s");
    await tui.until("1 removal, 4 upgrades");
    tui.press("s");
    await tui.until("Sync borealis to target 1?");
    tui.press("enter");
    await tui.until("↻ fetch packages");
    tui.press("c");
    await tui.until(/Cancel .*borealis/u);
    tui.press("enter");
    await tui.until(/cancelled|cancel/u);
  });

  it("syncs what is marked with one question, and never what was not", async () => {
    await using world = await openWorld(behind);
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "pool studio");
    await tui.until(WHOLE);
    tui.press("j", "v", "v");
    await tui.until("2 marked");
    tui.press("s");
    await tui.until("Sync 2 of studio?");
    expect(tui.text()).toContain("borealis: 1 removal, 4 upgrades");
    tui.press("enter");
    await tui.until("2 of 2 operations started");
    await tui.until(/borealis .*in-sync/u);
    await tui.until(/cassini .*in-sync/u);
    expect(tui.text()).toMatch(/europa .*ahead/u);
  });

  it("makes a target with a message, compares it with the one before, and returns to that", async () => {
    await using world = await openWorld(behind);
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "endpoint europa");
    await tui.until("› ↑ newer");
    tui.press("L");
    await tui.until("becomes target 2 of pool studio");
    tui.type("firefox of June");
    await tui.until("> firefox of June");
    tui.press("enter");
    await tui.until("Pin what differs, and take europa?");
    tui.press("enter");
    await tui.until("target 2 “firefox of June”");
    tui.press("t");
    await tui.until(/› +2 +✓ newest/u);
    tui.press("j", "d");
    await tui.until("Target 1 → 2 of studio");
    tui.press("escape");
    await tui.until(/✓ newest/u);
    tui.press("g", "R");
    await tui.until("Target 2 is marked bad");
    tui.press("enter");
    await tui.until("studio is back at target 1");
  });

  it("decides what waits, approves exactly the plan that follows, and sees it done", async () => {
    await using world = await openWorld(approval);
    await using tui = world.open(size);
    await tui.until(/borealis .*pending-approval/u);
    await tui.until(/cassini/u);
    tui.press("j", "o");
    await tui.until("a decision: x shows them");
    tui.press("x");
    await tui.until("wait for you (1)");
    tui.press("t");
    await tui.until("firefox");
    tui.press("enter");
    await tui.until("decided (1)");
    tui.press("a");
    await tui.until("approves the operation that waits");
    tui.press("a");
    await tui.until("Let borealis carry out its plan?");
    tui.press("enter");
    await tui.until("done and proved");
  });

  it("adds a rule and takes it away", async () => {
    await using world = await openWorld(behind);
    await using tui = world.open(size);
    await tui.until(STARTED);
    await command(tui, "pool studio");
    await tui.until(WHOLE);
    tui.press("H");
    await tui.until("n new");
    await command(tui, "add-rule hold linux*");
    await tui.until(/linux\*/u);
    tui.press("enter");
    await tui.until("› linux*");
    tui.press("x");
    await tui.until(/Remove/u);
    tui.press("enter");
    await tui.untilGone("› linux*");
  });
});
