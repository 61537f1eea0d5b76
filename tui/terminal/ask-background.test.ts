import { PassThrough } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { describe, expect, it } from "vitest";
import { askBackground, backgroundOf, withoutAnswers } from "./ask-background.ts";

const LIGHT = "\u001b]11;rgb:fdfd/f6f6/e3e3\u001b\\";
const ATTRIBUTES = "\u001b[?62;22c";

/** A terminal that answers a question with these, one after the other. */
function terminalThat(...answers: readonly string[]) {
  const stdin = Object.assign(new PassThrough(), { setRawMode: () => undefined, isTTY: true });
  const stdout = new PassThrough();
  stdout.on("data", () => {
    for (const answer of answers) stdin.write(answer);
  });
  return { stdin: stdin as unknown as ReadStream, stdout: stdout as unknown as WriteStream };
}

describe("the background of a terminal", () => {
  it("is what it answers, in any number of digits, light or dark as an eye sees it", () => {
    expect(backgroundOf(LIGHT)).toBe("light");
    expect(backgroundOf("\u001b]11;rgb:00/2b/36\u0007")).toBe("dark");
    expect(backgroundOf("\u001b]11;rgba:0000/0000/0000/ffff\u001b\\")).toBe("dark");
    expect(backgroundOf("\u001b]11;rgb:f/f/0\u001b\\")).toBe("light");
    expect(backgroundOf(ATTRIBUTES)).toBe("unknown");
  });

  it("is asked without losing what is typed meanwhile", async () => {
    const terminal = terminalThat("j", LIGHT, `j${ATTRIBUTES}q`);
    expect(await askBackground(terminal, 5_000)).toBe("light");
    expect(terminal.stdin.read()).toBe("jjq");
  });

  it("is unknown at once where the terminal answers the second question only", async () => {
    const terminal = terminalThat(ATTRIBUTES);
    expect(await askBackground(terminal, 60_000)).toBe("unknown");
    expect(terminal.stdin.read()).toBeNull();
  });

  it("is unknown after a while where nothing answers, and a late answer is no key", async () => {
    const terminal = terminalThat();
    expect(await askBackground(terminal, 5)).toBe("unknown");
    terminal.stdin.push(`j${LIGHT}${ATTRIBUTES}k`);
    expect(terminal.stdin.read()).toBe("jk");
  });

  it("takes nothing but answers out of what is heard", () => {
    expect(withoutAnswers(`a${LIGHT}\u001b[A${ATTRIBUTES}b`)).toBe("a\u001b[Ab");
  });
});
