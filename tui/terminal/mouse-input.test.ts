import { describe, expect, it } from "vitest";
import { type MouseReport, mouseReport } from "../keys/mouse.ts";
import { hearMouse, type KeyInput, splitReports } from "./mouse-input.ts";

const CLICK = "\u001b[<0;5;7M";

function readAll(input: KeyInput, each: (part: string) => void = () => undefined): readonly string[] {
  const parts: string[] = [];
  for (let part = input.read(); typeof part === "string"; part = input.read()) {
    parts.push(part);
    each(part);
  }
  return parts;
}

describe("reports of the mouse", () => {
  it("tell clicks, the wheel and the rest apart, with places from 0", () => {
    expect(mouseReport("[<0;5;7M")).toEqual({ kind: "click", column: 4, line: 6 });
    // Let go, dragged, the right button.
    for (const other of ["[<0;5;7m", "[<32;5;7M", "[<2;5;7M"]) expect(mouseReport(other)?.kind).toBe("other");
    expect(mouseReport("[<64;1;1M")?.kind).toBe("wheel-up");
    expect(mouseReport("[<69;1;1M")?.kind).toBe("wheel-down");
    expect(mouseReport("[<;1;1M")).toBeUndefined();
    expect(mouseReport("j")).toBeUndefined();
  });

  it("are found between keys, and put together when a read cut them", () => {
    const parts = splitReports();
    const split = (chunk: string): readonly string[] => parts(chunk).map(({ text }) => text);
    expect(split(`jj${CLICK}${CLICK}k`)).toEqual(["jj", CLICK, CLICK, "k"]);
    expect(split("j\u001b[<0;5")).toEqual(["j"]);
    expect(split(";7Mk")).toEqual([CLICK, "k"]);
    expect(split("\u001b")).toEqual(["\u001b"]);
    expect(split("\u001b[A")).toEqual(["\u001b[A"]);
  });

  it("are not looked for in pasted text, even when it comes in several reads", () => {
    const heard: MouseReport[] = [];
    const reads = [`\u001b[200~x${CLICK}y`, `${CLICK}\u001b[201~${CLICK}`, null];
    const input = { read: (): unknown => reads.shift() };
    using _hearing = hearMouse(input, (report) => heard.push(report));
    const all = readAll(input).join("");
    expect(heard).toHaveLength(1);
    expect(all).toBe(`\u001b[200~x${CLICK}y${CLICK}\u001b[201~`);
  });

  it("are handled after the keys that came before them and before those after", () => {
    const reads = [`ab${CLICK}c`, null];
    const order: string[] = [];
    const input = { read: (): unknown => reads.shift() };
    using _hearing = hearMouse(input, () => order.push("click"));
    for (const part of readAll(input, (one) => order.push(one))) expect(part).not.toBe("");
    expect(order).toEqual(["ab", "click", "c"]);
  });
});
