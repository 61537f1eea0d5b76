import { describe, expect, it } from "vitest";
import { type Consent, joinConsent, type Moment, mayBegin, type OwnConsent } from "./consent.ts";
import { parseWindow, type TimeWindow } from "./window.ts";

const SATURDAY = parseWindow("Sat 02:00-04:00") as TimeWindow;
const OWN: OwnConsent = { apply: "auto", reboot: "window", missedWindow: "now", windows: [] };
const SILENT = { apply: "", reboot: "", windows: [], missedWindow: "" };
/** Saturday 12:00, looked at a minute ago. */
const NOON: Moment = { clock: { day: 6, minute: 720 }, minutesSinceLook: 1, hasBooted: false, isShuttingDown: false };
const WINDOW: Consent = { apply: "window", reboot: "never", missedWindow: "next", windows: [[SATURDAY]] };

describe("joinConsent", () => {
  it("takes the stricter word of owner and pool, whoever says it", () => {
    expect(joinConsent(OWN, SILENT)).toMatchObject({ apply: "auto", reboot: "window", missedWindow: "now" });
    expect(joinConsent(OWN, { ...SILENT, apply: "ask", reboot: "never", missedWindow: "next" })).toMatchObject({
      apply: "ask",
      reboot: "never",
      missedWindow: "next",
    });
    expect(joinConsent({ ...OWN, apply: "never" }, { ...SILENT, apply: "auto" }).apply).toBe("never");
  });

  it("wants a window of the owner and one of the pool to be open at once", () => {
    const consent = joinConsent(
      { ...OWN, apply: "window", windows: [SATURDAY] },
      { ...SILENT, windows: ["daily 03:00-05:00"] },
    );
    const at = (minute: number) => mayBegin(consent, { ...NOON, clock: { day: 6, minute } }).kind;
    expect([at(2 * 60 + 30), at(3 * 60 + 30), at(4 * 60 + 30)]).toEqual(["wait", "go", "wait"]);
  });

  it("does not lose the owner's word over one of the pool that it cannot read", () => {
    expect(joinConsent(OWN, { ...SILENT, apply: "whenever", windows: ["sometimes"] })).toMatchObject({
      apply: "auto",
      windows: [],
    });
  });
});

describe("mayBegin", () => {
  it("lets what a person started begin at once under ask and auto", () => {
    for (const apply of ["ask", "auto"] as const) expect(mayBegin({ ...WINDOW, apply }, NOON).kind).toBe("go");
  });

  it("waits for the window, and says for which and how long", () => {
    expect(mayBegin(WINDOW, NOON)).toEqual({
      kind: "wait",
      why: "waits for its window (Sat 02:00-04:00)",
      minutes: 7 * 24 * 60 - 600,
    });
    expect(mayBegin(WINDOW, { ...NOON, clock: { day: 6, minute: 130 } }).kind).toBe("go");
  });

  it("waits for ever without any window, and says that", () => {
    expect(mayBegin({ ...WINDOW, windows: [] }, NOON)).toMatchObject({ kind: "wait", minutes: undefined });
  });

  describe("after the machine slept through its window", () => {
    const slept: Moment = { ...NOON, minutesSinceLook: 24 * 60 };
    it.each([
      ["next", {}, "wait"],
      ["now", {}, "go"],
      ["boot", {}, "wait"],
      ["boot", { hasBooted: true }, "go"],
      ["shutdown", {}, "wait"],
      ["shutdown", { isShuttingDown: true }, "go"],
    ] as const)("missed-window = %s with %j: %s", (missedWindow, more, expected) => {
      expect(mayBegin({ ...WINDOW, missedWindow }, { ...slept, ...more }).kind).toBe(expected);
    });

    it("has missed nothing when it looked after the window had closed", () => {
      expect(mayBegin({ ...WINDOW, missedWindow: "now" }, { ...NOON, minutesSinceLook: 60 }).kind).toBe("wait");
    });
  });

  it("waits for the shutdown where the owner wants that", () => {
    expect(mayBegin({ ...WINDOW, apply: "shutdown" }, NOON).kind).toBe("wait");
    expect(mayBegin({ ...WINDOW, apply: "shutdown" }, { ...NOON, isShuttingDown: true }).kind).toBe("go");
  });
});
