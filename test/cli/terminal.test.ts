// What a person sees: the question, the bar that is drawn over, no colour where none is wanted.
import { fileURLToPath } from "node:url";
import { spawn } from "@lydell/node-pty";
import { Terminal } from "@xterm/headless";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SyncStatus } from "../../proto/generated/pacpool/v1/drift.ts";
import { eventually } from "../support/eventually.ts";
import { openPerson, type Person } from "./run-pacpool.ts";
import { openScriptedFleet, SCRIPTED_KEY, type ScriptedFleet } from "./scripted-fleet.ts";

const launcher = fileURLToPath(new URL("../../cli/pacpool", import.meta.url));

let fleet: ScriptedFleet;
let person: Person;
beforeEach(async () => {
  fleet = await openScriptedFleet([
    { name: "borealis", status: SyncStatus.BEHIND, removes: ["old"] },
    { name: "cassini", status: SyncStatus.BEHIND },
  ]);
  person = openPerson({ server: fleet.address, ca: fleet.ca, key: SCRIPTED_KEY });
});
afterEach(async () => {
  person[Symbol.dispose]();
  await fleet[Symbol.asyncDispose]();
});

interface Screen {
  readonly raw: () => string;
  readonly lines: () => readonly string[];
  readonly type: (text: string) => void;
  readonly exit: Promise<number>;
}

function open(words: readonly string[], more: NodeJS.ProcessEnv = {}): Screen {
  const env = { ...person.env, TERM: "xterm-256color", ...more } as Record<string, string>;
  const child = spawn(launcher, [...words], { cols: 80, rows: 40, env });
  const screen = new Terminal({ cols: 80, rows: 40, allowProposedApi: true });
  let raw = "";
  child.onData((data) => {
    raw += data;
    screen.write(data);
  });
  return {
    raw: () => raw,
    lines: () =>
      Array.from({ length: 40 }, (_line, index) => screen.buffer.active.getLine(index)?.translateToString(true) ?? ""),
    type: (text) => {
      child.write(text);
    },
    exit: new Promise((resolve) => {
      child.onExit(({ exitCode }) => {
        resolve(exitCode);
      });
    }),
  };
}

test("a sync asks, says how much it removes, and draws one line per endpoint over itself", async () => {
  const screen = open(["sync", "--pool", "main"]);
  await eventually("the question", () => screen.raw().includes("(removes 1 package)? [y/N]"));
  screen.type("y\r");
  expect(await screen.exit).toBe(0);
  const done = await eventually("the ends", () => {
    const found = screen.lines().filter((line) => line.includes("100%"));
    return found.length === 2 ? found : undefined;
  });
  expect(done.every((line) => /^(borealis|cassini) +█{20} 100% {2}succeeded/.test(line))).toBe(true);
  expect(screen.lines().filter((line) => line.includes(" 60%"))).toEqual([]);
});

test("anything but yes changes nothing", async () => {
  const screen = open(["sync", "--endpoint", "borealis"]);
  await eventually("the question", () => screen.raw().includes("[y/N]"));
  screen.type("\r");
  expect(await screen.exit).toBe(1);
  expect(screen.raw()).toContain("Nothing was changed.");
  expect(fleet.started).toEqual([]);
});

test("Ctrl-C at the question changes nothing and exits 130", async () => {
  const screen = open(["sync", "--endpoint", "borealis"]);
  await eventually("the question", () => screen.raw().includes("[y/N]"));
  screen.type("\u0003");
  expect(await screen.exit).toBe(130);
  expect(fleet.started).toEqual([]);
});

test("a table is as wide as the terminal and has colours; NO_COLOR and --no-color take them away", async () => {
  const coloured = open(["endpoint", "list"]);
  expect(await coloured.exit).toBe(0);
  expect(coloured.raw().replace("v behind", "↓ behind")).toContain("\u001b[33m↓ behind");
  expect(coloured.lines().every((line) => line.length <= 80)).toBe(true);
  const plain = open(["endpoint", "list"], { NO_COLOR: "1" });
  expect(await plain.exit).toBe(0);
  expect(plain.raw()).not.toContain("\u001b[33m");
  const flagged = open(["endpoint", "list", "--no-color"]);
  expect(await flagged.exit).toBe(0);
  expect(flagged.raw()).not.toContain("\u001b[33m");
});
