// Makes the README's pictures of the WayBar module: every state side by side as the real bar draws it, on the light and the
// dark theme, and the tooltip under a mouse. Nothing is drawn by hand: each module follows a status file of its own.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_DRIFT } from "../domain/drift/drift.ts";
import { SYNC_STATUSES } from "../domain/drift/sync-status.ts";
import type { StatusSummary } from "../domain/status-line/status-summary.ts";
import { type Bar, openBar } from "../test/support/bar.ts";
import { eventually } from "../test/support/eventually.ts";
import { reportStatus } from "../test/support/status-report.ts";
import { barModule } from "../waybar/desk/bar-module.ts";
import { barStyle } from "../waybar/desk/bar-style.ts";

const images = fileURLToPath(new URL("../docs/images/", import.meta.url));
const launcher = fileURLToPath(new URL("../cli/pacpool", import.meta.url));
const MINUTE_MS = 60_000;

const counts = Object.fromEntries(SYNC_STATUSES.map((status) => [status, 0])) as Record<
  (typeof SYNC_STATUSES)[number],
  number
>;
const behind: Partial<StatusSummary> = {
  status: "behind",
  counts: { ...NO_DRIFT, older: 11, missing: 1, held: 1 },
  targetRevision: 8,
  message: "June, tested on atlas",
};

/** In the order in which they stand in the bar. */
function states(nowMs: number): readonly Partial<StatusSummary>[] {
  return [
    {},
    behind,
    { status: "ahead", counts: { ...NO_DRIFT, newer: 3 } },
    { status: "diverged", counts: { ...NO_DRIFT, older: 2, newer: 3 } },
    { status: "syncing", percent: 43, step: "transaction" },
    { status: "pending-approval" },
    { status: "blocked", reasons: ["pacman's database is locked by pacman -Syu"] },
    { status: "degraded", reasons: ["a hook failed"] },
    { rebootRequired: true },
    { ...behind, offlineSinceMs: nowMs - 7 * MINUTE_MS, reportedAtMs: nowMs - 7 * MINUTE_MS },
    { status: "unknown", reasons: ["no target yet"] },
  ];
}

/** What the tooltip is shown of. */
function told(nowMs: number): Partial<StatusSummary> {
  return {
    ...behind,
    drift: [
      { name: "linux", kind: "older", installed: "6.9.1.arch1-1", wanted: "6.9.3.arch1-1" },
      { name: "mesa", kind: "older", installed: "1:24.0.8-1", wanted: "1:24.1.0-1" },
      { name: "openssl", kind: "older", installed: "3.3.0-1", wanted: "3.3.1-1" },
      { name: "noto-fonts-emoji", kind: "missing", wanted: "1:2.042-1" },
    ],
    lastDeed: { what: "set-latest of target 8", who: "ada on atlas", atMs: nowMs - 12 * MINUTE_MS },
    fleet: { endpoints: 5, online: 4, counts: { ...counts, "in-sync": 2, behind: 3 } },
    inbox: 2,
  };
}

const look = `* { font-family: 'DejaVu Sans', 'Font Awesome 6 Free'; font-size: 14px; border: none; min-height: 0; }
window#waybar { background: @theme_bg_color; color: @theme_fg_color; }
tooltip { background: @theme_base_color; border: 1px solid alpha(@theme_fg_color, 0.4); }
tooltip label { color: @theme_text_color; padding: 4px; }`;

async function openThemed(theme: string, directory: string, all: readonly Partial<StatusSummary>[]): Promise<Bar> {
  const modules = all.map((state, at) => {
    const runDir = join(directory, `${theme.replace(":", "-")}-${String(at)}`);
    mkdirSync(runDir, { mode: 0o755, recursive: true });
    reportStatus(runDir, { endpoint: "borealis", ...state });
    const command = `env PACPOOL_RUN_DIR=${runDir} ${launcher}`;
    return [`custom/pacpool#state-${String(at)}`, barModule(command, { kind: "this" }).value] as const;
  });
  return await openBar({
    size: "1000x400",
    style: `${look}\n${barStyle()}`,
    module: {},
    more: { ...Object.fromEntries(modules), "modules-left": modules.map(([name]) => name) },
    env: { GTK_THEME: theme, NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache") },
  });
}

/** The last frame is the one that stays: two alike, a while apart. */
async function untilStill(bar: Bar, part: string): Promise<void> {
  let before: Buffer = Buffer.alloc(0);
  await eventually(
    "a picture that stands still",
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const now = bar.pixels(part);
      const isStill = now.equals(before) && new Set(now).size > 8;
      before = now;
      return isStill || undefined;
    },
    30_000,
  );
}

/** How far to the right something is drawn. */
function widthOf(bar: Bar): number {
  const row = bar.pixels("0,0 1000x30");
  for (let x = 999; x > 0; x -= 1) {
    for (let y = 0; y < 30; y += 1) {
      const at = 3 * (y * 1_000 + x);
      if (!row.subarray(at, at + 3).equals(row.subarray(3 * 999, 3 * 1_000))) return Math.min(1_000, x + 14);
    }
  }
  return 1_000;
}

async function main(): Promise<void> {
  mkdirSync(images, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), "pacpool-bar-pictures-"));
  chmodSync(directory, 0o755);
  try {
    for (const [name, theme] of [
      ["light", "Adwaita"],
      ["dark", "Adwaita:dark"],
    ] as const) {
      await using bar = await openThemed(theme, directory, states(Date.now()));
      await untilStill(bar, "0,0 1000x30");
      bar.screenshot(join(images, `waybar-${name}.png`), `0,0 ${String(widthOf(bar))}x30`);
    }
    await using bar = await openThemed("Adwaita:dark", join(directory, "tooltip"), [told(Date.now())]);
    await untilStill(bar, "0,0 1000x30");
    using mouse = await bar.pointer();
    await mouse.move(20, 14);
    await mouse.move(24, 16);
    await untilStill(bar, "0,0 1000x400");
    bar.screenshot(join(images, "waybar-tooltip.png"), "0,0 420x260");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
