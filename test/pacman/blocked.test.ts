// What stands in a plan's way is named with its requirement and the ways out; what a plan will break is said before. On real
// pacman: it decides what is refused.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PlanAnswer } from "../../agent/machine.ts";
import { buildElf } from "../support/elf.ts";
import { openEndpoint, planOf, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot, type PacmanRootOptions } from "../support/pacman-root.ts";
import { openRepository } from "../support/repository.ts";

const library = (version: string, major: number): PackageRecipe => ({
  name: "libfoo",
  version,
  provides: [`libfoo.so=${major}-64`],
  files: { [`usr/lib/libfoo.so.${major}`]: buildElf({ soname: `libfoo.so.${major}` }) },
});
const before = [
  library("1-1", 1),
  { name: "app", version: "1-1", depends: ["libfoo"], backup: ["etc/app.conf"], files: { "etc/app.conf": "1\n" } },
];
const after = [
  library("2-1", 2),
  { ...before[1], name: "app", version: "2-1", depends: ["libfoo>=2"], files: { "etc/app.conf": "2\n" } },
];
const program = { "usr/bin/mine": buildElf({ needed: ["libfoo.so.1"] }) };

let folder: string;
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-blocked-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine of the first moment with the second moment's target; its plan after `edit`. */
async function planWith(
  options: Partial<PacmanRootOptions>,
  edit: (rootDir: string) => void = () => undefined,
): Promise<PlanAnswer> {
  const directory = join(folder, String((count += 1)));
  const repository = await openRepository({ directory: join(directory, "core"), name: "core", packages: before });
  await using root = await openPacmanRoot({ repositories: [repository], installed: ["app"], ...options });
  edit(root.rootDir);
  await repository.publish(after);
  await using source = await openPacmanRoot({ repositories: [repository], installed: ["app"] });
  using endpoint = openEndpoint(root);
  // Awaited here: the root must not be gone before.
  return await endpoint.plan(await targetFrom(source, join(directory, "views")));
}

test("a hold that others have grown past is refused by name, with who needs what and how to go on", async () => {
  const answer = await planWith({ installed: ["libfoo", "app"], settings: ["IgnorePkg = libfoo"] });
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "CLOSURE_BROKEN" } });
  const [first] = answer.kind === "refusal" ? answer.refusal.details : [];
  expect(first).toBe(
    "app 2-1 needs libfoo>=2, but libfoo stays at 1-1: held at 1-1; the target has 2-1; ways out: lift the hold on libfoo, or extend it to app",
  );
});

test("a foreign package that needs the library that goes is refused by name, with three ways out", async () => {
  const answer = await planWith({
    foreign: [{ name: "mine", version: "3-1", depends: ["libfoo.so=1-64"], files: program }],
  });
  expect(answer).toMatchObject({ kind: "refusal", refusal: { reason: "CLOSURE_BROKEN" } });
  const [first] = answer.kind === "refusal" ? answer.refusal.details : [];
  expect(first).toMatch(
    /^mine 3-1 needs libfoo\.so=1-64, but libfoo 1-1 becomes 2-1; .*; ways out: remove mine for now/,
  );
});

test("a foreign package that does not say what it needs is planned past, and the plan says what it loses", async () => {
  const plan = planOf(await planWith({ foreign: [{ name: "mine", version: "3-1", files: program }] }));
  expect(plan.warnings).toEqual(["mine must be rebuilt afterwards: libfoo.so.1 goes, because libfoo becomes 2-1"]);
});

test("configuration that its owner changed is named before its package changes", async () => {
  const plan = planOf(await planWith({}, (rootDir) => writeFileSync(join(rootDir, "etc/app.conf"), "mine\n")));
  expect(plan.warnings).toEqual([expect.stringMatching(/comes as \.pacnew: \/etc\/app\.conf$/)]);
});
