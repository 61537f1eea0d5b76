import { pino } from "pino";
import { expect, it } from "vitest";
import { plainLine } from "./log.ts";

function lineOf(write: (log: pino.Logger) => void): string {
  const lines: string[] = [];
  write(pino({ name: "pacpool-test", base: { name: "pacpool-test" } }, { write: (line) => lines.push(line) }));
  return plainLine(lines.join(""));
}

it("a person reads time, level, phrase and fields, and why it failed", () => {
  expect(lineOf((log) => log.warn({ endpoint: "koala", waitMs: 5 }, "connection lost"))).toMatch(
    /^\d\d:\d\d:\d\d warn {2}connection lost endpoint=koala waitMs=5$/,
  );
  expect(lineOf((log) => log.error({ err: new Error("disk full") }, "cannot store"))).toMatch(
    /error cannot store disk full$/,
  );
});
