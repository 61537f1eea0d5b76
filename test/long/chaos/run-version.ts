// The chaos under whatever pacman comes first in the path: machines are moved to the next moment and back, killed on the
// way, and must be exact after one more run. Arguments: seed, kills. The last line is the result as JSON.

import { endOf, openJournal } from "../../../agent/journal.ts";
import { planOf } from "../../support/endpoint.ts";
import { differencesFrom } from "./exactness.ts";
import { type Aim, runOnce, takeAim, type Who } from "./kill.ts";
import { makeRandom, type Random } from "./random.ts";
import { type ChaosMachine, type Moment, openWorld, type World } from "./world.ts";

export interface ChaosResult {
  readonly kills: Readonly<Record<Who, number>>;
  readonly machines: number;
  /** What was not exact, with the kills before it. */
  readonly lost: readonly string[];
}

/** The same operation is killed at most so often before it gets its one more run. */
const killsInARow = 4;

const [seed = 1, wanted = 100] = process.argv.slice(2).map(Number);
const kills: Record<Who, number> = { agent: 0, pacman: 0, both: 0 };
const lost: string[] = [];
let machines = 0;

const total = (): number => kills.agent + kills.pacman + kills.both;

async function moveThroughKills(
  random: Random,
  world: World,
  machine: ChaosMachine,
  to: Moment,
  isBack: boolean,
): Promise<void> {
  const { endpoint } = machine;
  const plan = planOf(await (isBack ? endpoint.planRevert() : endpoint.plan(world.target)));
  let order = { operationId: isBack ? "back" : "there", planDigest: plan.digest };
  const aims: Aim[] = [];
  let isDone = false;
  for (let count = 1 + random.below(killsInARow); count > 0 && !isDone; count--) {
    const aim = takeAim(random);
    const { killed, outcome } = await runOnce(machine, order, aim);
    if (killed === undefined) isDone = outcome?.state === "succeeded";
    else {
      kills[killed]++;
      aims.push(aim);
    }
  }
  // The next agent's start may finish it; otherwise a new plan must lead to the same end as the old one.
  if (!isDone && random.chance(0.25)) {
    await endpoint.recover();
    // Its end may have been written down right before the kill.
    isDone = endOf(openJournal(endpoint.stateDir, order.operationId).entries)?.state === "succeeded";
    if (!isDone) {
      const next = planOf(await (isBack ? endpoint.planRevert() : endpoint.plan(world.target)));
      order = { operationId: `${order.operationId}-again`, planDigest: next.digest };
    }
  }
  const { outcome } = isDone
    ? { outcome: { state: "succeeded", problems: [] } }
    : await runOnce(machine, order, undefined);
  const differences = [
    ...(outcome?.state === "succeeded" ? [] : [`the last run: ${JSON.stringify(outcome)}`]),
    ...(await differencesFrom(machine.root, to)),
  ];
  if (differences.length === 0) return;
  lost.push(
    [`machine ${String(machines)} (${order.operationId}) after ${JSON.stringify(aims)}`, ...differences].join("\n  "),
  );
}

async function main(): Promise<void> {
  await using world = await openWorld();
  for (; total() < wanted; machines++) {
    // Of its own, so that one machine's luck does not move the next one's.
    const random = makeRandom(seed * 100_003 + machines);
    await using machine = await world.openMachine();
    const before = lost.length;
    try {
      await moveThroughKills(random, world, machine, machine.after, false);
      if (lost.length === before) await moveThroughKills(random, world, machine, machine.before, true);
    } catch (error) {
      lost.push(
        `machine ${String(machines)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
    process.stdout.write(
      `${String(total())} of ${String(wanted)} kills, ${String(machines + 1)} machines, ${String(lost.length)} lost\n`,
    );
  }
  process.stdout.write(`${JSON.stringify({ kills, machines, lost } satisfies ChaosResult)}\n`);
}

await main();
