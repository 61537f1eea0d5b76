// Rules and conflicts on real machines: said on the command line, planned by agents, done by pacman.

import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeSyncStatus } from "../../rpc/codec/drift.ts";
import { moment, openRuleFleet, type RuledMachine, type RuleFleet } from "../support/rule-fleet.ts";

let fleet: RuleFleet;

beforeEach(async () => {
  fleet = await openRuleFleet();
});

afterEach(() => fleet[Symbol.asyncDispose]());

/** Must succeed. */
async function pacpool(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fleet.person.pacpool(...words);
  if (code !== 0) throw new Error(`${words.join(" ")} exited ${String(code)}: ${stderr}${stdout}`);
  return stdout;
}

async function refused(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fleet.person.pacpool(...words);
  if (code !== 4) throw new Error(`${words.join(" ")} exited ${String(code)}: ${stderr}${stdout}`);
  return `${stdout}${stderr}`;
}

async function statusOf(name: string): Promise<string> {
  const { endpoint } = await fleet.server.admin.endpoints.getEndpoint({ endpoint: name });
  return endpoint === undefined ? "gone" : decodeSyncStatus(endpoint.status);
}

/** The repository moves on, the source takes it and becomes the target. */
async function publish(source: RuledMachine, version: string): Promise<void> {
  await fleet.core.publish(moment(version));
  await source.root.pacman("-Syyu", "--noconfirm");
  await fleet.seen(source);
  await pacpool("set-latest", "--endpoint", source.name, "--message", version, "--yes");
}

test("a hold by label, shares by glob and group, and a foreign package on one machine", async () => {
  await pacpool("pool", "create", "main");
  const alpha = await fleet.enter("alpha", "main", "base");
  const beta = await fleet.enter("beta", "main", "base", "extra");
  await pacpool("endpoint", "label", "beta", "--set", "room=lab");
  await pacpool("hold", "add", "too?", "--label", "room=lab", "--message", "until May");
  await pacpool("share", "add", "edit-*", "@xorg", "--pool", "main");
  await pacpool("foreign", "add", "extra", "--endpoint", "beta");
  expect(await fleet.person.json("hold", "list")).toMatchObject([
    { pattern: "too?", label: "room=lab", pool: null, endpoint: null, message: "until May" },
  ]);
  await publish(alpha, "1.1-1");
  expect(await fleet.person.json("plan", "beta")).toMatchObject({
    leftAlone: [
      { name: "extra", why: "a rule makes it foreign; its owner looks after it" },
      { name: "tool", why: "held at 1.0-1; the target has 1.1-1" },
    ],
  });
  await pacpool("sync", "--endpoint", "beta", "--yes");
  expect(await beta.root.query()).toEqual([
    "base 1.1-1",
    "edit-cli 1.1-1",
    "edit-gui 1.1-1",
    "extra 1.0-1",
    "libfoo 1.1-1",
    "tool 1.0-1",
    "xfonts 1.1-1",
    "xserver 1.1-1",
  ]);
  expect(await beta.root.explicit()).toEqual(expect.arrayContaining(["edit-cli", "xserver"]));
  expect(await beta.root.complaints()).toEqual([]);
  await fleet.seen(beta);
  expect(await statusOf("beta")).toBe("in-sync");
  await pacpool("hold", "remove", "too?", "--label", "room=lab");
  expect(await statusOf("beta")).toBe("behind");
});

test("own packages of a mirror stay, with what they need, and move along; other extras go", async () => {
  await pacpool("pool", "create", "kiosks", "--mode", "mirror");
  const alpha = await fleet.enter("alpha", "kiosks", "base");
  const beta = await fleet.enter("beta", "kiosks", "base", "game", "extra");
  await pacpool("own", "add", "game", "--endpoint", "beta");
  await pacpool("share", "add", "edit-cli", "--pool", "kiosks");
  await publish(alpha, "1.1-1");
  await pacpool("sync", "--endpoint", "beta", "--yes");
  expect(await beta.root.query()).toEqual([
    "base 1.1-1",
    "edit-cli 1.1-1",
    "game 1.1-1",
    "gamelib 1.1-1",
    "libfoo 1.1-1",
    "tool 1.1-1",
  ]);
  expect(await beta.root.complaints()).toEqual([]);
  await fleet.seen(beta);
  expect(await statusOf("beta")).toBe("in-sync");
});

const TOOL = "tool 2.0-1";
const OLD = "extra 0.9-1";

/** The machine's owner upgrades tool and brings extra back, both by hand. */
async function goAway(machine: RuledMachine): Promise<void> {
  const recipes = [
    { name: "tool", version: "2.0-1", depends: ["libfoo"] },
    { name: "extra", version: "0.9-1" },
  ];
  await machine.root.installFiles(...recipes);
  await fleet.seen(machine);
}

const outcomeOf = async (machine: RuledMachine): Promise<readonly string[]> =>
  (await machine.root.query()).filter((line) => /^(tool|extra) /.test(line)).toSorted();

test("each conflict mode makes something else of what a machine changed by itself", async () => {
  await pacpool("pool", "create", "main");
  const alpha = await fleet.enter("alpha", "main", "base", "extra");
  const beta = await fleet.enter("beta", "main", "base", "extra");
  await publish(alpha, "1.1-1");
  await pacpool("sync", "--endpoint", "beta", "--yes");
  const modes: readonly (readonly [string, readonly string[]])[] = [
    ["use-target", ["extra 1.1-1", "tool 1.1-1"]],
    ["keep-current", [OLD, TOOL]],
    ["newest", ["extra 1.1-1", TOOL]],
    ["oldest", [OLD, "tool 1.1-1"]],
  ];
  for (const [mode, expected] of modes) {
    await goAway(beta);
    await pacpool("pool", "edit", "main", "--conflicts", mode);
    // A machine that is only ahead is not brought back unless somebody says so.
    await pacpool("sync", "--endpoint", "beta", "--downgrade", "--yes");
    const outcome = await outcomeOf(beta);
    await fleet.seen(beta);
    expect([mode, ...outcome, await statusOf("beta")]).toEqual([mode, ...expected, "in-sync"]);
  }
  await goAway(beta);
  await pacpool("pool", "edit", "main", "--conflicts", "use-target", "--downgrade", "refuse");
  expect(await refused("sync", "--endpoint", "beta", "--yes")).toContain("tool: 2.0-1 to 1.1-1");
  expect(await outcomeOf(beta)).toEqual([OLD, TOOL]);
});

test("manual conflicts wait as pending-approval until a person has chosen and approves the plan of then", async () => {
  await pacpool("pool", "create", "main");
  await pacpool("pool", "edit", "main", "--conflicts", "manual");
  const alpha = await fleet.enter("alpha", "main", "base", "extra");
  const beta = await fleet.enter("beta", "main", "base", "extra");
  await publish(alpha, "1.1-1");
  await pacpool("sync", "--endpoint", "beta", "--yes");
  await goAway(beta);
  await publish(alpha, "1.2-1");
  expect(await statusOf("beta")).toBe("pending-approval");
  expect(await fleet.person.json("conflict", "list", "beta", "--undecided")).toMatchObject([
    { name: "extra", base: "1.1-1", installed: "0.9-1", target: "1.2-1", take: null },
    { name: "tool", base: "1.1-1", installed: "2.0-1", target: "1.2-1", take: null },
  ]);
  expect(await refused("sync", "--endpoint", "beta", "--yes")).toContain("pacpool conflict resolve");
  expect(await outcomeOf(beta)).toEqual([OLD, TOOL]);
  const [operation] = (await fleet.person.json("operation", "list", "--endpoint", "beta")) as readonly {
    readonly id: string;
    readonly state: string;
  }[];
  expect(operation?.state).toBe("pending-approval");
  const id = operation?.id ?? "";
  expect(await refused("operation", "approve", id, "--yes")).toContain("extra, tool");
  await pacpool("conflict", "resolve", "beta", "tool", "--take", "current");
  expect(await refused("operation", "approve", id, "--yes")).toContain("extra");
  await pacpool("conflict", "resolve", "beta", "extra", "--take", "target");
  await pacpool("operation", "approve", id, "--yes");
  await pacpool("operation", "watch", id);
  expect(await outcomeOf(beta)).toEqual(["extra 1.2-1", TOOL]);
  expect((await beta.root.query()).includes("base 1.2-1")).toBe(true);
  await fleet.seen(beta);
  expect(await statusOf("beta")).toBe("in-sync");
  expect(await pacpool("diff", "beta")).toContain("kept at 2.0-1");
});
