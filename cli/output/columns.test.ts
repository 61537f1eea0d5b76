import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { formatColumns, truncate } from "./columns.ts";

const plain = { width: Number.POSITIVE_INFINITY, paintTitle: (text: string) => text };

describe("columns", () => {
  it("aligns by what a terminal shows, wide characters included", () => {
    const lines = formatColumns(
      [{ title: "NAME" }, { title: "N", align: "right" }, { title: "WHY" }],
      [
        ["日本", "7", "one"],
        ["x", "12", "two"],
      ],
      plain,
    );
    expect(lines).toEqual(["NAME   N  WHY", "日本   7  one", "x     12  two"]);
  });

  it("cuts the flexible column first when the terminal is narrow", () => {
    const columns = [{ title: "A" }, { title: "WHY", flexible: true }, { title: "Z" }];
    const [, line] = formatColumns(columns, [["first", "a sentence that is far too long", "end"]], {
      ...plain,
      width: 30,
    });
    expect(line).toBe("first  a sentence that i…  end");
  });

  it("narrows the others too when that is not enough: no line is wider than the terminal", () => {
    const columns = [
      { title: "ENDPOINT" },
      { title: "PACKAGES", align: "right" as const },
      { title: "WHY", flexible: true },
    ];
    const rows = [["日本語の長い名前のマシン", "1500", "a sentence that is far too long"]];
    for (const width of [20, 26, 34, 40]) {
      for (const line of formatColumns(columns, rows, { ...plain, width })) {
        expect(stringWidth(line), `${String(width)}: ${line}`).toBeLessThanOrEqual(width);
      }
    }
  });

  it("takes escape sequences out of what a server sent", () => {
    const lines = formatColumns([{ title: "" }], [["evil\u001b[2Jname\u202e"]], plain);
    expect(lines).toEqual(["evil [2Jname"]);
  });

  it("paints a cell after it was cut, so that no colour is broken", () => {
    const paint = (text: string) => `<${text}>`;
    const [line] = formatColumns([{ title: "" }, { title: "" }], [[{ text: "ab", paint }, "c"]], plain);
    expect(line).toBe("<ab>  c");
  });

  it("never cuts a character in half", () => {
    expect(truncate("日本語", 5)).toBe("日本…");
    expect(truncate("日本語", 4)).toBe("日…");
    expect(truncate("abc", 3)).toBe("abc");
  });
});
