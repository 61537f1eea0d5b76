// The running kernel: which package it is from, and whether its modules are still on disk.
import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";

/** The package that owns the running kernel's modules; undefined in containers and for other roots than /. */
export function runningKernelPackage(rootDir: string): string | undefined {
  if (rootDir !== "/") return undefined;
  try {
    return readFileSync(`/usr/lib/modules/${release()}/pkgbase`, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** True once an upgrade took the running kernel's modules away: nothing new can be loaded until the reboot. */
export function isRebootRequired(rootDir: string): boolean {
  if (rootDir !== "/") return false;
  // A machine whose modules were never here is a container, not one that needs a reboot.
  return (
    existsSync("/usr/lib/modules") && !existsSync(`/usr/lib/modules/${release()}`) && existsSync("/boot/vmlinuz-linux")
  );
}
