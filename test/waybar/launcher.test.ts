// The launcher: the status bar's shortcut through the agent's file, and finding Node and the build.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
const line = '{"text":"3","tooltip":"3 behind","class":["behind"]}';

let folder: string;
let run: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-launcher-"));
  run = join(folder, "run/pacpool");
  mkdirSync(run, { recursive: true });
  mkdirSync(join(folder, "tree/cli"), { recursive: true });
  mkdirSync(join(folder, "tree/dist"));
  mkdirSync(join(folder, "bin"));
  // The machine's own /run must not answer for the one of the test.
  const script = readFileSync(launcher, "utf8").replaceAll("/run/pacpool/status", join(folder, "system/status"));
  mkdirSync(join(folder, "system"));
  writeFileSync(join(folder, "tree/cli/pacpool"), script, { mode: 0o755 });
  writeFileSync(
    join(folder, "tree/dist/cli.js"),
    'console.log("program", JSON.stringify(process.argv.slice(2)), process.env.NODE_COMPILE_CACHE)',
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

type Surroundings = { readonly [name: string]: string };

function pacpool(args: readonly string[], surroundings: Surroundings = {}, path = join(folder, "tree/cli/pacpool")) {
  const result = spawnSync(path, args, {
    encoding: "utf8",
    env: {
      PATH: process.env["PATH"],
      PACPOOL_NODE: process.execPath,
      XDG_RUNTIME_DIR: join(folder, "run"),
      XDG_CACHE_HOME: join(folder, "cache"),
      ...surroundings,
    },
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function writeStatus(secondsLeft: number | string, text = `${line}\n`, path = join(run, "status")): void {
  const until = typeof secondsLeft === "string" ? secondsLeft : Math.floor(Date.now() / 1000) + secondsLeft;
  writeFileSync(path, `${until}\n${text}`);
}

/** A PATH on which only the named programs exist. */
function pathWithOnly(...programs: readonly string[]): string {
  for (const program of programs) {
    const found = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(found, join(folder, "bin", program));
  }
  return join(folder, "bin");
}

function writeNode(version: string): string {
  writeFileSync(join(folder, "bin/node"), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return join(folder, "bin");
}

describe("waybar --once", () => {
  test("a fresh line of the agent is printed with no more than date", () => {
    writeStatus(60);
    expect(pacpool(["waybar", "--once"], { PATH: pathWithOnly("date"), PACPOOL_NODE: "/nonexistent" })).toEqual({
      code: 0,
      out: `${line}\n`,
      err: "",
    });
  });

  test("a backslash in the line arrives as it was written", () => {
    writeStatus(60, '{"tooltip":"a\\nb \\u0026"}\n');
    expect(pacpool(["waybar", "--once"]).out).toBe('{"tooltip":"a\\nb \\u0026"}\n');
  });

  test("the machine's agent answers when the user runs none", () => {
    writeStatus(60, `${line}\n`, join(folder, "system/status"));
    expect(pacpool(["waybar", "--once"]).out).toBe(`${line}\n`);
  });

  test.each([
    ["is past its time", -1],
    ["ends in this second", 0],
    ["is dated further ahead than an agent ever does", 3600],
    ["has no number first", "soon"],
    ["has a number too long for the shell", "99999999999999999999"],
    ["is negative", "-5"],
  ])("a file that %s is not believed", (_, until) => {
    writeStatus(until);
    expect(pacpool(["waybar", "--once"]).out).toContain('program ["waybar","--once"]');
  });

  test("a torn file is not believed", () => {
    writeStatus(60, "");
    expect(pacpool(["waybar", "--once"]).out).toContain("program");
  });

  test.each(["PACPOOL_SERVER", "PACPOOL_CONFIG", "PACPOOL_PROFILE", "PACPOOL_CA"])("%s asks the program", (name) => {
    writeStatus(60);
    expect(pacpool(["waybar", "--once"], { [name]: "x" }).out).toContain("program");
  });

  test.each([[["waybar", "--once", "--fleet"]], [["waybar"]], [["waybar", "once"]], [["status", "--once"]]])(
    "%j asks the program",
    (args) => {
      writeStatus(60);
      expect(pacpool(args).out).toContain(`program ${JSON.stringify(args)}`);
    },
  );
});

describe("the program", () => {
  test("arguments arrive as they were typed", () => {
    expect(pacpool(["status", "a b", "*", ""]).out).toContain('["status","a b","*",""]');
  });

  test("compiled code is kept in the user's cache folder", () => {
    expect(pacpool(["status"]).out.trim()).toMatch(new RegExp(`${join(folder, "cache/pacpool/node")}$`));
  });

  test("it is found through links, relative ones too", () => {
    symlinkSync("../tree/cli/pacpool", join(folder, "bin/first"));
    symlinkSync(join(folder, "bin/first"), join(folder, "second"));
    expect(pacpool(["status"], {}, join(folder, "second")).out).toContain("program");
  });

  test("the Node that comes with pacpool goes before the one on PATH", () => {
    mkdirSync(join(folder, "tree/node/bin"), { recursive: true });
    symlinkSync(process.execPath, join(folder, "tree/node/bin/node"));
    const PATH = `${writeNode("v18.0.0")}:/usr/bin:/bin`;
    expect(pacpool(["status"], { PATH, PACPOOL_NODE: "" }).out).toContain("program");
  });

  test.each(["v18.19.0", "v24.14.9", "nonsense"])("a Node that says %s is refused with what to do", (version) => {
    const result = pacpool(["status"], { PATH: `${writeNode(version)}:/usr/bin:/bin`, PACPOOL_NODE: "" });
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toContain("needs Node 24.15 or newer");
  });

  test("a PACPOOL_NODE that is no Node is named", () => {
    expect(pacpool(["status"], { PACPOOL_NODE: "/nonexistent" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("PACPOOL_NODE (/nonexistent)"),
    });
  });

  test("without a build it says how to make one", () => {
    rmSync(join(folder, "tree/dist"), { recursive: true });
    expect(pacpool(["status"])).toMatchObject({ code: 2, err: expect.stringContaining("make build") });
  });

  test("a status bar gets a line even then, and exit code 0", () => {
    rmSync(join(folder, "tree/dist"), { recursive: true });
    const { code, out } = pacpool(["waybar"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ class: ["error"], tooltip: expect.stringContaining("not built") });
  });

  test("it asks for the same Node as package.json", () => {
    const { engines } = JSON.parse(readFileSync(join(dirname(launcher), "../package.json"), "utf8"));
    const [, major, minor] = /wanted_major=(\d+)\nwanted_minor=(\d+)/.exec(readFileSync(launcher, "utf8")) ?? [];
    expect(engines.node).toBe(`>=${major}.${minor}`);
  });
});
