// What scripts rely on when there is no server, no key or nonsense on the command line.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPerson, type Person } from "./run-pacpool.ts";

/** Nobody listens on the discard port of loopback. */
const NOBODY = "127.0.0.1:9";

let person: Person;
beforeEach(() => {
  person = openPerson({ server: NOBODY, key: `ppk_1_${"a".repeat(40)}` });
});
afterEach(() => {
  person[Symbol.dispose]();
});

describe("exit code 2", () => {
  test.each([
    [["frobnicate"], /Unknown|Did you mean/i],
    [["status", "--frob"], /Unknown argument: frob/],
    [["pool"], /Say what to do/],
    [["pool", "create"], /Not enough non-option arguments/],
    [["status", "-o", "xml"], /Choices: "table", "json"/],
    [["status", "--timeout", "soon"], /--timeout takes a number of seconds/],
    [["status", "--server", "nowhere"], /is not HOST:PORT/],
    [["status", "--server", "a:1", "--server", "b:1"], /--server is given 2 times/],
    [["endpoint", "label", "b", "--set", "novalue"], /is not NAME=VALUE/],
    [["target", "diff", "one"], /must be a whole number/],
    [["join", "not-a-code"], /this is no join code/],
    [["sync", "--yes", "--endpoint", "a", "--pool", "p"], /not both/],
    [["waybar", "--once", "--pool", "p", "--fleet"], /mutually exclusive/],
    [["tui"], /need a terminal/],
  ])("for %j", async (words, says) => {
    const { code, stderr, stdout } = await person.pacpool(...words);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).not.toContain("    at ");
  });

  test("for a configuration that is not TOML", async () => {
    const config = join(person.home, "config.toml");
    writeFileSync(config, "server =");
    const { code, stderr } = await person.pacpool("status", "--config", config);
    expect(code).toBe(2);
    expect(stderr).toMatch(/config\.toml:1:\d+: this is not TOML/);
  });

  test.each(["sync", "revert", "update"])("for %s without --yes and without a terminal", async (deed) => {
    const { code, stderr } = await person.pacpool(deed);
    expect(code).toBe(2);
    expect(stderr).toContain("add --yes");
  });
});

test("3 without a server, with what to do", async () => {
  const { code, stderr } = await person.pacpool("endpoint", "list");
  expect(code).toBe(3);
  expect(stderr).toContain("pacpool endpoint list failed: the server cannot be reached");
  expect(stderr).toContain("--server");
});

test("5 without a key, before anything is asked", async () => {
  using keyless = openPerson({ server: NOBODY });
  const { code, stderr } = await keyless.pacpool("endpoint", "list");
  expect(code).toBe(5);
  expect(stderr).toContain("PACPOOL_KEY");
});

test("0 for help, which teaches with an example, and for a lone `pacpool` without a terminal", async () => {
  const { code, stdout } = await person.pacpool("sync", "--help");
  expect(code).toBe(0);
  expect(stdout).toContain("pacpool sync --pool main --yes");
  expect((await person.pacpool()).stdout).toContain("pacpool status [endpoint]");
});

test("0 for waybar whatever happens, with a line", async () => {
  const { code, stdout } = await person.pacpool("waybar", "--once", "--fleet");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty("text");
});

test("a stack is shown with --verbose only", async () => {
  const { stderr } = await person.pacpool("endpoint", "list", "--verbose");
  expect(stderr).toContain("    at ");
});
