import { describe, expect, it } from "vitest";
import {
  isOpen,
  minutesSinceClosed,
  minutesUntilOpen,
  parseWindow,
  type TimeWindow,
  type WallClock,
} from "./window.ts";

function window(text: string): TimeWindow {
  const parsed = parseWindow(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function at(text: string): WallClock {
  const [day = "", time = ""] = text.split(" ");
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return { day: DAYS.indexOf(day), minute: hours * 60 + minutes };
}

describe("a window", () => {
  it.each([
    ["Sat 02:00-04:00", "Sat 02:00", true],
    ["Sat 02:00-04:00", "Sat 03:59", true],
    ["Sat 02:00-04:00", "Sat 04:00", false],
    ["Sat 02:00-04:00", "Sun 03:00", false],
    ["daily 03:00-05:00", "Wed 04:00", true],
    ["Mon-Fri 22:00-04:00", "Fri 23:00", true],
    ["Mon-Fri 22:00-04:00", "Sat 03:00", true],
    ["Mon-Fri 22:00-04:00", "Mon 03:00", false],
    ["sat,sun 00:00-24:00", "Sun 23:59", true],
    ["Fri-Mon 10:00-11:00", "Sun 10:30", true],
    ["Sat 23:00-01:00", "Sun 00:30", true],
  ])("%s is at %s open: %s", (text, clock, expected) => {
    expect(isOpen(window(text), at(clock))).toBe(expected);
  });

  it("says when it opens and how long ago it closed, over the end of the week", () => {
    const night = window("Sat 23:00-01:00");
    expect(minutesUntilOpen(night, at("Sat 22:30"))).toBe(30);
    expect(minutesUntilOpen(night, at("Sun 00:30"))).toBe(0);
    expect(minutesUntilOpen(night, at("Sun 01:00"))).toBe(7 * 24 * 60 - 120);
    expect(minutesSinceClosed(night, at("Sun 01:10"))).toBe(10);
    expect(minutesSinceClosed(night, at("Sat 23:10"))).toBe(0);
  });

  it.each([
    "",
    "Sat",
    "02:00-04:00",
    "Caturday 02:00-04:00",
    "Sat 25:00-26:00",
    "Sat 02:00-02:00",
    "Sat-Sun-Mon 1:00-2:00",
  ])("cannot be %j", (text) => {
    expect(parseWindow(text)).toBeUndefined();
  });
});
