// What a click starts, by the built program and a terminal that only says how it was started.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openNotificationDaemon, openPrivateBus } from "../support/notification-daemon.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-clicks-"));
  mkdirSync(join(folder, "run"));
  mkdirSync(join(folder, "bin"));
  program("terminal", `echo "$$ $*" >${folder}/opened.new; mv ${folder}/opened.new ${folder}/opened; exec sleep 300`);
});

afterEach(() => {
  if (existsSync(join(folder, "opened"))) process.kill(opened().pid, "SIGKILL");
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** As a bar does it: sh runs the click in a process group of its own. */
function click(command: string, more: Readonly<Record<string, string>> = {}): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL|XDG|TERMINAL)/.test(name));
  return spawn("/bin/sh", ["-c", `${launcher} ${command}`], {
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...Object.fromEntries(inherited),
      HOME: folder,
      PATH: `${folder}/bin:${process.env["PATH"] ?? ""}`,
      PACPOOL_RUN_DIR: join(folder, "run"),
      TERMINAL: "terminal",
      ...more,
    },
  });
}

function opened(): { readonly pid: number; readonly words: string } {
  const [pid = "", ...words] = readFileSync(join(folder, "opened"), "utf8").trim().split(" ");
  return { pid: Number(pid), words: words.join(" ") };
}

const untilOpened = () => eventually("a terminal", () => existsSync(join(folder, "opened")) || undefined);

/** Fields of /proc/PID/stat from the state on: state, parent, process group, session. */
function processOf(pid: number): readonly string[] {
  return (
    readFileSync(`/proc/${String(pid)}/stat`, "utf8")
      .split(") ")
      .at(-1)
      ?.split(" ") ?? []
  );
}

it("a left click opens this machine's plan, and the bar's SIGTERM to the click's group does not end it", async () => {
  writeFileSync(join(folder, "run/status.json"), '{"endpoint":"atlas"}');
  const clicked = click("waybar open plan --server here:7117");
  await untilOpened();
  const { pid, words } = opened();
  expect(words).toMatch(/^-e sh -c .* tui --server here:7117 --endpoint atlas --plan$/s);
  const [, , group, session] = processOf(pid);
  expect([group, session]).toEqual([String(pid), String(pid)]);
  try {
    process.kill(-(clicked.pid ?? 0), "SIGTERM");
  } catch {
    // The click itself has ended by then: there is no such group any more.
  }
  await eventually("the click to end", () => clicked.exitCode !== null || clicked.signalCode !== null || undefined);
  expect(processOf(pid)[0]).toBe("S");
});

it("a right click opens the screens there; without an agent it opens them where they begin", async () => {
  click("waybar open tui");
  await untilOpened();
  expect(opened().words).toMatch(/ tui$/);
});

it("where a user manager makes scopes the terminal runs in one", async () => {
  mkdirSync(join(folder, "runtime/systemd"), { recursive: true });
  writeFileSync(join(folder, "runtime/systemd/private"), "");
  program("systemd-run", `echo "$*" >>${folder}/scopes; while [ "$1" != -- ]; do shift; done; shift; exec "$@"`);
  click("waybar open tui", { XDG_RUNTIME_DIR: join(folder, "runtime") });
  await untilOpened();
  const [probe, whole] = readFileSync(join(folder, "scopes"), "utf8").split("\n");
  expect(probe).toMatch(/^--user --scope --collect .* true$/);
  expect(whole).toMatch(/^--user --scope --collect .*\/terminal -e sh -c/);
});

it("where the user manager refuses, a session of its own has to do", async () => {
  mkdirSync(join(folder, "runtime/systemd"), { recursive: true });
  writeFileSync(join(folder, "runtime/systemd/private"), "");
  program("systemd-run", "exit 1");
  click("waybar open tui", { XDG_RUNTIME_DIR: join(folder, "runtime") });
  await untilOpened();
  expect(processOf(opened().pid)[3]).toBe(String(opened().pid));
});

it("without any terminal it says what to set, also on the desktop", async () => {
  await using bus = await openPrivateBus();
  using daemon = await openNotificationDaemon(bus);
  mkdirSync(join(folder, "bare"));
  for (const needed of ["sh", "dirname", "readlink"]) symlinkSync(`/bin/${needed}`, join(folder, "bare", needed));
  const clicked = click("waybar open tui", {
    PATH: join(folder, "bare"),
    TERMINAL: "nosuch",
    DBUS_SESSION_BUS_ADDRESS: bus.address,
  });
  let said = "";
  clicked.stderr?.setEncoding("utf8").on("data", (part: string) => (said += part));
  const [code] = (await once(clicked, "close")) as [number];
  expect(code).toBe(1);
  expect(said).toContain("set TERMINAL");
  expect(daemon.told).toEqual([expect.objectContaining({ body: expect.stringContaining("set TERMINAL") })]);
});
