// Bringing pacman 7 without Debian's servers: what is used when it is there already, and what is said when it cannot be had.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("bring-pacman-7.sh", import.meta.url));
let folder: string;
let bin: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-bring-"));
  bin = join(folder, "programs");
  spawnSync("mkdir", [bin]);
  for (const tool of ["sh", "mkdir", "sed", "head", "cat", "rm", "id", "find", "dirname", "mv", "chmod"]) {
    symlinkSync(spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim(), join(bin, tool));
  }
});

afterEach(() => rmSync(folder, { recursive: true }));

function provide(name: string, text: string): void {
  writeFileSync(join(bin, name), `#!${join(bin, "sh")}\n${text}\n`, { mode: 0o755 });
}

function bring() {
  const result = spawnSync(join(bin, "sh"), [script, join(folder, "seven")], {
    encoding: "utf8",
    env: { PATH: bin, DEBIAN_KEYRING: script },
  });
  return { code: result.status, said: result.stdout + result.stderr };
}

const knowsMirror = `test "$1" = indextargets && echo "http://127.0.0.1:9/debian/ Debian" && exit 0`;

test("a machine whose own pacman is 7 uses that, and nothing is fetched", () => {
  provide("pacman", "echo ' .--.  Pacman v7.1.0 - libalpm v16.0.0'");
  provide("apt-get", `echo called >"${join(folder, "called")}"`);
  expect(bring()).toEqual({ code: 0, said: "" });
  expect(readdirSync(join(folder, "seven/bin"))).toEqual([]);
  expect(existsSync(join(folder, "called"))).toBe(false);
});

test("without a network it says so and what to do, and the next run tries again", () => {
  provide("pacman", "echo 'Pacman v6.0.2 - libalpm v13.0.2'");
  provide("dpkg-deb", "exit 0");
  provide("apt-get", `${knowsMirror}\necho "E: Could not resolve"; exit 100`);
  for (const _attempt of [1, 2]) {
    const { code, said } = bring();
    expect(code).toBe(1);
    expect(said).toContain("E: Could not resolve");
    expect(said).toContain("is there a network?");
    expect(said).toContain("run make again");
  }
  expect(existsSync(join(folder, "seven/.complete"))).toBe(false);
});

test("a machine with neither a new pacman nor apt-get is told which it lacks", () => {
  provide("pacman", "echo 'Pacman v6.0.2 - libalpm v13.0.2'");
  expect(bring()).toMatchObject({ code: 1, said: expect.stringContaining("no apt-get") });
});
