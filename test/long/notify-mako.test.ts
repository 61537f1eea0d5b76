// Notifications on a real desktop: mako under a real sway shows them, one at a time, and what is pressed opens the plan.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import { openBar } from "../support/bar.ts";
import { eventually } from "../support/eventually.ts";
import { reportStatus } from "../support/status-report.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-mako-"));
  // The desktop is another user's, who writes here what is shown.
  chmodSync(folder, 0o777);
  mkdirSync(join(folder, "config/pacpool"), { recursive: true });
  writeFileSync(join(folder, "config/pacpool/config.toml"), "[notifications]\nenabled = true\n");
  writeFileSync(join(folder, "terminal"), `#!/bin/sh\nprintf '%s\\n' "$*" >>${folder}/opened\n`, { mode: 0o755 });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A session: the daemon, the notifier, and somebody who looks and, when told to, presses. */
const SESSION = `mako &
"$1" notify &
cd "$2"
while :; do
  makoctl list >list.new && mv list.new list
  if [ -e press ]; then makoctl invoke plan; rm press; fi
  sleep 0.2
done`;

const list = (): string => (existsSync(join(folder, "list")) ? readFileSync(join(folder, "list"), "utf8") : "");
/** How many notifications are on the screen. */
const shown = (): number => list().match(/"summary"/g)?.length ?? 0;

it("mako shows one notification however much happens, and pressing it opens the plan", async () => {
  reportStatus(folder, {});
  await using desktop = await openBar({
    module: { exec: "echo bar", format: "{}" },
    style: "* { border: none; }",
    env: {
      PACPOOL_RUN_DIR: folder,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_STATE_HOME: join(folder, "state"),
      TERMINAL: join(folder, "terminal"),
    },
  });
  desktop.open(["dbus-run-session", "--", "sh", "-c", SESSION, "sh", launcher, folder]);
  await eventually(
    "it to know how things are",
    () => existsSync(join(folder, "state/pacpool/told.json")) || undefined,
    20_000,
  );
  const ground = desktop.pixels("400,40 400x100");
  reportStatus(folder, { status: "behind", counts: { ...NO_DRIFT, older: 12 }, targetRevision: 8, message: "a <b>&" });
  await eventually("a notification", () => shown() === 1 || undefined, 20_000);
  expect(list()).toContain("atlas is behind");
  expect(list()).toContain("Show plan");
  await eventually("something on the screen", () => !desktop.pixels("400,40 400x100").equals(ground) || undefined);
  for (let revision = 9; revision < 40; revision += 1) {
    reportStatus(folder, { status: "behind", counts: { ...NO_DRIFT, older: revision }, targetRevision: revision });
  }
  await eventually("the newest target", () => list().includes("New target 39") || undefined, 20_000);
  expect(shown()).toBe(1);
  writeFileSync(join(folder, "press"), "");
  chmodSync(join(folder, "press"), 0o666);
  await eventually("the plan", () => existsSync(join(folder, "opened")) || undefined, 20_000);
  expect(readFileSync(join(folder, "opened"), "utf8")).toMatch(/ tui --endpoint atlas --plan$/m);
  expect(desktop.log()).not.toContain("rror: ");
});
