// The story that the demo plays without a terminal: a machine's state becomes the target, the others move to it, one
// moves on by hand, one goes back. After every act pacman itself is asked whether it is true.
import assert from "node:assert/strict";
import type { DemoFleet } from "./fleet.ts";
import type { DemoMachine } from "./machines.ts";
import { runPacpool, until } from "./processes.ts";
import type { DemoRoot } from "./world.ts";

type Say = (line: string) => void;

interface EndpointStatus {
  readonly name: string;
  readonly status: string;
}

/** Plays all acts; throws on the first thing that pacman does not confirm. */
export async function playStory(fleet: DemoFleet, say: Say): Promise<void> {
  const find = (name: string): DemoRoot => {
    const entry = fleet.world.roots.find(({ machine }) => machine.name === name);
    assert(entry !== undefined, `no machine ${name}`);
    return entry;
  };
  const [atlas, borealis, cassini] = [find("atlas"), find("borealis"), find("cassini")];
  const before = await borealis.root.query();
  const beforeExplicit = await borealis.root.explicit();

  say("\n# Five machines, five states");
  await show(fleet, say, "endpoint", "list");

  say("\n# The state of atlas becomes the target of its pool");
  await show(fleet, say, "set-latest", "--endpoint", "atlas", "--message", "May, tested on atlas");
  await show(fleet, say, "diff", "borealis");
  await show(fleet, say, "plan", "borealis");
  await bar(fleet, say, borealis.machine);

  say("\n# The others move to it, each in one pacman transaction");
  await show(fleet, say, "sync", "--pool", "studio", "--yes");
  await statusBecomes(fleet, "borealis", "in-sync");
  await statusBecomes(fleet, "cassini", "in-sync");
  await agreeOnVersions(atlas, [borealis, cassini], ["noto-fonts"]);
  say("pacman -Q: what the three machines share has one version, pacman -Dk finds nothing to complain about");
  await bar(fleet, say, borealis.machine);

  say("\n# Mirror mode: the second kiosk becomes exactly the first");
  await show(fleet, say, "set-latest", "--endpoint", "kiosk-1", "--message", "kiosk image");
  await show(fleet, say, "sync", "--pool", "kiosks", "--yes");
  const [model, kiosk] = [find("kiosk-1"), find("kiosk-2")];
  assert.deepEqual(await kiosk.root.query(), await model.root.query(), "kiosk-2 has other packages than kiosk-1");
  assert.deepEqual(
    await kiosk.root.explicit(),
    await model.root.explicit(),
    "kiosk-2 has other install reasons than kiosk-1",
  );
  assert.deepEqual(await kiosk.root.complaints(), [], "pacman -Dk complains on kiosk-2");
  say("pacman -Q and pacman -Qe: both kiosks are equal, extras removed, reasons equal");

  say("\n# A plain pacman -Syu by hand on cassini: allowed, and seen");
  await fleet.world.publish(3);
  await cassini.root.pacman("-Syyu", "--noconfirm", "--noprogressbar");
  await statusBecomes(fleet, "cassini", "ahead");
  await show(fleet, say, "status", "cassini");
  await bar(fleet, say, cassini.machine);

  say("\n# borealis goes back to its own whole set from before, although the mirrors moved on");
  await show(fleet, say, "revert", "--endpoint", "borealis", "--yes");
  assert.deepEqual(await borealis.root.query(), before, "borealis is not back at its old packages");
  assert.deepEqual(await borealis.root.explicit(), beforeExplicit, "borealis has other install reasons than before");
  assert.deepEqual(await borealis.root.complaints(), [], "pacman -Dk complains on borealis");
  say(`pacman -Q: all ${String(before.length)} packages of borealis are what they were`);
  await bar(fleet, say, borealis.machine);
  await show(fleet, say, "endpoint", "list");
}

async function show(fleet: DemoFleet, say: Say, ...args: readonly string[]): Promise<void> {
  say(`\n$ pacpool ${args.map((word) => (word.includes(" ") ? `'${word}'` : word)).join(" ")}`);
  const outcome = await runPacpool(fleet.operator, args, true);
  assert.equal(outcome.code, 0, `pacpool ${args.join(" ")} exited ${String(outcome.code)}`);
}

/** The line that the machine's own WayBar would show. */
async function bar(fleet: DemoFleet, say: Say, machine: DemoMachine): Promise<void> {
  const { code, stdout } = await runPacpool(fleet.on(machine), ["waybar", "--once"]);
  assert.equal(code, 0, "pacpool waybar --once failed");
  assert(typeof (JSON.parse(stdout) as { text: unknown }).text === "string", "the WayBar line has no text");
  say(`WayBar on ${machine.name}: ${stdout.trim()}`);
}

async function statusBecomes(fleet: DemoFleet, name: string, wanted: string): Promise<void> {
  let seen = "";
  const check = async (): Promise<boolean> => {
    seen = (JSON.parse(await fleet.pacpool("status", name, "-o", "json")) as EndpointStatus).status;
    return seen === wanted;
  };
  await until(`${name} is ${wanted}`, check).catch((error: unknown) => {
    throw new Error(`${name} is ${seen}, not ${wanted}`, { cause: error });
  });
}

async function agreeOnVersions(source: DemoRoot, others: readonly DemoRoot[], held: readonly string[]): Promise<void> {
  const wanted = new Map((await source.root.query()).map((line) => line.split(" ") as [string, string]));
  for (const { machine, root } of others) {
    for (const line of await root.query()) {
      const [name = "", version] = line.split(" ");
      const target = wanted.get(name);
      if (target !== undefined && !held.includes(name)) assert.equal(version, target, `${name} on ${machine.name}`);
    }
    assert.deepEqual(await root.complaints(), [], `pacman -Dk complains on ${machine.name}`);
  }
}
