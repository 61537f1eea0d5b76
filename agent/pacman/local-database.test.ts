import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalMemory, readLocalDatabase } from "./local-database.ts";

let dbPath: string;
beforeEach(() => {
  dbPath = mkdtempSync(join(tmpdir(), "pacpool-local-"));
  mkdirSync(join(dbPath, "local"));
  writeFileSync(join(dbPath, "local/ALPM_DB_VERSION"), "9\n");
});
afterEach(() => rmSync(dbPath, { recursive: true, force: true }));

function put(name: string, more = ""): void {
  const folder = join(dbPath, "local", `${name}-1-1`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "desc"), `%NAME%\n${name}\n\n%VERSION%\n1-1\n\n%ARCH%\nany\n\n${more}`);
  writeFileSync(join(folder, "files"), "");
}

test("a reading with memory sees what one without sees, whatever changed in between", () => {
  const memory: LocalMemory = new Map();
  const both = () => {
    const remembered = readLocalDatabase(dbPath, memory);
    expect(remembered).toEqual(readLocalDatabase(dbPath));
    return remembered;
  };
  put("stays");
  put("app");
  both();
  // As pacman -D does, in place.
  put("app", "%REASON%\n1\n\n");
  expect(both().packages.get("app")?.reason).toBe("dependency");
  rmSync(join(dbPath, "local/app-1-1/files"));
  expect(both().torn).toEqual([{ entry: "app-1-1", why: "its list of files is missing" }]);
  rmSync(join(dbPath, "local/app-1-1"), { recursive: true });
  expect([...both().packages.keys()]).toEqual(["stays"]);
  expect([...memory.keys()]).toEqual(["stays-1-1"]);
});

test("what did not change is not read again", () => {
  const memory: LocalMemory = new Map();
  put("app");
  const first = readLocalDatabase(dbPath, memory).packages.get("app");
  expect(readLocalDatabase(dbPath, memory).packages.get("app")).toBe(first);
  put("app", "%REASON%\n1\n\n");
  expect(readLocalDatabase(dbPath, memory).packages.get("app")).not.toBe(first);
});
