// Help and man pages, which are one text: every verb is explained, what it points at exists, and the pages are well-formed.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readPages, type VerbPage } from "../../cli/help/verb-page.ts";
import { openPerson } from "./run-pacpool.ts";

const folder = fileURLToPath(new URL("../../packaging/man", import.meta.url));

async function verbPages(): Promise<readonly VerbPage[]> {
  return (await readPages()).flatMap((page) =>
    page.kind === "verb" ? [page] : [...(page.alone === undefined ? [] : [page.alone]), ...page.verbs],
  );
}

const nameOf = ({ path }: VerbPage): string => path.join(" ");

test("every verb says in sentences what it does, and has an example", async () => {
  const lacking = (await verbPages()).flatMap((page) => [
    ...(page.about.says.endsWith(".") ? [] : [`${nameOf(page)}: a row in cli/help/about-*.ts`]),
    ...(page.examples.length > 0 ? [] : [`${nameOf(page)}: an example`]),
    ...page.options.flatMap(({ name, describe }) => (describe === "" ? [`${nameOf(page)}: what --${name} is`] : [])),
  ]);
  expect(lacking).toEqual([]);
});

test("what a verb points at is a verb or a page", async () => {
  const pages = await verbPages();
  const known = new Set([
    ...pages.map(nameOf),
    ...globSync("*.5", { cwd: folder }).map((file) => file.replace(/\.5$/, "(5)")),
  ]);
  const lost = pages.flatMap((page) =>
    page.about.see.filter((one) => !known.has(one)).map((one) => `${nameOf(page)}: ${one}`),
  );
  expect(lost).toEqual([]);
});

test("the man pages are well-formed: the formatter warns of nothing", () => {
  const files = globSync(`${folder}/*`);
  expect(files.length).toBeGreaterThan(30);
  const { stderr, status } = spawnSync("groff", ["-man", "-ww", "-z", "-Tutf8", ...files], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test("help is the same by its word and by its option, for a verb, for verbs of it, and for all", async () => {
  using person = openPerson();
  const [byWord, byOption, group, all] = await Promise.all([
    person.pacpool("help", "sync"),
    person.pacpool("sync", "--endpoint", "koala", "-h"),
    person.pacpool("help", "target"),
    person.pacpool("--help"),
  ]);
  expect(byWord.code).toBe(0);
  expect(byOption.stdout).toBe(byWord.stdout);
  for (const title of ["Usage", "Options", "Examples", "Exit codes", "See also", "For every verb"]) {
    expect(byWord.stdout).toContain(`\n${title}\n`);
  }
  expect(group.stdout).toContain("pacpool target diff <from> [to]");
  expect(all.stdout).toContain("pacpool sync");
  expect((await person.pacpool("help", "nonsense")).code).toBe(2);
});
