// The story of `u` with real pacman: the machine at which the person sits is upgraded in the terminal that the screens lend,
// and its moment becomes the target.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { eventually } from "../../support/eventually.ts";
import { openTerminal } from "../../support/terminal.ts";
import { startDemoFleet } from "../../worlds/demo/fleet.ts";
import { launcher } from "../../worlds/demo/processes.ts";

it("upgrades this machine with real pacman from the screens, and its moment becomes the target", async () => {
  const directory = mkdtempSync(join(tmpdir(), "pacpool-demo-"));
  await using fleet = await startDemoFleet(directory, () => undefined);
  await fleet.pacpool("set-latest", "--endpoint", "atlas", "--message", "May, tested on atlas");
  await fleet.world.publish(3);
  const atlas = fleet.world.roots.find(({ machine }) => machine.name === "atlas");
  if (atlas === undefined) throw new Error("the demo has no atlas");
  const before = await atlas.root.query();
  await using tui = openTerminal({
    command: [launcher, "tui"],
    env: present({
      ...fleet.on(atlas.machine),
      ...access(fleet.operator),
      PACPOOL_ENDPOINT: "atlas",
      TERM: "xterm-256color",
    }),
  });
  await tui.until("studio");
  await tui.until("lately");
  tui.type(":endpoint atlas");
  await tui.until(/› endpoint atlas +\S/u);
  tui.press("enter");
  await tui.until("╭─ atlas ✓ in-sync");
  tui.press("u");
  await tui.until("Update atlas");
  tui.press("enter");
  await eventually("the update to ask or to end", () => (tui.isAlternate() ? undefined : true), 30_000);
  await tui.until("Run this on atlas? [y/N]");
  tui.type("y\r");
  await tui.until("Enter goes back to the screens.");
  tui.press("enter");
  await tui.until(/target 2/u);
  // The keyboard is the screens' again.
  tui.press("?");
  await tui.until("Esc closes");
  const after = await atlas.root.query();
  expect(after).not.toEqual(before);
  expect(await atlas.root.complaints()).toEqual([]);
});

function access(operator: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = Object.entries(operator).filter(([name]) => name.startsWith("PACPOOL_"));
  return Object.fromEntries(wanted);
}

function present(env: NodeJS.ProcessEnv): Record<string, string> {
  const there = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries(there);
}
