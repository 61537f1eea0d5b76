import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readElfNeeds } from "./elf-needs.ts";
import { missingLibraries } from "./missing-libraries.ts";

/** A small dynamic program that every machine with these tests has; the loader itself is the oracle. */
const PROGRAM = "/usr/bin/vercmp";

let rootDir: string;

beforeEach(() => {
  rootDir = mkdtempSync(join(tmpdir(), "pacpool-elf-"));
  for (const folder of ["usr/bin", "usr/lib", "opt/private"]) mkdirSync(join(rootDir, folder), { recursive: true });
});

afterEach(() => {
  rmSync(rootDir, { recursive: true, force: true });
});

it("reads what the loader loads", () => {
  const loaded = execFileSync(PROGRAM, { env: { LD_TRACE_LOADED_OBJECTS: "1" }, encoding: "utf8" });
  const needed = readElfNeeds(PROGRAM)?.needed ?? [];
  expect(needed).toContain("libc.so.6");
  for (const soname of needed) expect(loaded).toContain(soname);
});

it("knows no needs of scripts, empty files and garbage behind an ELF's first bytes", () => {
  const head = Buffer.from("7f454c46020101", "hex");
  for (const content of ["#!/bin/sh\n", "", Buffer.concat([head, Buffer.alloc(57, 0xff)])]) {
    writeFileSync(join(rootDir, "usr/bin/odd"), content);
    expect(readElfNeeds(join(rootDir, "usr/bin/odd"))).toBeUndefined();
  }
});

it("names each library that a program misses, and none that is there, also by the loader's configuration", () => {
  copyFileSync(PROGRAM, join(rootDir, "usr/bin/vercmp"));
  const [first = "", ...others] = readElfNeeds(PROGRAM)?.needed ?? [];
  const place = (folder: string, soname: string): void => writeFileSync(join(rootDir, folder, soname), "");
  for (const soname of others) place("usr/lib", soname);
  expect(missingLibraries(rootDir)).toEqual([`/usr/bin/vercmp needs the library ${first}, which is not there`]);
  symlinkSync("gone", join(rootDir, "usr/lib", first));
  expect(missingLibraries(rootDir)).toHaveLength(1);
  mkdirSync(join(rootDir, "etc/ld.so.conf.d"), { recursive: true });
  writeFileSync(join(rootDir, "etc/ld.so.conf.d/private.conf"), "/opt/private\n");
  place("opt/private", first);
  expect(missingLibraries(rootDir)).toEqual([]);
});
