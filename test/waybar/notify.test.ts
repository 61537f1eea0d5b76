// `pacpool notify` by the built program, on a real session bus of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { eventually } from "../support/eventually.ts";
import { endProcess, openNotificationDaemon, openPrivateBus, type PrivateBus } from "../support/notification-daemon.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let folder: string;
let bus: PrivateBus;
const running: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-notify-"));
  for (const name of ["run", "bin", ".config/pacpool"]) mkdirSync(join(folder, name), { recursive: true });
  configure("enabled = true");
  bus = await openPrivateBus();
  report({});
});

afterEach(async () => {
  await Promise.all(running.splice(0).map(endProcess));
  await bus.end();
  rmSync(folder, { recursive: true });
});

const configure = (text: string): void => {
  writeFileSync(join(folder, ".config/pacpool/config.toml"), `[notifications]\n${text}\n`);
};

function report(more: Partial<StatusSummary>): void {
  const whole: StatusSummary = {
    endpoint: "atlas",
    pool: "home",
    status: "in-sync",
    counts: NO_DRIFT,
    targetRevision: 7,
    reasons: [],
    reportedAtMs: Date.now(),
    ...more,
  };
  writeFileSync(join(folder, "run/new"), JSON.stringify(whole));
  renameSync(join(folder, "run/new"), join(folder, "run/status.json"));
}

const behind = { status: "behind", counts: { ...NO_DRIFT, older: 12 }, targetRevision: 8 } as const;

function notify(more: Readonly<Record<string, string>> = {}): { readonly child: ChildProcess; said: () => string } {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL|XDG|DBUS|TERMINAL)/.test(name));
  const child = spawn(launcher, ["notify"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...Object.fromEntries(inherited),
      HOME: folder,
      PATH: `${folder}/bin:${process.env["PATH"] ?? ""}`,
      PACPOOL_RUN_DIR: join(folder, "run"),
      DBUS_SESSION_BUS_ADDRESS: bus.address,
      NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache"),
      ...more,
    },
  });
  running.push(child);
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text += part));
  return { child, said: () => text };
}

const basis = (): string => join(folder, ".local/state/pacpool/told.json");
const untilKnown = (what: string) =>
  eventually(
    `it to know ${what}`,
    () => (existsSync(basis()) && readFileSync(basis(), "utf8").includes(what)) || undefined,
  );

async function ended({
  child,
  said,
}: ReturnType<typeof notify>): Promise<readonly [code: number | null, said: string]> {
  const [code] = child.exitCode === null ? ((await once(child, "close")) as [number]) : [child.exitCode];
  return [code, said()];
}

it("tells a new target and what it means in one notification, with what can be pressed, and the next in its place", async () => {
  using daemon = await openNotificationDaemon(bus);
  notify();
  await untilKnown('"in-sync"');
  report({ ...behind, message: "May <b>& more" });
  const first = await daemon.untilTold(1);
  expect(first).toMatchObject({
    replaces: 0,
    title: "atlas is behind",
    body: "12 older\nNew target 8 for home: May &lt;b&gt;&amp; more",
    actions: ["default", "Open", "plan", "Show plan", "tui", "Open pacpool"],
    urgency: 1,
  });
  report({ ...behind, status: "syncing" });
  await untilKnown('"syncing"');
  report({ targetRevision: 8, rebootRequired: true });
  const second = await daemon.untilTold(2);
  expect(second).toMatchObject({ replaces: first.id, title: "atlas wants a reboot" });
  expect(second.body).toContain("atlas is in sync: Target 8");
  expect(second.atMs - first.atMs).toBeGreaterThan(2_500);
});

it("opens the plan in a terminal of its own when that is pressed, and begins anew after that", async () => {
  const opened = join(folder, "opened");
  writeFileSync(join(folder, "bin/term"), `#!/bin/sh\necho "$*" >${opened}.new; mv ${opened}.new ${opened}\n`, {
    mode: 0o755,
  });
  using daemon = await openNotificationDaemon(bus, []);
  notify({ TERMINAL: "term" });
  await untilKnown('"in-sync"');
  report({ status: "degraded", reasons: ["a <hook> failed"] });
  const told = await daemon.untilTold(1);
  // A daemon without markup shows what it is given, one without actions is given none.
  expect(told).toMatchObject({ title: "atlas is degraded", body: "a <hook> failed", actions: [], urgency: 2 });
  daemon.press(told.id, "plan");
  await eventually("a terminal", () => existsSync(opened) || undefined);
  expect(readFileSync(opened, "utf8")).toMatch(/ tui --endpoint atlas --plan$/m);
});

it("tells only what is wished, what happened while nobody was there, and nothing a second time", async () => {
  configure("target = true");
  using daemon = await openNotificationDaemon(bus);
  const first = notify();
  await untilKnown('"in-sync"');
  await endProcess(first.child);
  report({ ...behind });
  const second = notify();
  expect((await daemon.untilTold(1)).body).toBe("");
  await endProcess(second.child);
  notify();
  report({ ...behind, targetRevision: 9 });
  await daemon.untilTold(2);
  expect(daemon.told.map(({ title }) => title)).toEqual(["New target 8 for home", "New target 9 for home"]);
});

it("is one of a session, however many are started, and waits for a daemon that comes late", async () => {
  const first = notify();
  await untilKnown('"in-sync"');
  expect(await ended(notify())).toEqual([0, "Another pacpool of this session notifies already.\n"]);
  report(behind);
  await untilKnown('"behind"');
  using daemon = await openNotificationDaemon(bus);
  expect(await daemon.untilTold(1)).toMatchObject({ title: "atlas is behind" });
  expect(first.said()).toBe("");
});

it("ends quietly without a bus, with the bus, and where nothing is wished", async () => {
  const alone = notify({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/nothing` });
  expect(await ended(alone)).toEqual([0, "There is no session bus: there is no desktop to notify.\n"]);
  const until = notify();
  await untilKnown('"in-sync"');
  await bus.end();
  expect((await ended(until))[0]).toBe(0);
  configure("enabled = false");
  expect((await ended(notify()))[1]).toContain("Notifications are off");
});
