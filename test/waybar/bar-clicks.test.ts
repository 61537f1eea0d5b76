// The real WayBar and a mouse: what hovering shows, what clicks open, and that what they opened outlives the bar.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { barModule } from "../../waybar/desk/bar-module.ts";
import { openBar } from "../support/bar.ts";
import { eventually } from "../support/eventually.ts";
import { reportStatus } from "../support/status-report.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
const style =
  "* { border: none; min-height: 0; } #custom-pacpool { min-width: 100px; } #custom-pacpool.in-sync { background: #00ff00; } tooltip { background: #0000ff; opacity: 1; }";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-bar-clicks-"));
  // The bar runs as another user, who writes here what was opened.
  chmodSync(folder, 0o777);
});

afterEach(() => {
  for (const pid of deeds().filter(isAlive)) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const lines = (name: string): readonly string[] =>
  existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8").trim().split("\n") : [];
const deeds = (): readonly number[] => lines("pids").map(Number);

it("shows its tooltip under the mouse, opens plan and screens by clicks, and what was opened outlives the bar", async () => {
  // A terminal whose program is a deed that takes long.
  const terminal = join(folder, "terminal");
  writeFileSync(
    terminal,
    `#!/bin/sh\necho $$ >>${folder}/pids; printf '%s\\n' "$*" >>${folder}/opened; exec sleep 300\n`,
    {
      mode: 0o755,
    },
  );
  reportStatus(folder, { reasons: ["a long reason that makes the tooltip wide enough to be seen below the bar"] });
  await using bar = await openBar({
    style,
    module: barModule(launcher, { kind: "this" }).value,
    env: {
      PACPOOL_RUN_DIR: folder,
      TERMINAL: terminal,
      NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache"),
    },
  });
  await eventually("a green module", () => bar.pixel(3, 3).join(" ") === "0 255 0" || undefined);
  using mouse = await bar.pointer();
  // It comes to a mouse that rests.
  await mouse.move(20, 10);
  await mouse.move(21, 10);
  await eventually("a tooltip below the bar", () => isBlue(bar.pixels("0,31 300x100")) || undefined);

  await mouse.click(20, 10, "left");
  await eventually("the plan", () => lines("opened").length >= 1 || undefined);
  await mouse.click(20, 10, "right");
  await eventually("the screens", () => lines("opened").length >= 2 || undefined);
  const [left, right] = lines("opened");
  expect(left).toMatch(/ tui --endpoint atlas --plan$/);
  expect(right).toMatch(/ tui --endpoint atlas$/);

  bar.signalBar("SIGUSR2");
  await bar.killBar();
  expect(deeds().map(isAlive)).toEqual([true, true]);
});

const isAlive = (pid: number): boolean => existsSync(`/proc/${String(pid)}`);

function isBlue(pixels: Buffer): boolean {
  for (let at = 0; at < pixels.length; at += 3) {
    if (pixels[at] === 0 && pixels[at + 1] === 0 && pixels[at + 2] === 255) return true;
  }
  return false;
}
