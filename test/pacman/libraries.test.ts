// A library that moves away under a program that stays: pacman is content, the program does not start any more.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readElfNeeds } from "../../agent/host/elf-needs.ts";
import { openEndpoint, targetFrom } from "../support/endpoint.ts";
import type { PackageRecipe } from "../support/package-archive.ts";
import { openPacmanRoot } from "../support/pacman-root.ts";
import { openRepository } from "../support/repository.ts";

/** A real dynamic program; the library that it needs is the one that moves. */
const PROGRAM = "/usr/bin/vercmp";
const [soname = "none"] = readElfNeeds(PROGRAM)?.needed ?? [];

const library = (version: string, file: string): PackageRecipe => ({
  name: "library",
  version,
  files: { [`usr/lib/${file}`]: "code\n" },
});

test("a foreign program whose library moved on makes the result degraded, by name, although pacman is content", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pacpool-libraries-"));
  try {
    const repository = await openRepository({ directory: folder, name: "core", packages: [library("1-1", soname)] });
    const program: PackageRecipe = { name: "mine", version: "1-1", files: { "usr/bin/mine": readFileSync(PROGRAM) } };
    await using root = await openPacmanRoot({ repositories: [repository], installed: ["library"], foreign: [program] });
    await repository.publish([library("2-1", "libother.so.9")]);
    await using source = await openPacmanRoot({ repositories: [repository], installed: ["library"] });
    using endpoint = openEndpoint(root);
    const outcome = await endpoint.sync(await targetFrom(source, join(folder, "views")));
    expect(outcome.state).toBe("degraded");
    expect(outcome.problems).toEqual([`/usr/bin/mine needs the library ${soname}, which is not there`]);
    expect(await root.complaints()).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
