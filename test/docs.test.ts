// Documents that name files keep to what is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const tree = fileURLToPath(new URL("..", import.meta.url));

/** Paths of this tree in code quotes, with or without a command before them. */
function namedFiles(text: string): readonly string[] {
  return [
    ...text.matchAll(/`(?:[^`]* )?((?:test|domain|agent|server|rpc|cli|tui|waybar|bench|docs)\/[\w./-]+\.\w+)`/g),
  ].flatMap(([, path]) => path ?? []);
}

test.each(readdirSync(join(tree, "docs/spec")))("every file that docs/spec/%s names is there", (name) => {
  const named = namedFiles(readFileSync(join(tree, "docs/spec", name), "utf8"));
  expect(named.filter((path) => !existsSync(join(tree, path)))).toEqual([]);
});

test("every hazard of docs/spec/sync.md has its test", () => {
  const rows = readFileSync(join(tree, "docs/spec/sync.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| hazard"));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((row) => !/\.test\.tsx?` \|$/.test(row))).toEqual([]);
});
