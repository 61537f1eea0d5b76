// A terminal that vanishes under the TUI: the window was closed, the connection lost.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let folder: string;
let socket: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-gone-"));
  socket = join(folder, "tmux");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("ends at once when its terminal is gone, instead of drawing for nobody for ever", async () => {
  const tmux = (...args: readonly string[]): string =>
    execFileSync("tmux", ["-S", socket, ...args], { encoding: "utf8" });
  tmux(
    "-f",
    "/dev/null",
    "new-session",
    "-d",
    "-x",
    "80",
    "-y",
    "24",
    `XDG_CONFIG_HOME=${folder} exec ${launcher} tui`,
  );
  const pid = Number(tmux("list-panes", "-F", "#{pane_pid}").trim());
  await eventually("the TUI to be drawn", () => tmux("capture-pane", "-p").includes("pacpool init") || undefined);
  tmux("kill-server");
  await eventually("the TUI to end", () => !isRunning(pid) || undefined);
  expect(isRunning(pid)).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
