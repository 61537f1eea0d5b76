// The running kernel: which package it is from.
import { readFileSync } from "node:fs";
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
