// The real bar about pools while a real server comes and goes, and in every colour of the theme.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../../domain/drift/sync-status.ts";
import { openConnection } from "../../rpc/connection.ts";
import { barModule } from "../../waybar/desk/bar-module.ts";
import { barStyle } from "../../waybar/desk/bar-style.ts";
import { type Bar, openBar } from "../support/bar.ts";
import { eventually } from "../support/eventually.ts";
import { startServerProcess } from "../support/server-process.ts";
import { reportStatus } from "../support/status-report.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-bar-server-"));
  chmodSync(folder, 0o755);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

/** Whether the module's background has this colour. */
const isColour = (bar: Bar, colour: string) => bar.pixel(3, 3).join(" ") === colour || undefined;

it("says that the server is gone, and comes back with it, without anybody's hand", async () => {
  const stateDir = join(folder, "state");
  mkdirSync(stateDir);
  let server = await startServerProcess(stateDir);
  const ca = join(folder, "ca.pem");
  writeFileSync(ca, server.ca, { mode: 0o644 });
  {
    using admin = openConnection({ address: server.address, ca: server.ca, key: server.adminKey });
    await admin.pools.createPool({ name: "desks" });
  }
  const style =
    "* { border: none; min-height: 0; } #custom-pacpool { min-width: 100px; background: #00ff00; } #custom-pacpool.offline { background: #ff0000; }";
  await using bar = await openBar({
    style,
    module: barModule(launcher, { kind: "fleet" }).value,
    env: { PACPOOL_SERVER: server.address, PACPOOL_CA: ca, PACPOOL_KEY: server.adminKey },
  });
  try {
    await eventually("a green module", () => isColour(bar, "0 255 0"), 20_000);
    await server.end("SIGKILL");
    await eventually("a red module", () => isColour(bar, "255 0 0"), 20_000);
    server = await startServerProcess(stateDir, server.address);
    await eventually("a green module again", () => isColour(bar, "0 255 0"), 60_000);
  } finally {
    await server[Symbol.asyncDispose]();
  }
});

it("keeps and marks what an agent that is gone has said last, and forgets the mark when it is back", async () => {
  const style =
    "* { border: none; min-height: 0; } #custom-pacpool { min-width: 100px; background: #00ff00; } #custom-pacpool.stale { background: #ff0000; }";
  reportStatus(folder, { status: "behind" });
  await using bar = await openBar({
    style,
    module: barModule(launcher, { kind: "this" }).value,
    env: { PACPOOL_RUN_DIR: folder },
  });
  await eventually("a green module", () => isColour(bar, "0 255 0"), 20_000);
  reportStatus(folder, { status: "behind", isAgentStopped: true });
  await eventually("a red module", () => isColour(bar, "255 0 0"), 20_000);
  rmSync(join(folder, "status.json"));
  reportStatus(folder, { status: "behind" });
  await eventually("a green module again", () => isColour(bar, "0 255 0"), 20_000);
});

it.each([
  ["light", "Adwaita"],
  ["dark", "Adwaita:dark"],
])("every status can be read on the %s theme, and needs no colour that GTK does not know", async (_, theme) => {
  const look = `* { font-family: "DejaVu Sans"; font-size: 16px; border: none; min-height: 0; } window#waybar { background: @theme_bg_color; color: @theme_fg_color; } #custom-pacpool { min-width: 150px; }`;
  reportStatus(folder, {});
  await using bar = await openBar({
    style: `${look}\n${barStyle()}`,
    module: barModule(launcher, { kind: "this" }).value,
    env: { PACPOOL_RUN_DIR: folder, GTK_THEME: theme },
  });
  let last = Buffer.alloc(0);
  for (const status of SYNC_STATUSES) {
    reportStatus(folder, { status, counts: { ...NO_DRIFT, older: 12, newer: 3 }, percent: 43 });
    last = await eventually(`${status}, to be read`, () => {
      const now = Buffer.from(bar.pixels("0,0 150x30"));
      return !now.equals(last) && contrast(now) > 2 ? now : undefined;
    });
  }
  expect(bar.log()).not.toMatch(/parsing|not a valid|warn.*css/i);
});

/** Of the pixel that differs most from the background, as WCAG counts it. */
function contrast(pixels: Buffer): number {
  const light = (at: number): number => {
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((part) => {
      const share = (pixels[at + part] ?? 0) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = light(0);
  const all = Array.from({ length: pixels.length / 3 }, (_, at) => light(3 * at));
  return Math.max(...all.map((one) => (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05)));
}
