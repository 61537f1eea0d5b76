import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationError, effectiveApply, loadAgentConfig } from "./config.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-config-"));
  file = join(folder, "agent.toml");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function load(toml: string, environment: Record<string, string> = {}, userId = 0) {
  writeFileSync(file, toml);
  return loadAgentConfig({ config: file }, { userId, home: "/home/ada", environment });
}

function complaint(toml: string, environment: Record<string, string> = {}): string {
  try {
    load(toml, environment);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.message;
    }
    throw error;
  }
  return "";
}

test("on the real root nothing is applied until the owner says so; another root asks", () => {
  expect(effectiveApply(undefined, "/")).toBe("never");
  expect(effectiveApply(undefined, "//")).toBe("never");
  expect(effectiveApply(undefined, "/srv/root")).toBe("ask");
  expect(effectiveApply("auto", "/")).toBe("auto");
});

test("root keeps state and socket in the system's folders, a user in the XDG ones", () => {
  expect(load("")).toMatchObject({
    stateDir: "/var/lib/pacpool",
    runDir: "/run/pacpool",
    pacmanConfig: "/etc/pacman.conf",
  });
  expect(load("", { XDG_RUNTIME_DIR: "/run/user/1000" }, 1000)).toMatchObject({
    stateDir: "/home/ada/.local/state/pacpool",
    runDir: "/run/user/1000/pacpool",
  });
});

test("an agent with a state folder of its own has a socket of its own", () => {
  expect(load('state_dir = "/srv/two"').runDir).toBe("/srv/two/run");
});

test("a variable wins over the file, a flag over both", () => {
  const toml = 'server = "file:1"\napply = "ask"\nmissed-window = "next"';
  expect(load(toml, { PACPOOL_APPLY: "auto" })).toMatchObject({
    server: "file:1",
    apply: "auto",
    missedWindow: "next",
  });
  const surroundings = { userId: 0, home: "/", environment: { PACPOOL_SERVER: "variable:2" } };
  expect(loadAgentConfig({ config: file }, surroundings).server).toBe("variable:2");
  expect(loadAgentConfig({ config: file, server: "flag:3" }, surroundings).server).toBe("flag:3");
});

test("an operator's key file does not become the machine's identity", () => {
  expect(load("", { PACPOOL_KEY_FILE: "/home/ada/key" }).keyFile).toBeUndefined();
});

test("a wrong value is named with file, key and what is allowed", () => {
  expect(complaint('apply = "sometimes"')).toBe(
    `${file}: apply must be one of never, ask, window, shutdown, auto, not "sometimes"`,
  );
  expect(complaint("", { PACPOOL_REBOOT: "yes" })).toBe(
    'environment: PACPOOL_REBOOT must be one of never, ask, window, not "yes"',
  );
  expect(complaint('server = "nohost"')).toBe(`${file}: server must be HOST:PORT, not "nohost"`);
});

test("a value of another kind is named with the kind that is wanted", () => {
  expect(complaint("state_dir = 5")).toBe(`${file}: state_dir must be a string, not 5`);
});

test("a list is written as one in the file and with commas in a variable", () => {
  const [one, two] = ["a".repeat(64), "b".repeat(64)];
  expect(load(`unsigned_allowed = ["${one}"]`).unsignedAllowed).toEqual([one]);
  expect(load("", { PACPOOL_UNSIGNED_ALLOWED: `${one}, ${two}` }).unsignedAllowed).toEqual([one, two]);
  expect(complaint('unsigned_allowed = ["abc"]')).toMatch(/agent\.toml: unsigned_allowed must be SHA-256 digests/);
});

test("an upload rate has a unit, and an archive a place for the file", () => {
  expect(load('upload_rate = "500K"').uploadRate).toBe(512_000);
  expect(load("").uploadRate).toBe(1024 * 1024);
  expect(complaint('upload_rate = "fast"')).toMatch(/upload_rate must be bytes a second, such as 500K or 2M/);
  expect(load('archive = "https://archive.example/{filename}"').archive).toBe("https://archive.example/{filename}");
  expect(complaint('archive = "https://archive.example/"')).toMatch(/archive must be a URL with \{filename\}/);
});

test("an unknown key is named with the known ones", () => {
  expect(complaint("aply = 1")).toMatch(/agent\.toml: unknown key aply; known are server, ca, key_file, .*apply/);
});

test("a file that is not TOML is named with line and column", () => {
  expect(complaint("apply = \n")).toMatch(/agent\.toml:1:\d+: this is not TOML/);
});

test("a file that a flag names must be there; the default one need not", () => {
  const surroundings = { userId: 0, home: "/", environment: {} };
  expect(() => loadAgentConfig({ config: join(folder, "none.toml") }, surroundings)).toThrow(
    /none\.toml failed: ENOENT/,
  );
  expect(loadAgentConfig({}, surroundings).apply).toBeUndefined();
});
