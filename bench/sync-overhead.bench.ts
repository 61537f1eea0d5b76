// A whole sync against the bare pacman transaction that it is made of, in turn on two machines with the same packages. CPU
// of all processes. The budget is 10 % over the transaction and the simulation.
import { openEndpoint, planOf } from "../test/support/endpoint.ts";
import { cpuOf } from "./cpu.ts";
import { type Benchmark, median } from "./measure.ts";
import { simulate } from "./plan.bench.ts";
import { CHANGES, openTwoMoments } from "./two-moments-root.ts";

const ROUNDS = 15;

export const benchmark: Benchmark = {
  name: "sync overhead",
  async run() {
    await using moments = await openTwoMoments(2);
    const [ourRoot, bareRoot] = moments.roots;
    if (ourRoot === undefined || bareRoot === undefined) throw new Error("there are no machines to sync");
    using endpoint = openEndpoint(ourRoot);
    const ours: number[] = [];
    const bare: number[] = [];
    const withSimulation: number[] = [];
    // There and back: every round changes the same packages.
    for (let round = -1; round < ROUNDS; round += 1) {
      const to = round % 2 === 0 ? 0 : 1;
      const target = moments.targets[to];
      if (target === undefined) throw new Error("there is no target");
      const plan = planOf(await endpoint.plan(target));
      const own = await cpuOf(async () => {
        const { state, problems } = await endpoint.execute(plan);
        if (state !== "succeeded") throw new Error(`the sync ${state}: ${problems.join("; ")}`);
      });
      moments.place(bareRoot, to);
      const simulation = await cpuOf(() => simulate(bareRoot, moments.changing));
      const transaction = await cpuOf(() =>
        bareRoot.pacman("-S", "--noconfirm", "--noprogressbar", ...moments.changing),
      );
      if (round < 0) continue;
      ours.push(own);
      bare.push(transaction);
      withSimulation.push(transaction + simulation);
    }
    const what = `CPU: sync of ${CHANGES} packages, 13 steps, proof and way back included`;
    return [
      { what, oursMs: median(ours), peer: "pacman -S alone", peerMs: median(bare) },
      { what, oursMs: median(ours), peer: "pacman -S and its simulation", peerMs: median(withSimulation) },
    ];
  },
};
