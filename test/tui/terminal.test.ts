// What the TUI does to the terminal that it is given, and before there is a server.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openTui } from "./open-tui.ts";

/** A port of the loopback where nobody listens. */
const NOBODY = { address: "127.0.0.1:9", ca: "", adminKey: `ppk_${"a".repeat(16)}_${"b".repeat(43)}` };

describe("a terminal with the TUI on it", () => {
  it("says init and join when nothing is set up, and is given back on q", async () => {
    await using tui = openTui();
    await tui.until("pacpool init");
    expect(tui.text()).toContain("pacpool join CODE");
    expect(tui.isAlternate()).toBe(true);
    tui.press("q");
    expect(await tui.exited).toMatchObject({ exitCode: 0 });
    expect([tui.isAlternate(), tui.isCursorShown()]).toEqual([false, true]);
  });

  it.each(["SIGTERM", "SIGHUP", "SIGINT"] as const)("is given back on %s", async (signal) => {
    await using tui = openTui();
    await tui.until("pacpool init");
    tui.kill(signal);
    await tui.exited;
    expect([tui.isAlternate(), tui.isCursorShown()]).toEqual([false, true]);
  });

  it("is given back on Ctrl-C, also while something is asked", async () => {
    await using tui = openTui();
    await tui.until("pacpool init");
    tui.press("?");
    await tui.until("This help");
    tui.press("ctrl-c");
    expect(await tui.exited).toMatchObject({ exitCode: 0 });
    expect(tui.isAlternate()).toBe(false);
  });

  it("is drawn anew at every size, and says when it is too small", async () => {
    await using tui = openTui({ columns: 80, rows: 24 });
    await tui.until("pacpool init");
    tui.resize(120, 40);
    await tui.until(/╰─{118}╯/u);
    tui.resize(40, 10);
    await tui.until("pacpool needs 60x16");
    tui.resize(80, 24);
    await tui.until(/╰─{78}╯/u);
    expect(tui.screen()).toHaveLength(24);
    expect(tui.text()).toContain("pacpool join CODE");
  });

  it("gets no colour with NO_COLOR", async () => {
    await using tui = openTui({ env: { NO_COLOR: "1" } });
    await tui.until("pacpool init");
    expect(tui.codes().filter((code) => /^(3[0-8]|4[0-8]|9\d|10\d)$/u.test(code))).toEqual([]);
  });

  it("says that the server does not answer, and goes on trying", async () => {
    await using tui = openTui({ server: NOBODY });
    await tui.until("127.0.0.1:9 does not answer");
    await tui.until("server gone");
    tui.press("q");
    expect(await tui.exited).toMatchObject({ exitCode: 0 });
  });
});

it("without a terminal the TUI exits 2 and says what to use instead", () => {
  const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
  const { status, stderr } = spawnSync(launcher, ["tui"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  expect(status).toBe(2);
  expect(stderr).toContain("terminal");
});
