// Writes the documents that are made from the code, or with --check tells which of them are no longer true.
// A generator is a script that prints, to standard output, the whole document or one section of it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * `writes` is made by `node script ...args`. With `section`, only the lines between `<!-- generated: SECTION -->` and
 * `<!-- end: SECTION -->` of that document are replaced.
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

function main(): void {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  const stale = new Set<string>();
  for (const generator of generators) {
    const before = existsSync(generator.writes) ? readFileSync(generator.writes, "utf8") : "";
    const text = print(generator);
    const after = generator.section === undefined ? text : replaceSection(before, generator, generator.section, text);
    if (after === before) continue;
    stale.add(generator.writes);
    if (process.argv.includes("--check")) continue;
    mkdirSync(dirname(generator.writes), { recursive: true });
    writeFileSync(generator.writes, after);
    console.log(`wrote ${generator.writes}`);
  }
  if (!process.argv.includes("--check") || stale.size === 0) return;
  console.error(`Not what the code says any more: ${[...stale].join(", ")}\nRun: make generate`);
  process.exitCode = 1;
}

main();
