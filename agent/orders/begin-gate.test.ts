import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Consent } from "../../domain/consent/consent.ts";
import { parseWindow } from "../../domain/consent/window.ts";
import type { Plan } from "../../domain/plan/plan.ts";
import { type BeginGateOptions, openBeginGate } from "./begin-gate.ts";
import type { Order } from "./order-book.ts";

const MINUTE = 60_000;
const SATURDAY = ["Sat 02:00-04:00"].flatMap((text) => parseWindow(text) ?? []);
const ANY: Consent = { apply: "ask", reboot: "never", missedWindow: "now", windows: [] };
const WINDOW: Consent = { ...ANY, apply: "window", windows: [SATURDAY] };
const ORDER: Order = { operationId: "o", fence: 1, plan: { downloadBytes: 10 } as Plan, hasBegun: false };

let stateDir: string;
/** Minutes since Sunday 00:00. */
let minute: number;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "gate-"));
  minute = 0;
});

afterEach(() => {
  rmSync(stateDir, { recursive: true });
});

function gate(more: Partial<BeginGateOptions> = {}) {
  return openBeginGate({
    stateDir,
    bootId: "boot-1",
    consent: () => ANY,
    isMetered: () => Promise.resolve(false),
    battery: () => undefined,
    leastBattery: 30,
    now: () => minute * MINUTE,
    wallClock: (ms) => ({ day: Math.floor(ms / MINUTE / 1_440) % 7, minute: (ms / MINUTE) % 1_440 }),
    ...more,
  });
}

const SATURDAY_MIDNIGHT = 6 * 1_440;

test("an operation waits for its window and begins in it", async () => {
  const asked = gate({ consent: () => WINDOW });
  minute = SATURDAY_MIDNIGHT;
  expect(await asked.ask(ORDER)).toMatchObject({ kind: "wait", minutes: 120 });
  minute = SATURDAY_MIDNIGHT + 125;
  expect(await asked.ask(ORDER)).toEqual({ kind: "go" });
});

test("a window that passed while nobody looked is known as missed, by the next agent as well", async () => {
  minute = SATURDAY_MIDNIGHT;
  await gate({ consent: () => WINDOW }).ask(ORDER);
  minute = SATURDAY_MIDNIGHT + 300;
  const next = gate({ consent: () => ({ ...WINDOW, missedWindow: "next" }) });
  expect((await next.ask(ORDER)).kind).toBe("wait");
  minute = SATURDAY_MIDNIGHT;
  await gate({ consent: () => WINDOW }).ask(ORDER);
  minute = SATURDAY_MIDNIGHT + 300;
  expect((await gate({ consent: () => WINDOW }).ask(ORDER)).kind).toBe("go");
});

test("each of several orders that wait knows its own missed window", async () => {
  const asked = gate({ consent: () => WINDOW });
  const other: Order = { ...ORDER, operationId: "p" };
  minute = SATURDAY_MIDNIGHT;
  for (const order of [ORDER, other]) expect((await asked.ask(order)).kind).toBe("wait");
  minute = SATURDAY_MIDNIGHT + 300;
  for (const order of [ORDER, other]) expect((await asked.ask(order)).kind).toBe("go");
});

test("a note that cannot be written costs no operation", async () => {
  mkdirSync(join(stateDir, "waiting.json"));
  expect((await gate().ask(ORDER)).kind).toBe("go");
});

test("a restart of the machine counts as a boot for what came before it", async () => {
  const boot: Consent = { ...WINDOW, missedWindow: "boot" };
  minute = SATURDAY_MIDNIGHT;
  await gate({ consent: () => boot }).ask(ORDER);
  minute = SATURDAY_MIDNIGHT + 300;
  expect((await gate({ consent: () => boot, bootId: "boot-2" }).ask(ORDER)).kind).toBe("go");
});

test("what waits for the shutdown begins when the machine goes down", async () => {
  const asked = gate({ consent: () => ({ ...ANY, apply: "shutdown" }) });
  expect((await asked.ask(ORDER)).kind).toBe("wait");
  asked.shutDown();
  expect((await asked.ask(ORDER)).kind).toBe("go");
});

test("a machine on a low battery waits, and one that is plugged in does not", async () => {
  let percent: number | undefined = 12;
  const asked = gate({ battery: () => percent });
  expect(await asked.ask(ORDER)).toMatchObject({ kind: "wait", why: expect.stringContaining("12 %") as string });
  percent = undefined;
  expect(await asked.ask(ORDER)).toEqual({ kind: "go" });
});

test("over a metered network only what must be downloaded waits", async () => {
  const asked = gate({ isMetered: () => Promise.resolve(true) });
  expect((await asked.ask(ORDER)).kind).toBe("wait");
  expect((await asked.ask({ ...ORDER, plan: { downloadBytes: 0 } as Plan })).kind).toBe("go");
});

test("a person at the machine and a repair wait for nothing", async () => {
  const asked = gate({ consent: () => WINDOW, battery: () => 1 });
  expect((await asked.ask({ ...ORDER, isLocal: true })).kind).toBe("go");
  expect((await asked.ask({ ...ORDER, fence: 2 })).kind).toBe("go");
});
