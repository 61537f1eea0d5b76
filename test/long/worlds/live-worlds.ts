// Lives through many worlds, some at a time, and tells of those in which a promise was not kept: with the seed that
// repeats them.
import { availableParallelism } from "node:os";
import { drawWorld } from "./draw-world.ts";
import { type Life, liveWorld } from "./live-world.ts";

export interface Lives {
  readonly lives: readonly Life[];
  /** One paragraph for each world that broke a promise. */
  readonly broken: readonly string[];
}

export async function liveWorlds(seeds: readonly number[], atOnce = availableParallelism()): Promise<Lives> {
  const open = [...seeds];
  const lives: Life[] = [];
  const broken: string[] = [];
  const work = async (): Promise<void> => {
    for (let seed = open.shift(); seed !== undefined; seed = open.shift()) {
      const life = await tryLife(seed);
      if (life instanceof Error) broken.push(tell(seed, [life.stack ?? life.message]));
      else lives.push(life);
      if (!(life instanceof Error) && life.problems.length > 0) broken.push(tell(seed, life.problems));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { lives, broken };
}

async function tryLife(seed: number): Promise<Life | Error> {
  try {
    return await liveWorld(drawWorld(seed));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function tell(seed: number, problems: readonly string[]): string {
  return [`world ${seed} (again: make worlds SEED=${seed} WORLDS=1)`, ...problems].join("\n  ");
}

/** One line of figures. */
export function summarize({ lives, broken }: Lives): string {
  const count = (end: Life["end"]): number => lives.filter((life) => life.end === end).length;
  const reverted = lives.filter(({ isReverted }) => isReverted).length;
  return `${lives.length} worlds: ${count("synced")} synced, ${reverted} of them also reverted, ${count("refused")} refused when planned, ${count("stopped")} stopped before a change, ${broken.length} broken`;
}
