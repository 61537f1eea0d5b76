// Writes the documents that are made from the code, or with --check tells which of them are no longer true.
// A generator is a script that prints, to standard output, the whole document or one section of it, or all files of a folder.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `writes` is made by `node script ...args`. With `section`, only the lines between `<!-- generated: SECTION -->` and
 * `<!-- end: SECTION -->` of that document are replaced. A folder ends with a slash: its script prints JSON, name to text, and
 * nothing else is left in it.
 */
type Generator = {
  readonly writes: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly section?: string;
};

const generators: readonly Generator[] = [
  { writes: "server/store/schema.sql", script: "tools/generators/schema.ts" },
  { writes: "docs/keys.md", script: "tools/generators/keys.ts" },
  { writes: "packaging/man/", script: "tools/generators/man-pages.ts" },
  { writes: "docs/spec/errors.md", script: "tools/generators/errors-document.ts" },
  {
    writes: "docs/spec/operation-lifecycle.md",
    section: "lifecycle",
    script: "tools/generators/lifecycles.ts",
    args: ["operation"],
  },
  {
    writes: "docs/spec/session-lifecycle.md",
    section: "lifecycle",
    script: "tools/generators/lifecycles.ts",
    args: ["session"],
  },
];

function print(generator: Generator): string {
  const result = spawnSync(process.execPath, [generator.script, ...(generator.args ?? [])], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 16 * 1024 * 1024,
    timeout: 60_000,
  });
  if (result.status !== 0) throw new Error(`${generator.script} failed: ${result.error?.message ?? "see above"}`);
  return result.stdout;
}

function replaceSection(document: string, generator: Generator, section: string, text: string): string {
  const [begin, end] = [`<!-- generated: ${section} -->\n`, `<!-- end: ${section} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${generator.writes} has no lines ${begin.trim()} and ${end}`);
  return `${document.slice(0, from + begin.length)}${text}${document.slice(to)}`;
}

/** What each file should hold; undefined for one that should not be there. */
function documentsOf(generator: Generator): readonly (readonly [path: string, text: string | undefined])[] {
  const text = print(generator);
  if (generator.writes.endsWith("/")) {
    const files = JSON.parse(text) as Readonly<Record<string, string>>;
    const present = globSync(`${generator.writes}*`).filter((path) => !Object.hasOwn(files, basename(path)));
    const wanted = Object.entries(files).map(([name, page]) => [join(generator.writes, name), page] as const);
    return [...wanted, ...present.map((path) => [path, undefined] as const)];
  }
  const before = existsSync(generator.writes) ? readFileSync(generator.writes, "utf8") : "";
  const { section } = generator;
  return [[generator.writes, section === undefined ? text : replaceSection(before, generator, section, text)]];
}

function main(): void {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  const stale = new Set<string>();
  for (const [path, after] of generators.flatMap(documentsOf)) {
    const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    if (after === before) continue;
    stale.add(path);
    if (process.argv.includes("--check")) continue;
    if (after === undefined) {
      rmSync(path);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after);
    console.log(`wrote ${path}`);
  }
  if (!process.argv.includes("--check") || stale.size === 0) return;
  console.error(`Not what the code says any more: ${[...stale].join(", ")}\nRun: make generate`);
  process.exitCode = 1;
}

main();
