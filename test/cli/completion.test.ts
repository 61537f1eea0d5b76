// Tab in real shells: a person types, presses Tab, and the name is there. Beside it what the shells ask for, and how it
// behaves when nobody answers.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { openServer, type TestServer } from "../support/server.ts";
import { openTerminal, type Terminal } from "../support/terminal.ts";
import { BEHIND, CURRENT, settled } from "../support/two-moments.ts";
import { type Outcome, openPerson, type Person } from "./run-pacpool.ts";

const launcherFolder = fileURLToPath(new URL("../../cli", import.meta.url));

let server: TestServer;
let person: Person;

beforeAll(async () => {
  server = await openServer();
  person = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
  await person.json("pool", "create", "koala-pool");
  await settled(server, "koala", CURRENT, "koala-pool");
  await settled(server, "kiwi", BEHIND, "koala-pool");
  await person.json("set-latest", "--endpoint", "koala", "-m", "May");
  await person.json("endpoint", "label", "kiwi", "--set", "room=attic");
  // A busy machine may take longer than a Tab waits; then the names of a moment ago are offered, as to any person.
  for (const kind of ["endpoint", "pool", "label", "revision"]) {
    const asked = ["completion", "names", kind, "", "--", "--pool", "koala-pool"];
    await eventually(`names of kind ${kind}`, async () => (await person.pacpool(...asked)).stdout || undefined, 40_000);
  }
  for (const shell of ["bash", "zsh", "fish"]) {
    writeFileSync(join(person.home, `pacpool.${shell}`), (await person.pacpool("completion", shell)).stdout);
  }
  mkdirSync(join(person.home, "config/fish"), { recursive: true });
  const { home } = person;
  writeFileSync(join(home, "bashrc"), `PS1='ready$ '\nbind 'set bell-style none'\nsource ${home}/pacpool.bash\n`);
  writeFileSync(
    join(home, ".zshrc"),
    `PS1='ready$ '\nautoload -Uz compinit && compinit -u\nunsetopt beep\nsource ${home}/pacpool.zsh\n`,
  );
});
afterAll(async () => {
  person[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const SHELLS = {
  bash: (home: string) => ["bash", "--noprofile", "--rcfile", join(home, "bashrc"), "-i"],
  zsh: () => ["zsh", "-i"],
  fish: (home: string) => ["fish", "--init-command", `source ${home}/pacpool.fish`],
} as const;

type Shell = keyof typeof SHELLS;

/** A shell that has just started, with its completion loaded. It ends by the hang-up of its terminal: SIGTERM it ignores. */
async function openShell(shell: Shell): Promise<Terminal> {
  const [program, ...args] = SHELLS[shell](person.home);
  if (program === undefined) throw new Error("no shell");
  const path = `${launcherFolder}:${person.env["PATH"] ?? ""}`;
  const env = { ...(person.env as Record<string, string>), PATH: path, TERM: "xterm-256color", LC_ALL: "C.UTF-8" };
  const prompt = shell === "fish" ? { fish_greeting: "" } : {};
  const terminal = openTerminal({ command: [program, ...args], env: { ...env, ...prompt }, columns: 100 });
  await terminal.until(shell === "fish" ? /[>#] ?$/m : "ready$");
  const end = terminal[Symbol.asyncDispose];
  return {
    ...terminal,
    [Symbol.asyncDispose]: () => {
      terminal.kill("SIGHUP");
      return end();
    },
  };
}

describe.each(["bash", "zsh", "fish"] as const)("Tab in %s", { concurrent: true }, (shell) => {
  test("completes a verb, an option and the name of an endpoint that the server has", async () => {
    await using terminal = await openShell(shell);
    terminal.type("pacpool syn\t");
    await terminal.until("pacpool sync ");
    terminal.type("--endp\t");
    await terminal.until("--endpoint ");
    terminal.type("ko\t");
    await terminal.until("--endpoint koala ");
    terminal.type("--pool ko\t");
    await terminal.until("--pool koala-pool");
  });

  test("offers both when two fit, and completes after =", async () => {
    await using terminal = await openShell(shell);
    terminal.type("pacpool status k\t\t");
    await terminal.until(/kiwi[\s\S]*koala/);
    terminal.press("ctrl-u");
    terminal.type("pacpool sync --endpoint=ki\t");
    await terminal.until("--endpoint=kiwi");
  });

  test("knows verbs of verbs, revisions of the pool that is named, and labels with their = sign", async () => {
    await using terminal = await openShell(shell);
    terminal.type("pacpool help targ\tdi\t");
    await terminal.until("pacpool help target diff");
    terminal.press("ctrl-u");
    terminal.type("pacpool target his\tkoala-\t");
    await terminal.until("pacpool target history koala-pool");
    terminal.press("ctrl-u");
    terminal.type("pacpool revert --pool koala-pool --to \t");
    await terminal.until("--to 1");
    terminal.press("ctrl-u");
    terminal.type("pacpool hold list --label ro\t");
    await terminal.until("--label room=attic");
  });

  test("says nothing at all when the server is not there", async () => {
    await using terminal = await openShell(shell);
    terminal.type("pacpool --server 127.0.0.1:9 status k\t\t");
    terminal.type("x");
    await terminal.until("status kx");
    expect(terminal.text()).not.toMatch(/error|fail|refused|cannot/i);
  });
});

describe("what the shells ask for", () => {
  const names = (asker: Person, ...words: readonly string[]): Promise<Outcome> =>
    asker.pacpool("completion", "names", ...words);

  test("is a name, a tab and a few words about it", async () => {
    expect((await names(person, "endpoint", "ko", "--", "status")).stdout).toBe("koala\tin-sync, pool koala-pool\n");
    expect((await names(person, "pool", "", "--", "pool", "show")).stdout).toContain(
      "koala-pool\t2 endpoints, target 1",
    );
    expect((await names(person, "revision", "", "--", "target", "show", "koala-pool", "--revision")).stdout).toMatch(
      /^1\tMay, from koala, .* ago\n$/,
    );
    expect((await names(person, "label", "", "--")).stdout).toBe("room=attic\t1 endpoints\n");
  });

  test("comes from the last answer for some seconds, and for longer when nobody answers", async () => {
    using other = openPerson({ server: server.address, ca: server.ca, key: server.adminKey });
    const asked = (await names(other, "endpoint", "", "--")).stdout;
    await settled(server, "kestrel", BEHIND, "koala-pool");
    expect((await names(other, "endpoint", "", "--")).stdout).toBe(asked);
  });

  test.each([
    ["an unknown kind", {}, ["weather", ""]],
    ["no key", {}, ["endpoint", "", "--"]],
    ["a configuration that is none", { PACPOOL_CONFIG: "/dev/null/x" }, ["endpoint", "", "--"]],
    ["a server that is not there", { PACPOOL_SERVER: "127.0.0.1:9", PACPOOL_KEY: "ppk_a_b" }, ["endpoint", "", "--"]],
  ])("is nothing, in silence, with %s", async (_what, env, words) => {
    using stranger = openPerson({ env });
    expect(await names(stranger, ...words)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});
