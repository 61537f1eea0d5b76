import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { openLineOutput } from "./output.ts";

class Stream extends EventEmitter {
  readonly lines: string[] = [];
  write(text: string): boolean {
    this.lines.push(text);
    return true;
  }
}

test("an unchanged line is not printed again", () => {
  const stream = new Stream();
  const output = openLineOutput(stream, () => 1, new AbortController().signal);
  output.print("a");
  output.print("a");
  output.print("b");
  expect(stream.lines).toEqual(["a\n", "b\n"]);
});

test("it closes when its reader is gone", () => {
  const stream = new Stream();
  const output = openLineOutput(stream, () => 1, new AbortController().signal);
  stream.emit("error", new Error("EPIPE"));
  expect(output.closed.aborted).toBe(true);
});

test("it closes when the bar that started it has died", () => {
  vi.useFakeTimers();
  let parent = 42;
  const output = openLineOutput(new Stream(), () => parent, new AbortController().signal);
  vi.advanceTimersByTime(10_000);
  expect(output.closed.aborted).toBe(false);
  parent = 1;
  vi.advanceTimersByTime(10_000);
  expect(output.closed.aborted).toBe(true);
  vi.useRealTimers();
});
