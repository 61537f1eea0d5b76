// Programs with systemd's names stand for systemd here: they do what theirs do with the command, and can refuse.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planRun, startDetached, waitForRun } from "./process.ts";
import { shelterFor } from "./shelter.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shelter-"));
  mkdirSync(join(folder, "bin"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Notes its options, then runs the command that follows them. */
function program(name: string, refuses = "no"): string {
  const file = join(folder, "bin", name);
  const script = `#!/bin/sh
case "$*" in *${refuses}*) exit 1;; esac
while [ "\${1#--}" != "$1" ]; do echo "${name} $1" >>"${folder}/said"; shift; done
exec "$@"
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  return file;
}

function asked(rootDir = "/", systemdDir = folder) {
  return shelterFor({ rootDir, operationId: "op/1;x", systemdDir, folder: join(folder, "bin") });
}

test("a transaction on the running system gets a scope and an inhibitor, and runs in both", async () => {
  program("systemd-run");
  program("systemd-inhibit");
  const shelter = await asked();
  rmSync(join(folder, "said"));
  const run = planRun(join(folder, "run"));
  await startDetached(run, [...shelter, "sh", "-c", "exit 7"]);
  expect(await waitForRun(run)).toEqual({ kind: "exited", code: 7 });
  const said = readFileSync(join(folder, "said"), "utf8");
  expect(said).toContain("systemd-run --unit=pacpool-op1x");
  expect(said).toContain("systemd-inhibit --mode=block");
});

test("a stop of the scope is no signal that pacman dies of, where systemd lets that be said", async () => {
  program("systemd-run");
  program("systemd-inhibit");
  expect((await asked()).join(" ")).toContain("--property=KillSignal=SIGCONT");
  program("systemd-run", "KillSignal");
  const plain = await asked();
  expect(plain[0]).toContain("systemd-run");
  expect(plain.join(" ")).not.toContain("KillSignal");
});

test("where blocking is refused it delays, and where nothing is allowed it goes without", async () => {
  program("systemd-run");
  program("systemd-inhibit", "block");
  expect((await asked()).join(" ")).toContain("--mode=delay");
  program("systemd-inhibit", "true");
  program("systemd-run", "true");
  expect(await asked()).toEqual([]);
});

test("without systemd, and for another root than the running system's, there is none", async () => {
  program("systemd-run");
  program("systemd-inhibit");
  expect(await asked("/", join(folder, "not-there"))).toEqual([]);
  expect(await asked("/mnt")).toEqual([]);
});
