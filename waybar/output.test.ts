import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { openLineOutput } from "./output.ts";
import type { Beat, Pulse } from "./pulse.ts";

class Stream extends EventEmitter {
  readonly lines: string[] = [];
  write(text: string): boolean {
    this.lines.push(text);
    return true;
  }
}

function open() {
  const stream = new Stream();
  const beats: ((beat: Beat) => void)[] = [];
  const pulse: Pulse = { follow: (listener) => beats.push(listener), [Symbol.dispose]: () => undefined };
  const bar = { parent: 42, hasReader: true };
  const surroundings = { parentId: () => bar.parent, hasReader: () => bar.hasReader };
  const output = openLineOutput(stream, surroundings, pulse, new AbortController().signal);
  const beat = (): void => {
    for (const listener of beats) listener({ hasJumped: false });
  };
  return { stream, bar, output, beat };
}

test("an unchanged line is not printed again", () => {
  const { stream, output } = open();
  output.print("a");
  output.print("a");
  output.print("b");
  expect(stream.lines).toEqual(["a\n", "b\n"]);
});

test("it closes when its reader is gone", () => {
  const { stream, output } = open();
  stream.emit("error", new Error("EPIPE"));
  expect(output.closed.aborted).toBe(true);
});

test("it closes without writing when nobody has the other end any more", () => {
  const { bar, output, beat } = open();
  beat();
  expect(output.closed.aborted).toBe(false);
  bar.hasReader = false;
  beat();
  expect(output.closed.aborted).toBe(true);
});

test("it closes when the bar that started it has died", () => {
  const { bar, output, beat } = open();
  beat();
  expect(output.closed.aborted).toBe(false);
  bar.parent = 1;
  beat();
  expect(output.closed.aborted).toBe(true);
});
