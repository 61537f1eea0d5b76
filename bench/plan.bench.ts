// A plan with its simulation against what pacman itself takes to look at the same upgrade. CPU of all processes.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openEndpoint, planOf } from "../test/support/endpoint.ts";
import type { PacmanRoot } from "../test/support/pacman-root.ts";
import { cpuOf } from "./cpu.ts";
import { type Benchmark, median, type Row } from "./measure.ts";
import { CHANGES, openTwoMoments, PACKAGES } from "./two-moments-root.ts";

const ROUNDS = 9;

export const benchmark: Benchmark = {
  name: "plan",
  async run() {
    await using moments = await openTwoMoments(1);
    const [root] = moments.roots;
    if (root === undefined) throw new Error("there is no machine to plan on");
    using endpoint = openEndpoint(root);
    const ours: number[] = [];
    const printed: number[] = [];
    const simulated: number[] = [];
    for (let round = -1; round < ROUNDS; round += 1) {
      moments.place(root, 0);
      const plan = await cpuOf(async () => planOf(await endpoint.plan(moments.targets[1])));
      moments.place(root, 1);
      const print = await cpuOf(() => root.pacman("-Su", "--print"));
      const simulation = await cpuOf(() => simulate(root, moments.changing));
      // The first round only warms up.
      if (round < 0) continue;
      ours.push(plan);
      printed.push(print);
      simulated.push(simulation);
    }
    const what = `CPU: plan with simulation, ${CHANGES} changes of ${PACKAGES} packages`;
    const row = (peer: string, values: readonly number[]): Row => ({
      what,
      oursMs: median(ours),
      peer,
      peerMs: median(values),
    });
    return [
      row("pacman -Su --print (shows no removals)", printed),
      row("pacman -S --dbonly on a copy of the database", simulated),
    ];
  },
};

/** The same transaction on a copy, with packages and their digests as they are. */
export async function simulate(root: PacmanRoot, names: readonly string[]): Promise<void> {
  const copy = mkdtempSync(join(root.directory, "copy-"));
  try {
    cpSync(root.dbPath, copy, { recursive: true });
    const paths = ["--root", copy, "--dbpath", copy, "--hookdir", copy];
    await root.pacman("-S", "--noconfirm", "--noprogressbar", "--dbonly", "--noscriptlet", ...paths, ...names);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
