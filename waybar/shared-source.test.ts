import { chmodSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BarSummary } from "../domain/status-line/bar-summary.ts";
import { eventually } from "../test/support/eventually.ts";
import { shareSource } from "./shared-source.ts";

let folder: string;
let path: string;
const copies: Copy[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-meet-"));
  path = join(folder, "bar.sock");
});

afterEach(async () => {
  for (const copy of copies.splice(0)) await copy.leave();
  rmSync(folder, { recursive: true, force: true });
});

interface Copy {
  readonly shown: () => string | undefined;
  readonly isLeading: () => boolean;
  readonly say: (sentence: string) => void;
  readonly leave: () => Promise<void>;
}

const saying = (sentence: string): BarSummary => ({ kind: "problem", problem: "server", sentence });

/** A copy that says what the test wants while it leads. */
function enter(at: string | undefined = path): Copy {
  const stop = new AbortController();
  let shown: string | undefined;
  let publish: ((summary: BarSummary) => void) | undefined;
  const over = shareSource({
    path: at,
    signal: stop.signal,
    show: (summary) => {
      shown = summary.kind === "problem" ? summary.sentence : undefined;
    },
    lead: async (give, signal) => {
      publish = give;
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve());
      });
      publish = undefined;
    },
  });
  const copy: Copy = {
    shown: () => shown,
    isLeading: () => publish !== undefined,
    say: (sentence) => publish?.(saying(sentence)),
    leave: async () => {
      stop.abort();
      await over;
    },
  };
  copies.push(copy);
  return copy;
}

const leads = (copy: Copy) => eventually("it to lead", () => copy.isLeading() || undefined);
const shows = (copy: Copy, sentence: string) =>
  eventually(`it to show ${sentence}`, () => copy.shown() === sentence || undefined);

test("what the leader says is shown by all, also by one that comes later, and another leads when it leaves", async () => {
  const first = enter();
  await leads(first);
  const second = enter();
  first.say("one");
  await Promise.all([shows(first, "one"), shows(second, "one")]);
  const third = enter();
  await shows(third, "one");
  expect([second.isLeading(), third.isLeading()]).toEqual([false, false]);
  await first.leave();
  await eventually("one of the others to lead", () => second.isLeading() || third.isLeading() || undefined);
  const [leader, follower] = second.isLeading() ? [second, third] : [third, second];
  leader.say("two");
  await shows(follower, "two");
  expect(follower.isLeading()).toBe(false);
});

/** A killed process does not remove its socket; this is the same: the file stays, nobody answers. */
async function leaveBehind(): Promise<void> {
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(path, resolve));
  const keep = `${path}.kept`;
  linkSync(path, keep);
  await new Promise<void>((resolve) => dead.close(() => resolve()));
  renameSync(keep, path);
}

test("a place that a killed leader left is taken over, also when one was killed in the middle of that", async () => {
  await leaveBehind();
  mkdirSync(`${path}.lock`);
  utimesSync(`${path}.lock`, 1, 1);
  await leads(enter());
});

test("of many that find the same leftover at once one leads", async () => {
  for (let round = 0; round < 5; round += 1) {
    await leaveBehind();
    const many = Array.from({ length: 8 }, () => enter());
    await eventually("one to lead", () => many.some((copy) => copy.isLeading()) || undefined);
    many.find((copy) => copy.isLeading())?.say("one");
    await Promise.all(many.map((copy) => shows(copy, "one")));
    expect(many.filter((copy) => copy.isLeading())).toHaveLength(1);
    await Promise.all(copies.splice(0).map((copy) => copy.leave()));
  }
});

test("of two that lead because both found the same leftover, the one whose place was taken steps back", async () => {
  const first = enter();
  await leads(first);
  first.say("one");
  rmSync(path);
  const second = enter();
  await leads(second);
  second.say("two");
  await shows(first, "two");
  expect([first.isLeading(), second.isLeading()]).toEqual([false, true]);
});

test("damaged words of a leader are passed over", async () => {
  const server = createServer((socket) => void socket.write(`{\n[]\n"x"\n${JSON.stringify(saying("good"))}\n`));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const copy = enter();
  await shows(copy, "good");
  await copy.leave();
  server.close();
});

test("where others may write, or nothing can be made, each copy is on its own", async () => {
  chmodSync(folder, 0o777);
  const [first, second] = [enter(), enter()];
  await Promise.all([leads(first), leads(second)]);
  chmodSync(folder, 0o700);
  writeFileSync(join(folder, "file"), "");
  await leads(enter(join(folder, "file", "bar.sock")));
});
