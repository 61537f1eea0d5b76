// One run of an operation with at most one SIGKILL in it: of the agent, of pacman, or of both, some random time after a
// random step began.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { bootId, survivorsOf } from "../../../agent/pacman/process.ts";
import type { Random } from "./random.ts";
import type { ChaosMachine } from "./world.ts";

const program = fileURLToPath(new URL("victim.ts", import.meta.url));

/** How likely a step is aimed at, and up to how many milliseconds after its beginning. */
const AIMS = {
  fetch: { weight: 15, withinMs: 70 },
  simulate: { weight: 5, withinMs: 150 },
  journal: { weight: 10, withinMs: 40 },
  transaction: { weight: 45, withinMs: 320 },
  reasons: { weight: 5, withinMs: 40 },
  proof: { weight: 10, withinMs: 120 },
  databases: { weight: 5, withinMs: 10 },
  aftermath: { weight: 5, withinMs: 10 },
} as const;

type Step = keyof typeof AIMS;
export type Who = "agent" | "pacman" | "both";

export interface Aim {
  readonly step: Step;
  readonly afterMs: number;
  readonly who: Who;
  /** Its shell and scriptlet live on. */
  readonly pacmanAlone: boolean;
}

export function takeAim(random: Random): Aim {
  const step = random.pick(
    Object.fromEntries(Object.entries(AIMS).map(([name, { weight }]) => [name, weight])) as Record<Step, number>,
  );
  const afterMs = random.below(AIMS[step].withinMs);
  // Only there it runs for long enough to be met.
  const hasPacman = step === "transaction" || step === "reasons";
  return {
    step,
    afterMs,
    who: hasPacman ? random.pick({ agent: 2, pacman: 3, both: 3 }) : "agent",
    pacmanAlone: random.chance(0.5),
  };
}

export interface RunEnd {
  /** Undefined when the kill came too late, or none was wanted. */
  readonly killed: Who | undefined;
  /** What the agent said; undefined when it was killed. */
  readonly outcome: { readonly state: string; readonly problems: readonly string[] } | undefined;
}

export interface Order {
  readonly operationId: string;
  readonly planDigest: string;
}

/** Far more than any run takes. */
const limitMs = 120_000;

export async function runOnce(machine: ChaosMachine, order: Order, aim: Aim | undefined): Promise<RunEnd> {
  const { root, endpoint } = machine;
  const { operationId, planDigest } = order;
  const agent = spawn(process.execPath, [program, root.configFile, endpoint.stateDir, operationId, planDigest], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: limitMs,
    killSignal: "SIGABRT",
  });
  const ended = once(agent, "close");
  let killing: Promise<Who | undefined> | undefined;
  let outcome: RunEnd["outcome"];
  for await (const line of createInterface({ input: agent.stdout })) {
    if (line.startsWith("outcome ")) outcome = JSON.parse(line.slice("outcome ".length)) as RunEnd["outcome"];
    if (aim !== undefined && line === `step ${aim.step}`) killing ??= kill(machine, order, agent, aim);
  }
  await ended;
  return { killed: await killing, outcome };
}

async function kill(machine: ChaosMachine, order: Order, agent: ChildProcess, aim: Aim): Promise<Who | undefined> {
  await delay(aim.afterMs);
  const lives = (): boolean => agent.exitCode === null && agent.signalCode === null;
  let session = aim.who === "agent" ? [] : pacmanOf(machine, order, aim);
  // It may not have begun yet.
  for (let look = 0; look < 100 && aim.who !== "agent" && session.length === 0 && lives(); look++) {
    await delay(3);
    session = pacmanOf(machine, order, aim);
  }
  for (const pid of session) endProcess(pid);
  const isAlone = aim.who === "pacman" && session.length > 0;
  const hitAgent = !isAlone && lives() && agent.kill("SIGKILL");
  if (session.length > 0) return hitAgent ? "both" : "pacman";
  return hitAgent ? "agent" : undefined;
}

/** Those of the running pacman's session, or only its own. */
function pacmanOf({ endpoint }: ChaosMachine, { operationId }: Order, { pacmanAlone }: Aim): readonly number[] {
  const folder = join(endpoint.stateDir, "operations", operationId, "runs");
  try {
    return readdirSync(folder).flatMap((name) => {
      const directory = join(folder, name);
      const session = survivorsOf({ directory, bootId: bootId() });
      const pacman = Number(readFileSync(join(directory, "pid"), "utf8"));
      return pacmanAlone ? session.filter((pid) => pid === pacman) : session;
    });
  } catch {
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
