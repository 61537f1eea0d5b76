import { expect, test } from "vitest";
import { driverWarnings } from "./driver-warnings.ts";
import type { PlanStep } from "./plan.ts";
import { computeWarnings } from "./warnings.ts";

function step(name: string, action: PlanStep["action"] = "upgrade"): PlanStep {
  return {
    action,
    name,
    fromVersion: action === "install" ? "" : "1-1",
    toVersion: action === "remove" ? "" : "2-1",
    repository: "core",
    architecture: "x86_64",
    buildDate: 0,
    downloadBytes: 0,
    why: "",
  };
}

const nothing = { foreign: new Set<string>(), kernelPackage: undefined };

test("systemd counts as a boot loader only where its own is in use", () => {
  const loaderLines = (hasSystemdBoot: boolean): readonly string[] =>
    computeWarnings({ ...nothing, steps: [step("systemd")], hasSystemdBoot }).filter((line) => line.includes("loader"));
  expect(loaderLines(false)).toEqual([]);
  expect(loaderLines(true)).toEqual([expect.stringContaining("the boot loader changes (systemd)")]);
});

test("a kernel that comes or goes asks for the boot loader's menu", () => {
  const lines = computeWarnings({ ...nothing, steps: [step("linux-lts", "install"), step("linux-zen", "remove")] });
  expect(lines).toEqual([
    "kernel linux-lts comes: the boot loader's menu may have to be written again",
    "kernel linux-zen goes: the boot loader's menu may have to be written again",
  ]);
});

test("edited configuration is told apart by what becomes of its package, and long lists are counted", () => {
  const edited = Array.from({ length: 12 }, (_, index) => ({ name: "app", path: `/etc/app/${index}` }));
  const lines = computeWarnings({
    ...nothing,
    steps: [step("app"), step("old", "remove")],
    edited: [...edited, { name: "old", path: "/etc/old.conf" }],
  });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/comes as \.pacnew: \/etc\/app\/0, .*\/etc\/app\/9 and 2 more$/);
  expect(lines[1]).toBe("edited configuration of removed packages becomes .pacsave: /etc/old.conf");
});

test("DKMS is named with its modules, and missing headers are said before they are missed", () => {
  const after = new Set(["linux", "nvidia-dkms", "zfs-dkms"]);
  const [lacking] = driverWarnings({ steps: [step("linux")], after });
  expect(lacking).toBe("linux-headers is not installed, so DKMS cannot build nvidia-dkms, zfs-dkms for linux 2-1");
  const [building] = driverWarnings({ steps: [step("linux")], after: new Set([...after, "linux-headers"]) });
  expect(building).toMatch(/^DKMS builds nvidia-dkms, zfs-dkms for linux 2-1/);
  expect(driverWarnings({ steps: [step("app")], after })).toEqual([]);
});

test("a prebuilt module that stays behind its kernel is named, one that moves along is not", () => {
  const after = new Set(["linux", "linux-lts", "nvidia", "nvidia-lts", "linux612", "linux612-zfs"]);
  const stays = (...names: readonly string[]): readonly string[] =>
    driverWarnings({ steps: names.map((name) => step(name)), after }).filter((line) => line.includes("stays as it is"));
  expect(stays("linux")).toEqual(["nvidia stays as it is while linux becomes 2-1: its modules are of the old kernel"]);
  expect(stays("linux", "nvidia")).toEqual([]);
  expect(stays("linux612")).toEqual([expect.stringContaining("linux612-zfs stays as it is while linux612")]);
});

test("a graphics driver that changes is said, one that is new is not", () => {
  const lines = driverWarnings({ steps: [step("nvidia-utils"), step("nvidia-open", "install")], after: new Set() });
  expect(lines).toEqual([expect.stringContaining("the graphics driver changes (nvidia-utils)")]);
});
