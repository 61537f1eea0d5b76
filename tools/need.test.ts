// What the Makefile says and does when programs are missing, on Debian and on Arch, as root and as anybody else.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = fileURLToPath(new URL("need.sh", import.meta.url));
const pacmanGroup = ["pacman", "repo-add", "vercmp", "bsdtar", "busybox", "zstd", "gpg"];
let bin: string;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "pacpool-need-"));
  for (const tool of ["sh", "cut", "mktemp", "rm", "cat"]) {
    symlinkSync(spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim(), join(bin, tool));
  }
});

afterEach(() => rmSync(bin, { recursive: true }));

function provide(name: string, script = "exit 0"): void {
  writeFileSync(join(bin, name), `#!${join(bin, "sh")}\n${script}\n`, { mode: 0o755 });
}

/** Its arguments go to a file, one call a line. */
function provideRecorder(name: string, exitCode = 0): void {
  provide(name, `echo "${name} $*" >>"${join(bin, "calls")}"\nexit ${exitCode}`);
}

const calls = () => (existsSync(join(bin, "calls")) ? readFileSync(join(bin, "calls"), "utf8").trim().split("\n") : []);

function need(user: number, ...groups: readonly string[]) {
  provide("id", `echo ${user}`);
  const result = spawnSync(join(bin, "sh"), [script, ...groups], { encoding: "utf8", env: { PATH: bin } });
  return { code: result.status, said: result.stdout + result.stderr };
}

test("with everything there it says nothing and installs nothing", () => {
  provideRecorder("apt-get");
  for (const program of pacmanGroup) provide(program);
  expect(need(0, "pacman")).toEqual({ code: 0, said: "" });
  expect(calls()).toEqual([]);
});

test("an ordinary user on Debian is told the exact command", () => {
  provideRecorder("apt-get");
  for (const program of pacmanGroup.filter((name) => name !== "zstd")) provide(program);
  const { code, said } = need(1000, "pacman", "test");
  expect(code).not.toBe(0);
  expect(said).toContain(
    "sudo apt-get install -y --no-install-recommends zstd redis-server tmux zsh fish groff-base\n",
  );
  expect(calls()).toEqual([]);
});

test("root on Debian gets the missing packages, each once, from fresh lists", () => {
  provideRecorder("apt-get");
  expect(need(0, "pacman").code).toBe(0);
  expect(calls()).toEqual([
    "apt-get update",
    "apt-get install -y --no-install-recommends pacman-package-manager makepkg libarchive-tools busybox-static zstd gnupg",
  ]);
});

test("root on Arch gets Arch's names, without a refresh that would leave it partially upgraded", () => {
  provideRecorder("pacman");
  expect(need(0, "pacman", "test").code).toBe(0);
  expect(calls()).toEqual([
    "pacman -S --needed --noconfirm pacman libarchive busybox zstd gnupg valkey tmux zsh fish groff",
  ]);
});

test("on Arch a valkey-server is as good as a redis-server", () => {
  for (const program of [...pacmanGroup, "valkey-server", "tmux", "zsh", "fish", "groff"]) provide(program);
  expect(need(0, "pacman", "test")).toEqual({ code: 0, said: "" });
});

test("an installation that fails is shown and is a failure", () => {
  provide("apt-get", 'test "$1" = update || { echo "E: no space"; exit 100; }');
  const { code, said } = need(0, "test");
  expect(code).not.toBe(0);
  expect(said).toContain("E: no space");
});

test("a machine with neither package manager is told what it lacks", () => {
  const { code, said } = need(0, "test");
  expect(code).not.toBe(0);
  expect(said).toContain("neither apt-get nor pacman");
});

test("an unknown group is a mistake in the Makefile", () => {
  provideRecorder("apt-get");
  expect(need(0, "tset")).toMatchObject({ code: 2, said: expect.stringContaining("tset") });
});
