import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { batteryPercent } from "./power.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "power-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function supply(name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
}

test("a machine without a battery, or without that folder, is not on one", () => {
  expect(batteryPercent(folder)).toBeUndefined();
  expect(batteryPercent(join(folder, "none"))).toBeUndefined();
});

test("a laptop that is not plugged in says how full its fullest battery is", () => {
  supply("AC", { type: "Mains", online: "0" });
  supply("BAT0", { type: "Battery", status: "Discharging", capacity: "12" });
  supply("BAT1", { type: "Battery", status: "Discharging", capacity: "40" });
  expect(batteryPercent(folder)).toBe(40);
});

test("one that is plugged in, or charges over a port that does not say so, is not on its battery", () => {
  supply("BAT0", { type: "Battery", status: "Charging", capacity: "12" });
  expect(batteryPercent(folder)).toBeUndefined();
  rmSync(join(folder, "BAT0"), { recursive: true });
  supply("BAT0", { type: "Battery", status: "Not charging", capacity: "12" });
  supply("ucsi", { type: "USB", online: "1" });
  expect(batteryPercent(folder)).toBeUndefined();
});

test("the battery of a mouse is none of the machine's", () => {
  supply("hidpp", { type: "Battery", scope: "Device", status: "Discharging", capacity: "5" });
  expect(batteryPercent(folder)).toBeUndefined();
});
