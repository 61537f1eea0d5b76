// Chance that can be repeated: every draw follows from one seed.

export interface Dice {
  /** True so often of a hundred times. */
  percent(chance: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item | undefined;
  /** Each item with that chance of a hundred. */
  some<Item>(items: readonly Item[], chance: number): readonly Item[];
}

/** Mulberry32: small, and good enough to draw worlds. */
export function rollDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const dice: Dice = {
    percent: (chance) => next() * 100 < chance,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => items[dice.between(0, items.length - 1)],
    some: (items, chance) => items.filter(() => dice.percent(chance)),
  };
  return dice;
}
