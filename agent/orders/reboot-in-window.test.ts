import { pino } from "pino";
import { expect, test } from "vitest";
import type { Consent } from "../../domain/consent/consent.ts";
import { parseWindow } from "../../domain/consent/window.ts";
import { EMPTY_ORDER_BOOK, type OperationResult, type OrderBook } from "./order-book.ts";
import { makeRebooter, type RebootOptions } from "./reboot-in-window.ts";

const WINDOWS = [["Sat 02:00-04:00"].flatMap((text) => parseWindow(text) ?? [])];
const CONSENT: Consent = { apply: "window", reboot: "window", missedWindow: "next", windows: WINDOWS };
const DONE: OperationResult = {
  operationId: "o",
  fence: 1,
  state: "succeeded",
  problems: [],
  digest: "d",
  startedAtMs: 1_000,
  finishedAtMs: 2_000,
};
const TOLD: OrderBook = { ...EMPTY_ORDER_BOOK, last: DONE };
const IN_WINDOW = { day: 6, minute: 150 };

async function restarts(more: Partial<RebootOptions> = {}): Promise<number> {
  let count = 0;
  const reboot = makeRebooter({
    consent: () => CONSENT,
    book: () => TOLD,
    isRebootRequired: () => true,
    isPacmanAtWork: () => Promise.resolve(false),
    bootedAtMs: 0,
    restart: () => {
      count += 1;
      return Promise.resolve();
    },
    now: () => 3_000,
    wallClock: () => IN_WINDOW,
    log: pino({ level: "silent" }),
    ...more,
  });
  await Promise.all([reboot(), reboot()]);
  await reboot();
  return count;
}

test("a machine whose operation asks for it restarts in its window, once", async () => {
  expect(await restarts()).toBe(1);
});

test.each<[string, Partial<RebootOptions>]>([
  ["outside of its window", { wallClock: () => ({ day: 6, minute: 500 }) }],
  ["when nobody names a window", { consent: () => ({ ...CONSENT, windows: [] }) }],
  ["when owner or pool say ask or never", { consent: () => ({ ...CONSENT, reboot: "ask" }) }],
  ["when nothing asks for it", { isRebootRequired: () => false }],
  ["for what was done before its last start", { bootedAtMs: 2_500 }],
  ["when the proof failed: a person must look", { book: () => ({ ...TOLD, last: { ...DONE, state: "degraded" } }) }],
  ["under a pacman that somebody runs meanwhile", { isPacmanAtWork: () => Promise.resolve(true) }],
  ["before the server knows how the operation ended", { book: () => ({ ...TOLD, results: [DONE] }) }],
])("it does not restart %s", async (_when, more) => {
  expect(await restarts(more)).toBe(0);
});

test("a server that does not take the result is not waited for for ever", async () => {
  expect(await restarts({ book: () => ({ ...TOLD, results: [DONE] }), now: () => 400_000 })).toBe(1);
});
