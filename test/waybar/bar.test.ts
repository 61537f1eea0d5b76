import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import { openBar } from "../support/bar.ts";
import { eventually } from "../support/eventually.ts";
import { reportStatus } from "../support/status-report.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
const style =
  "* { border: none; min-height: 0; } #custom-pacpool { min-width: 100px; } #custom-pacpool.in-sync { background: #00ff00; } #custom-pacpool.behind { background: #ff0000; }";

let runDir: string;

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), "pacpool-run-"));
  // The bar runs as another user.
  chmodSync(runDir, 0o755);
});

afterEach(() => {
  rmSync(runDir, { recursive: true, force: true });
});

const report = (summary: Parameters<typeof reportStatus>[1]): void => {
  reportStatus(runDir, summary);
};

test("a real bar shows what the agent says, changes with it, and takes its module along when it ends", async () => {
  report({ status: "in-sync" });
  await using bar = await openBar({
    style,
    module: { exec: `${launcher} waybar`, "return-type": "json", format: "{}" },
    env: { PACPOOL_RUN_DIR: runDir, NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache") },
  });
  const colour = () => bar.pixel(3, 3).join(" ");
  await eventually("a green module", () => colour() === "0 255 0" || undefined);
  report({ status: "behind", counts: { ...NO_DRIFT, older: 3 }, message: "a & b < c" });
  await eventually("a red module", () => colour() === "255 0 0" || undefined);
  expect(bar.log()).not.toContain("error");
  expect(modules()).toHaveLength(1);
  await bar.killBar();
  await eventually("the module to end", () => modules().length === 0 || undefined);
});

test("a second monitor gets a copy that is as right; a reload and another bar bring them back, and leave none behind", async () => {
  report({ status: "in-sync" });
  await using bar = await openBar({
    style,
    module: { exec: `${launcher} waybar`, "return-type": "json", format: "{}" },
    env: { PACPOOL_RUN_DIR: runDir, NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache") },
  });
  await eventually("a green module", () => bar.pixel(3, 3).join(" ") === "0 255 0" || undefined);
  bar.command("create_output");
  const both = (colour: string) =>
    eventually(`${colour} on both`, () => [3, 803].every((x) => bar.pixel(x, 3).join(" ") === colour) || undefined);
  await both("0 255 0");
  expect(modules()).toHaveLength(2);
  report({ status: "behind" });
  await both("255 0 0");
  const before = modules();
  bar.signalBar("SIGUSR2");
  await eventually(
    "other copies",
    () => (modules().length === 2 && !modules().some((pid) => before.includes(pid))) || undefined,
  );
  await both("255 0 0");
  await bar.killBar();
  await eventually("the copies to end", () => modules().length === 0 || undefined);
  report({ status: "in-sync" });
  bar.startBar();
  await eventually("the line of now", () => bar.pixel(3, 3).join(" ") === "0 255 0" || undefined);
});

/** The module's processes: those that were given this run folder. */
function modules(): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const isModule = readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bar.cjs\0waybar");
      return isModule && readFileSync(`/proc/${pid}/environ`, "utf8").includes(runDir);
    } catch {
      return false;
    }
  });
}
