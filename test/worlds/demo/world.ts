// Builds the demo world in a folder: two repositories at three moments and the machines with real pacman. Runs neither
// server nor agents; those come through the launcher, as on a real machine.
import { join } from "node:path";
import { openPacmanRoot, type PacmanRoot } from "../../support/pacman-root.ts";
import { openRepository, type Repository } from "../../support/repository.ts";
import { type DemoMachine, machines } from "./machines.ts";
import { coreAt, extraAt } from "./packages.ts";

/** One machine of the world and its root. */
export interface DemoRoot {
  readonly machine: DemoMachine;
  readonly root: PacmanRoot;
}

export interface DemoWorld {
  readonly roots: readonly DemoRoot[];
  /** The repositories move on to another moment, as mirrors do. */
  publish(moment: 1 | 2 | 3): Promise<void>;
}

/** Builds everything below `directory`, telling each step to `say`. A few seconds. */
export async function buildDemoWorld(directory: string, say: (line: string) => void): Promise<DemoWorld> {
  const core = await openRepository({ directory: join(directory, "mirror/core"), name: "core", packages: coreAt(1) });
  const extra = await openRepository({
    directory: join(directory, "mirror/extra"),
    name: "extra",
    packages: extraAt(1),
  });
  const publish = async (moment: 1 | 2 | 3): Promise<void> => {
    await core.publish(coreAt(moment));
    await extra.publish(extraAt(moment));
  };
  say(`two repositories with ${String(core.archives.length + extra.archives.length)} packages`);
  const open = (machine: DemoMachine) => openMachine(directory, [core, extra], machine);
  const old = machines.filter(({ born }) => born === 1);
  const roots: DemoRoot[] = await Promise.all(old.map(async (machine) => ({ machine, root: await open(machine) })));
  await publish(3);
  await Promise.all(roots.map(({ machine, root }) => takeFromTheFuture(machine, root)));
  await publish(2);
  say("a month passes: the repositories move on");
  const young = machines.filter(({ born }) => born === 2);
  roots.push(...(await Promise.all(young.map(async (machine) => ({ machine, root: await open(machine) })))));
  await Promise.all(roots.map(({ machine, root }) => moveOn(machine, root)));
  return { roots: machines.flatMap((machine) => roots.filter((entry) => entry.machine === machine)), publish };
}

async function openMachine(
  directory: string,
  repositories: readonly Repository[],
  machine: DemoMachine,
): Promise<PacmanRoot> {
  const available = new Set(repositories.flatMap(({ archives }) => archives.map(({ recipe }) => recipe.name)));
  return openPacmanRoot({
    directory: join(directory, "machines", machine.name),
    repositories,
    installed: machine.installed.filter((name) => available.has(name)),
    explicit: machine.explicit.filter((name) => available.has(name)),
    foreign: machine.foreign,
    settings: machine.settings ?? [],
  });
}

/** A partial upgrade, as one should not do it: a few packages of a later moment, everything else stays. */
async function takeFromTheFuture({ newer }: DemoMachine, root: PacmanRoot): Promise<void> {
  if (newer === undefined) return;
  await root.refresh();
  await root.pacman("-S", "--noconfirm", "--noprogressbar", ...newer);
}

async function moveOn(machine: DemoMachine, root: PacmanRoot): Promise<void> {
  if (machine.born === machine.upgraded) {
    // Only the databases are fresh, as after a look at what is new; whoever holds packages of the future sees them so.
    if (machine.newer !== undefined) await root.refresh();
    return;
  }
  await root.pacman("-Syyu", "--noconfirm", "--noprogressbar");
  const installed = new Set((await root.pacman("-Qq")).trim().split("\n"));
  const later = machine.installed.filter((name) => !installed.has(name));
  if (later.length > 0) await root.pacman("-S", "--noconfirm", "--noprogressbar", ...later);
}
