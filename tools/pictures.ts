// Makes the README's pictures: the demo's fleet under a real compositor, with the TUI in a real terminal and WayBar above.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBar } from "../test/support/bar.ts";
import { eventually } from "../test/support/eventually.ts";
import { startDemoFleet } from "../test/worlds/demo/fleet.ts";
import { launcher } from "../test/worlds/demo/processes.ts";
import { barStyle } from "../waybar/desk/bar-style.ts";

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const font =
  "* { font-family: 'DejaVu Sans', 'Font Awesome 6 Free'; font-size: 14px; border: none; min-height: 0; } window#waybar { background: #282828; color: #ebdbb2; }";
const foot = [
  "foot",
  "-o",
  "main.font=DejaVu Sans Mono:size=11",
  "-o",
  "colors.background=1d2021",
  "-o",
  "colors.foreground=ebdbb2",
  "-o",
  "csd.preferred=none",
];

async function main(): Promise<void> {
  mkdirSync(images, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), "pacpool-demo-"));
  await using fleet = await startDemoFleet(directory, console.log);
  // The desktop is another user's, who may read what the demo's machines say of themselves.
  chmodSync(directory, 0o755);
  await fleet.pacpool("set-latest", "--endpoint", "atlas", "--message", "May, tested on atlas");
  await fleet.pacpool("set-latest", "--endpoint", "kiosk-1", "--message", "kiosk image");
  const ca = join(directory, "authority.crt");
  copyFileSync(fleet.operator["PACPOOL_CA"] ?? "", ca);
  chmodSync(ca, 0o644);
  const person = {
    PACPOOL_SERVER: fleet.operator["PACPOOL_SERVER"] ?? "",
    PACPOOL_CA: ca,
    PACPOOL_KEY: readFileSync(fleet.operator["PACPOOL_KEY_FILE"] ?? "", "utf8").trim(),
    COLORTERM: "truecolor",
  };
  const machine = join(directory, "machines/borealis");
  for (const folder of [join(directory, "machines"), machine, join(machine, "run"), join(machine, "run/pacpool")])
    chmodSync(folder, 0o755);
  await using bar = await openBar({
    size: "1180x640",
    style: `${font}\n${barStyle()}`,
    module: { exec: `${launcher} waybar`, "return-type": "json", format: "pacpool {}" },
    more: { "modules-center": ["clock"], clock: { format: "Sunday 1 June  20:15" } },
    env: {
      PACPOOL_RUN_DIR: join(machine, "run/pacpool"),
      NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-pictures-cache"),
    },
  });
  bar.open([...foot, launcher, "tui"], person);
  const isDrawn = (): true | undefined => (bar.pixel(600, 400).some((part) => part !== 0x20) ? true : undefined);
  await eventually("the TUI to be drawn", isDrawn, 30_000);
  await settle();
  // Into the second pool.
  for (const key of ["j", "l"]) {
    bar.open(["wtype", "-s", "200", key]);
    await settle();
  }
  bar.screenshot(join(images, "tui.png"));
}

/** A picture has no state to wait for: the last frame is the one that stays. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_500));
}

await main();
