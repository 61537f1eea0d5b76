// Stories of a person who may not, or cannot: a viewer's key, a stranger's key, another profile, a server that goes and comes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTui } from "../../tui/open-tui.ts";
import { command, openWorld, SIZES } from "../../tui/open-world.ts";
import { forbidden } from "../../worlds/forbidden.ts";
import { quiet } from "../../worlds/quiet.ts";

/** What waits in the fleet is read as well. */
const STARTED = /kiosks[\s\S]*1 blocked {2}i shows them/u;

describe.each(SIZES)("at $columns x $rows", (size) => {
  it("shows a viewer everything, and refuses their deeds with a sentence", async () => {
    await using world = await openWorld(forbidden);
    await using tui = world.open(size);
    await tui.until(STARTED);
    tui.press("C");
    await tui.until(/eve, viewer/u);
    tui.press("escape");
    await tui.untilGone("eve, viewer");
    await command(tui, "endpoint europa");
    await tui.until("› ↑ newer");
    tui.press("L");
    await tui.until("becomes target 2 of pool studio");
    tui.press("enter");
    await tui.until("this key may not do that");
    const { targets } = await world.stage.server.admin.targets.listTargets({ pool: "studio" });
    expect(targets).toHaveLength(1);
  });

  it("changes to another profile's server and back without leaving the screens", async () => {
    await using one = await openWorld(quiet);
    await using other = await openWorld(forbidden);
    const folder = mkdtempSync(join(tmpdir(), "pacpool-profiles-"));
    try {
      mkdirSync(join(folder, "pacpool"));
      const profile = ({ stage: { server } }: typeof one, name: string): string => {
        writeFileSync(join(folder, `${name}.pem`), server.ca);
        writeFileSync(join(folder, `${name}.key`), server.adminKey, { mode: 0o600 });
        const at = (ending: string): string => JSON.stringify(join(folder, `${name}.${ending}`));
        return `[profiles.${name}]\nserver = "${server.address}"\nca = ${at("pem")}\nkey_file = ${at("key")}\n`;
      };
      const text = `default_profile = "home"\n${profile(one, "home")}${profile(other, "work")}`;
      writeFileSync(join(folder, "pacpool/config.toml"), text);
      await using tui = openTui({ ...size, env: { XDG_CONFIG_HOME: folder } });
      await tui.until("kitchen");
      tui.press("C");
      await tui.until("profiles (2)");
      tui.press("escape");
      await tui.untilGone("profiles (2)");
      await command(tui, "profile work");
      await tui.until("kiosks");
      await command(tui, "profile home");
      await tui.until("kitchen");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("gives the terminal back as it was when it is left, killed or interrupted", async () => {
    await using world = await openWorld(quiet);
    for (const end of ["quit", "SIGTERM", "SIGINT"] as const) {
      await using tui = world.open(size);
      await tui.until("kitchen");
      expect(tui.isAlternate()).toBe(true);
      if (end === "quit") tui.press("q");
      else tui.kill(end);
      await tui.exited;
      expect(tui.isAlternate()).toBe(false);
      expect(tui.isCursorShown()).toBe(true);
    }
  });
});
