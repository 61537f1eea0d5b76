// What the built module shows when something is wrong on its own machine: a line that says so, never silence, and never
// that all is well.
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NO_DRIFT } from "../../domain/drift/drift.ts";
import type { StatusSummary } from "../../domain/status-line/status-summary.ts";
import { type BarModule, barEnvironment, printBarOnce, startBarModule } from "../support/bar-module.ts";
import { eventually } from "../support/eventually.ts";

const MINUTE = 60_000;
let folder: string;
const started: BarModule[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pacpool-bar-failures-"));
  for (const one of ["run/pacpool", "config/pacpool"]) mkdirSync(join(folder, one), { recursive: true, mode: 0o700 });
});

afterEach(() => {
  for (const { child } of started.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Readonly<Record<string, string>> = {}) =>
  barEnvironment(folder, { PACPOOL_RUN_DIR: join(folder, "run/pacpool"), ...more });

function start(...args: readonly string[]): BarModule {
  const module = startBarModule(environment(), ...args);
  started.push(module);
  return module;
}

function summaryOf(some: Partial<StatusSummary>): StatusSummary {
  const whole = { endpoint: "atlas", pool: "main", status: "in-sync", counts: NO_DRIFT, targetRevision: 1 } as const;
  return { ...whole, reasons: [], reportedAtMs: Date.now(), ...some };
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

const report = (some: Partial<StatusSummary> = {}): void =>
  writeWhole(join(folder, "run/pacpool/status.json"), JSON.stringify(summaryOf(some)));

const configure = (text: string): void => writeWhole(join(folder, "config/pacpool/config.toml"), text);

describe("the agent", () => {
  it("that was never there, came, and was stopped in order is followed without a restart", async () => {
    const module = start();
    expect((await eventually("a line", () => module.last())).shown).toBe("? setup");
    report();
    await eventually("the agent's line", () => (module.last()?.alt === "in-sync" ? true : undefined));
    report({ isAgentStopped: true });
    const line = await eventually("its last word", () => (module.last()?.alt === "stale" ? module.last() : undefined));
    expect(line.classes).toEqual(["in-sync", "stale"]);
    expect(line.tooltip).toContain("was stopped");
    report({ status: "behind", counts: { ...NO_DRIFT, older: 3 } });
    await eventually("the new agent's line", () => (module.last()?.shown === "↓3" ? true : undefined));
  });

  it.each([
    ["died ten minutes ago", -10 * MINUTE],
    ["wrote before the clock was set back by an hour", 60 * MINUTE],
  ])("that %s is not believed", async (_what, ageMs) => {
    report({ reportedAtMs: Date.now() + ageMs });
    const { line, code } = await printBarOnce(environment());
    expect(line).toMatchObject({ alt: "stale", shown: "✓", classes: ["in-sync", "stale"] });
    expect(line?.text).toContain("alpha");
    expect(code).toBe(0);
  });

  it("that lives is asked when its file is stale: the clock was set, or the machine slept", async () => {
    report({ reportedAtMs: Date.now() - 10 * MINUTE });
    const asked: string[] = [];
    const answer = JSON.stringify({
      ok: true,
      answer: summaryOf({ status: "ahead", counts: { ...NO_DRIFT, newer: 2 } }),
    });
    const agent = createServer((socket) =>
      socket.setEncoding("utf8").on("data", (part: string) => {
        asked.push(part);
        socket.write(`${answer}\n`);
      }),
    );
    await new Promise<void>((resolve) => agent.listen(join(folder, "run/pacpool/agent.sock"), resolve));
    const { line } = await printBarOnce(environment());
    expect(asked).toEqual(['{"do":"summary"}\n']);
    expect(line).toMatchObject({ alt: "ahead", shown: "↑2" });
    agent.close();
  });

  it.each(["", "{", '{"status":"in-sync"}', "\0\xff", `[${"1,".repeat(50_000)}1]`])(
    "whose file is damaged is as good as none: %#",
    async (text) => {
      writeFileSync(join(folder, "run/pacpool/status.json"), text);
      expect((await printBarOnce(environment())).line).toMatchObject({ shown: "? setup", alt: "unknown" });
    },
  );
});

describe("the configuration", () => {
  it("that is broken is said in front of what is known, and gone from the bar when it is mended", async () => {
    report();
    configure('default_profile = "x\n');
    const module = start();
    const line = await eventually("a line", () => module.last());
    expect(line).toMatchObject({ shown: "! config ✓", alt: "error" });
    expect(line.tooltip).toContain("config.toml:1:");
    configure('[waybar]\ntext = "<b>{icon}</b> {endpoint}"\n');
    await eventually("the template's line", () => (module.last()?.text === "<b>✓</b> atlas" ? true : undefined));
    configure("[waybar]\nhide_in_sync = true\n");
    await eventually("no text", () => (module.last()?.text === "" ? true : undefined));
    configure('[waybar]\ntext = "{icon"\n');
    const again = await eventually("the mistake", () => (module.last()?.alt === "error" ? module.last() : undefined));
    expect(again.shownTooltip).toContain("waybar.text: a lone { means nothing");
    expect(module.complaints()).toBe("");
  });

  it.each([
    ["names a key that cannot be read", 'server = "127.0.0.1:1"\nkey_file = "/nonexistent/key"', "! key"],
    ["has no key", 'server = "127.0.0.1:1"', "! key"],
    ["names an address that is none", 'server = "here"', "! config"],
    ["names a server that nobody is at", 'server = "127.0.0.1:1"', "! server"],
  ])("that %s never makes the fleet look well", async (what, profile, shown) => {
    configure(`[profiles.default]\n${profile}\n`);
    const key = what.includes("nobody") ? { PACPOOL_KEY: "ppk_a_b" } : undefined;
    const { line, code } = await printBarOnce(environment(key), "--fleet");
    expect(line).toMatchObject({ shown, percentage: 0 });
    expect(line?.classes).toContain("unknown");
    expect(code).toBe(0);
  });

  it("of a server does not spoil the line of a machine that has its agent", async () => {
    report();
    configure('[profiles.default]\nserver = "127.0.0.1:1"\nkey_file = "/nonexistent/key"\n');
    expect((await printBarOnce(environment())).line).toMatchObject({ shown: "✓", alt: "in-sync" });
  });
});

it("a program that is torn, as an upgrade leaves it for a moment, says so and exits 0", async () => {
  const source = new URL("../..", import.meta.url).pathname;
  for (const part of ["cli", "dist"]) mkdirSync(join(folder, "tree", part), { recursive: true });
  cpSync(join(source, "cli/pacpool"), join(folder, "tree/cli/pacpool"));
  cpSync(join(source, "dist/bar.cjs"), join(folder, "tree/dist/bar.cjs"));
  writeFileSync(join(folder, "tree/dist/cli.js"), "");
  const torn = { BAR_LAUNCHER: join(folder, "tree/cli/pacpool"), PACPOOL_NODE: process.execPath };
  const way = { PACPOOL_SERVER: "127.0.0.1:1", PACPOOL_KEY: "ppk_a_b" };
  const { line, code, complaints } = await printBarOnce(environment({ ...torn, ...way }), "--fleet");
  expect(line).toMatchObject({ shown: "! defect", alt: "error" });
  expect(line?.tooltip).toContain("meeting.cjs");
  expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
});

describe("what is typed", () => {
  it("goes before the configuration", async () => {
    report();
    configure('[waybar]\ntext = "file"\nhide_in_sync = true\n');
    expect((await printBarOnce(environment(), "--text", "word", "--no-hide-in-sync")).line?.text).toBe("word");
  });

  it.each([
    [["--text", "{colour}"], "there is no field {colour}; fields are {text}"],
    [["--tooltip", "<b>"], "the tag <b> has no counterpart"],
  ])("wrongly ends with 2, what would be right, and no line: %j", async (args, sentence) => {
    const { code, line, complaints } = await printBarOnce(environment(), ...args);
    expect({ code, line }).toEqual({ code: 2, line: undefined });
    expect(complaints).toContain(sentence);
  });
});
