// `waybar config --write` and `waybar style --write` by the built program, in a home of its own.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));
const usual = '{\n  // mine\n  "modules-right": ["clock"]\n}\n';

let home: string;
let folder: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "pacpool-write-"));
  folder = join(home, ".config/waybar");
  mkdirSync(folder, { recursive: true });
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

function pacpool(...args: readonly string[]) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PACPOOL|XDG|WAYBAR)_/.test(name));
  const env = { ...Object.fromEntries(inherited), HOME: home, NODE_COMPILE_CACHE: join(tmpdir(), "pacpool-bar-cache") };
  const { status, stdout, stderr } = spawnSync(launcher, ["waybar", ...args], { encoding: "utf8", env });
  return { code: status, out: stdout, err: stderr };
}

const contents = (name: string): string => readFileSync(join(folder, name), "utf8");

it("shows the change, writes it, keeps what was there beside it, and has nothing to do the second time", () => {
  writeFileSync(join(folder, "config.jsonc"), usual, { mode: 0o640 });
  const first = pacpool("config", "--write", "--yes");
  expect(first.code).toBe(0);
  expect(first.out).toContain('-  "modules-right": ["clock"]\n+  "modules-right": ["custom/pacpool", "clock"],\n');
  expect(first.err).toContain("pkill -USR2 waybar");
  expect(contents("config.jsonc.before-pacpool")).toBe(usual);
  expect(contents("config.jsonc")).toContain("// mine");
  expect(statSync(join(folder, "config.jsonc")).mode & 0o777).toBe(0o640);
  expect(pacpool("config", "--write", "--yes")).toMatchObject({ code: 0, out: "", err: /already/ });
  expect(readdirSync(folder)).toHaveLength(2);
});

it("without a terminal and without --yes nothing is written, and it is said how", () => {
  writeFileSync(join(folder, "config"), usual);
  expect(pacpool("config", "--write")).toMatchObject({ code: 2, err: /add --yes/ });
  expect(contents("config")).toBe(usual);
});

it("a linked configuration is written where it lies, and an included one too", () => {
  mkdirSync(join(home, "dotfiles"));
  writeFileSync(join(home, "dotfiles/config"), '{"include": "~/dotfiles/right.json"}');
  writeFileSync(join(home, "dotfiles/right.json"), '{"modules-right": []}');
  symlinkSync("../../dotfiles/config", join(folder, "config"));
  expect(pacpool("config", "--write", "--yes", "--pool", "main").code).toBe(0);
  expect(lstatSync(join(folder, "config")).isSymbolicLink()).toBe(true);
  expect(contents("config")).toContain('"custom/pacpool#main"');
  expect(readFileSync(join(home, "dotfiles/right.json"), "utf8")).toBe('{"modules-right": ["custom/pacpool#main"]}');
});

it("what is not understood, not there or not writable is left alone, with what to do", () => {
  expect(pacpool("config", "--write", "--yes")).toMatchObject({ code: 2, err: /there is no WayBar configuration/ });
  writeFileSync(join(folder, "config"), '{"a": \n  b}');
  expect(pacpool("config", "--write", "--yes")).toMatchObject({
    code: 2,
    err: /line 2, column 3: .*paste what `pacpool waybar config` prints/s,
  });
  expect(readdirSync(folder)).toEqual(["config"]);
});

it("the style goes into a file of its own that every sheet of the person's imports, theirs winning", () => {
  writeFileSync(join(folder, "style.css"), "* { color: red; }\n");
  writeFileSync(join(folder, "style-dark.css"), '@import "./pacpool.css";\n');
  expect(pacpool("style", "--write", "--yes").code).toBe(0);
  expect(contents("style.css")).toBe('@import "pacpool.css";\n* { color: red; }\n');
  expect(contents("style-dark.css")).toBe('@import "./pacpool.css";\n');
  expect(contents("pacpool.css")).toContain("#custom-pacpool.behind {");
  expect(pacpool("style", "--write", "--yes").err).toContain("already");
  // A new version brings a new file; what the person changed in it is kept beside.
  writeFileSync(join(folder, "pacpool.css"), "/* mine */\n");
  chmodSync(join(folder, "pacpool.css"), 0o600);
  expect(pacpool("style", "--write", "--yes").code).toBe(0);
  expect(contents("pacpool.css.before-pacpool")).toBe("/* mine */\n");
});

it("a person without a style sheet keeps the look of the system's", () => {
  expect(pacpool("style", "--write", "--yes").code).toBe(0);
  expect(contents("style.css")).toMatch(/@import "pacpool\.css";\n$/);
});
