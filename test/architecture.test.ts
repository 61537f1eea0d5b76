// The gates are seen failing: each "never" of the import table (docs/architecture.md) is planted in a temporary tree that
// is linted and compiled with the real configuration. A gate that cannot fail is not a gate.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const tree = fileURLToPath(new URL("..", import.meta.url));
const folders = ["domain", "proto", "rpc", "server", "agent", "tui", "waybar", "cli", "test"];

type Plant = { readonly in: string; readonly source: string; readonly rule?: string };

const imports = "no-restricted-imports";

/** A file in `folder` that imports each of `names`; one plant per name. */
function never(folder: string, ...names: readonly string[]): readonly Plant[] {
  return names.map((name) => ({
    in: folder,
    source: `import { x } from "${name}";\nexport const y = x;\n`,
    rule: imports,
  }));
}

function may(folder: string, ...names: readonly string[]): readonly Plant[] {
  return never(folder, ...names).map(({ in: where, source }) => ({ in: where, source }));
}

const forbidden: readonly Plant[] = [
  ...never("domain", "node:fs", "pino", "../rpc/a.ts", "../proto/generated/a.ts", "../server/a.ts"),
  ...never("domain/version", "../../rpc/a.ts", "../../tui/a.ts", "node:crypto"),
  { in: "domain", source: 'import type { X } from "node:fs";\nexport type Y = X;\n', rule: imports },
  { in: "domain", source: 'export { x } from "../server/a.ts";\n', rule: imports },
  { in: "domain", source: "export const now = (): number => Date.now();\n", rule: "no-restricted-globals" },
  { in: "domain", source: "export const today = (): unknown => new Date();\n", rule: "no-restricted-globals" },
  { in: "domain", source: "export const dice = (): number => Math.random();\n", rule: "no-restricted-properties" },
  ...never(
    "rpc",
    "../server/a.ts",
    "../agent/a.ts",
    "../tui/a.ts",
    "../waybar/a.ts",
    "@mikro-orm/core",
    "ioredis",
    "ink",
  ),
  ...never("server/store", "../operations/a.ts", "../services/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts"),
  ...never("server/store/migrations", "../../operations/a.ts", "../../../rpc/a.ts"),
  ...never("server/live", "../operations/a.ts", "../services/a.ts", "../../rpc/a.ts", "@grpc/grpc-js"),
  ...never("server/operations", "../services/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts", "@grpc/grpc-js"),
  ...never("server/operations/pool", "../../services/a.ts", "../../../rpc/a.ts"),
  ...never("server/loops", "../services/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts", "@grpc/grpc-js"),
  ...never("server/services", "../store/a.ts", "../live/a.ts", "@mikro-orm/postgresql", "ioredis"),
  ...never("server", "../agent/a.ts", "../tui/a.ts", "../waybar/a.ts", "../cli/a.ts"),
  ...never("agent/pacman", "../session/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts", "@grpc/grpc-js"),
  ...never("agent/host", "../session/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts"),
  ...never("agent", "../server/a.ts", "../tui/a.ts", "../proto/generated/a.ts"),
  ...never("agent/local", "../../proto/generated/a.ts", "../../server/a.ts"),
  ...never("agent/session", "../../server/a.ts", "../../tui/a.ts"),
  ...never("tui", "../server/a.ts", "../agent/a.ts", "../proto/generated/a.ts", "@grpc/grpc-js"),
  ...never("tui/screens/pools", "../../../server/a.ts", "../../../proto/generated/a.ts"),
  ...never("tui/components", "../store/a.ts", "../screens/pools/a.ts", "../../rpc/a.ts", "node:fs", "node:fs/promises"),
  ...never("waybar", "ink", "react", "../tui/a.ts", "../agent/a.ts", "../proto/generated/a.ts"),
  ...never("cli", "../proto/generated/a.ts", "@mikro-orm/core", "@grpc/grpc-js"),
  ...never("cli/verbs", "../../proto/generated/a.ts", "ink"),
  { in: "rpc", source: "const wait = async (): Promise<void> => {};\nwait();\n", rule: "no-floating-promises" },
  {
    in: "rpc",
    source: 'export function f(x: "a" | "b"): void {\n  switch (x) {\n    case "a":\n      break;\n  }\n}\n',
    rule: "switch-exhaustiveness-check",
  },
  { in: "rpc", source: "export const x: any = 1;\n", rule: "no-explicit-any" },
  {
    in: "rpc",
    source: 'export const x = (y: string | undefined): string => y!.trim() + "";\n',
    rule: "no-non-null-assertion",
  },
  { in: "rpc", source: "export default 1;\n", rule: "no-default-export" },
  { in: "rpc", source: 'console.log("x");\n', rule: "no-console" },
  { in: "rpc", source: `${"\n".repeat(301)}export const x = 1;\n`, rule: "max-lines" },
  { in: "rpc", source: `export function f(): void {\n${"  f();\n".repeat(61)}}\n`, rule: "max-lines-per-function" },
];

const allowed: readonly Plant[] = [
  ...may("domain", "./a.ts"),
  ...may("domain/version", "../a.ts", "../plan/a.ts", "./server.ts"),
  ...may("rpc", "../domain/a.ts", "../proto/generated/a.ts", "@grpc/grpc-js", "node:crypto"),
  ...may("server/store", "../../domain/a.ts", "@mikro-orm/core", "node:zlib"),
  ...may("server/operations", "../store/a.ts", "../live/a.ts", "../../domain/a.ts"),
  ...may("server/services", "../operations/a.ts", "../../rpc/a.ts", "../../proto/generated/a.ts"),
  ...may("server", "./store/a.ts", "./services/a.ts", "../rpc/a.ts"),
  ...may("agent/session", "../../proto/generated/a.ts", "../../rpc/a.ts", "../pacman/a.ts"),
  ...may("agent/pacman", "../../domain/a.ts", "node:child_process"),
  ...may("tui/components", "../theme.ts", "../keys/a.ts", "ink", "react"),
  ...may("tui", "./store/a.ts", "../rpc/a.ts", "../domain/a.ts"),
  ...may("waybar", "../rpc/a.ts", "../domain/a.ts", "node:fs"),
  ...may("cli", "../rpc/a.ts", "../domain/a.ts", "yargs"),
  { in: "cli", source: 'export const load = () => import("../server/main.ts");\n' },
];

type Diagnostic = { readonly code: string; readonly filename: string; readonly message: string };

function lint(folder: string): readonly Diagnostic[] {
  const result = spawnSync(join(tree, "node_modules/.bin/oxlint"), ["-f", "json"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(result.stdout) as { diagnostics: readonly Diagnostic[] }).diagnostics;
}

let planted: string;

function plant(path: string, source: string): void {
  mkdirSync(dirname(join(planted, path)), { recursive: true });
  writeFileSync(join(planted, path), source);
}

beforeAll(() => {
  planted = mkdtempSync(join(tmpdir(), "pacpool-planted-"));
  symlinkSync(join(tree, "node_modules"), join(planted, "node_modules"));
  for (const name of [".oxlintrc.json", ".gitignore", "package.json", "tsconfig.json"])
    cpSync(join(tree, name), join(planted, name));
  // The linter reads .gitignore only in a repository; a link is not the folder that `node_modules/` names.
  writeFileSync(join(planted, ".gitignore"), "node_modules\n");
  spawnSync("git", ["init", "-q", planted]);
  for (const folder of folders) {
    mkdirSync(join(planted, folder));
    cpSync(join(tree, folder, "tsconfig.json"), join(planted, folder, "tsconfig.json"));
  }
});

afterAll(() => rmSync(planted, { recursive: true }));

describe("the linter", () => {
  let found: readonly Diagnostic[];
  const nameOf = (kind: string, index: number, { in: folder }: Plant) => `${folder}/${kind}-${index}.ts`;

  beforeAll(() => {
    for (const [index, each] of forbidden.entries()) plant(nameOf("bad", index, each), each.source);
    for (const [index, each] of allowed.entries()) plant(nameOf("good", index, each), each.source);
    plant("rpc/ring-one.ts", 'import { two } from "./ring-two.ts";\nexport const one = (): number => two();\n');
    plant("rpc/ring-two.ts", 'import { one } from "./ring-one.ts";\nexport const two = (): number => one();\n');
    plant("rpc/NotKebab.ts", "export const x = 1;\n");
    plant("rpc/mocked.test.ts", 'import { vi } from "vitest";\nvi.mock("./ring-one.ts");\n');
    found = lint(planted);
  });

  const rulesFor = (path: string) => found.filter(({ filename }) => filename === path).map(({ code }) => code);

  test.each(
    forbidden.map((each, index) => [each.in, each.source.split("\n", 1)[0]?.slice(0, 70), index, each] as const),
  )("in %s refuses: %s", (_folder, _source, index, each) => {
    expect(rulesFor(nameOf("bad", index, each))).toContainEqual(expect.stringContaining(`(${each.rule})`));
  });

  test.each(allowed.map((each, index) => [each.in, each.source.split("\n", 1)[0], index, each] as const))(
    "in %s takes: %s",
    (_folder, _source, index, each) => expect(rulesFor(nameOf("good", index, each))).toEqual([]),
  );

  test.each([
    ["two files that import each other", "rpc/ring-one.ts", "no-cycle"],
    ["a file name with capitals", "rpc/NotKebab.ts", "filename-case"],
    ["vi.mock", "rpc/mocked.test.ts", "no-restricted-properties"],
  ])("refuses %s", (_what, path, rule) => {
    expect(rulesFor(path)).toContainEqual(expect.stringContaining(`(${rule})`));
  });

  test("finds nothing of the import table broken in this tree", () => {
    const broken = lint(tree).filter(({ code }) => /no-restricted-(imports|globals|properties)|no-cycle/.test(code));
    expect(broken.map(({ filename, message }) => `${filename}: ${message}`)).toEqual([]);
  });
});

describe("the compiler", () => {
  // proto from tui, waybar and cli is the linter's alone: a reference of a reference counts as one.
  const edges = [
    ["domain", "rpc"],
    ["rpc", "server"],
    ["server", "agent"],
    ["agent", "server"],
    ["tui", "server"],
    ["waybar", "agent"],
  ] as const;
  let output: string;

  beforeAll(() => {
    rmSync(join(planted, ".build"), { recursive: true, force: true });
    for (const folder of folders) {
      rmSync(join(planted, folder), { recursive: true });
      plant(`${folder}/there.ts`, "export const there = 1;\n");
      cpSync(join(tree, folder, "tsconfig.json"), join(planted, folder, "tsconfig.json"));
    }
    for (const [from, to] of edges) {
      plant(`${from}/to-${to}.ts`, `import type { there } from "../${to}/there.ts";\nexport type T = typeof there;\n`);
    }
    plant("domain/clock.ts", "export const pid = process.pid;\n");
    output = spawnSync(join(tree, "node_modules/.bin/tsc"), ["-b", "--pretty", "false"], {
      cwd: planted,
      encoding: "utf8",
    }).stdout;
  });

  test.each(edges)("refuses a type of another folder: %s from %s", (from, to) => {
    expect(output).toMatch(new RegExp(`^${from}/to-${to}\\.ts.*error TS6307`, "m"));
  });

  test("knows no Node in domain", () => {
    expect(output).toMatch(/^domain\/clock\.ts.*error TS/m);
  });
});

test("every test file belongs to a project of vitest.config.ts", () => {
  const inGit = spawnSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts", "*.test.tsx"],
    {
      cwd: tree,
      encoding: "utf8",
    },
  ).stdout;
  const listed = spawnSync(join(tree, "node_modules/.bin/vitest"), ["list", "--filesOnly", "--json"], {
    cwd: tree,
    encoding: "utf8",
  }).stdout;
  const known = new Set((JSON.parse(listed) as readonly { file: string }[]).map(({ file }) => file));
  expect(inGit.split("\n").filter((path) => path !== "" && !known.has(join(tree, path)))).toEqual([]);
});
