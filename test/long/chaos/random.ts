// Random choices that a seed repeats. Knows nothing of what is chosen.

export interface Random {
  /** From 0 up to, without, the limit. */
  readonly below: (limit: number) => number;
  readonly chance: (probability: number) => boolean;
  /** By weight. */
  readonly pick: <Choice extends string>(weights: Readonly<Record<Choice, number>>) => Choice;
}

/** mulberry32: 32 bits of state are plenty for some thousand choices. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: <Choice extends string>(weights: Readonly<Record<Choice, number>>): Choice => {
      const entries = Object.entries<number>(weights);
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const found = entries.find(([, weight]) => (rest -= weight) < 0) ?? entries.at(-1);
      return found?.[0] as Choice;
    },
  };
}
