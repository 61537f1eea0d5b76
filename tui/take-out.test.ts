import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatted } from "./store/export.ts";
import { copyNames, copyRows, type Table } from "./store/table.ts";
import { takeOut } from "./take-out.ts";

const TABLE: Table = {
  columns: ["name", "status"],
  rows: [
    { id: "e-1", name: "atlas", cells: ["atlas", "in-sync"] },
    { id: "e-2", name: 'bo"realis', cells: ['bo"realis', "behind, asleep"] },
  ],
};

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "pacpool-take-out-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

interface Taken {
  readonly said: readonly string[];
  readonly written: string;
}

async function take(effect: Parameters<typeof takeOut>[0], term = "xterm-256color"): Promise<Taken> {
  const said: string[] = [];
  let written = "";
  const write = (sequence: string): void => {
    written += sequence;
  };
  await takeOut(effect, { say: (tone, text) => said.push(`${tone}: ${text}`), write, term });
  return { said, written };
}

describe("rows as a file", () => {
  it("are quoted where CSV wants it", () => {
    expect(formatted(TABLE, "x.csv")).toBe('name,status\r\natlas,in-sync\r\n"bo""realis","behind, asleep"\r\n');
  });

  it("are objects in JSON", () => {
    expect(JSON.parse(formatted(TABLE, "x.json"))).toEqual([
      { name: "atlas", status: "in-sync" },
      { name: 'bo"realis', status: "behind, asleep" },
    ]);
  });

  it("are columns for reading by any other name", () => {
    expect(formatted(TABLE, "x.txt")).toBe('NAME       STATUS\natlas      in-sync\nbo"realis  behind, asleep\n');
  });

  it("are written into a new file only, and it is said where", async () => {
    const file = join(directory, "rows.csv");
    const effect = { kind: "export", file, text: "a\n", rows: 2 } as const;
    expect((await take(effect)).said).toEqual([`good: 2 rows written to ${file}`]);
    expect((await take({ ...effect, text: "b\n" })).said).toEqual([
      `danger: writing ${file}: there is such a file already; give another name`,
    ]);
    expect(readFileSync(file, "utf8")).toBe("a\n");
    const nowhere = join(directory, "no", "rows.csv");
    expect((await take({ ...effect, file: nowhere })).said).toEqual([
      `danger: writing ${nowhere}: there is no such folder`,
    ]);
  });
});

describe("rows in the clipboard", () => {
  it("are names or whole rows, of what is marked or else selected", () => {
    const none = new Set<string>();
    expect(copyNames(TABLE, none, "e-1")).toBe("atlas");
    expect(copyRows(TABLE, new Set(["e-1", "e-2"]), "e-1")).toBe('atlas\tin-sync\nbo"realis\tbehind, asleep');
    expect(copyNames(undefined, none, "e-1")).toBe("");
  });

  it("go through the terminal, and it is said what", async () => {
    const { said, written } = await take({ kind: "copy", text: "日本" });
    expect(written).toBe(`\u001b]52;c;${Buffer.from("日本").toString("base64")}\u0007`);
    expect(said).toEqual(["good: copied 日本"]);
    expect((await take({ kind: "copy", text: "a\nb" })).said).toEqual(["good: copied 2 lines: a, …"]);
  });

  it("are refused where there is no clipboard, or not one so large", async () => {
    expect(await take({ kind: "copy", text: "a" }, "linux")).toMatchObject({ written: "" });
    const large = await take({ kind: "copy", text: "x".repeat(70_000) });
    expect(large.written).toBe("");
    expect(large.said[0]).toContain("E writes it into a file");
  });
});
