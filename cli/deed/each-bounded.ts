// The same for many, a few at a time, results in order.

export async function eachBounded<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item !== undefined) results.set(index, await act(item));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  return items.map((_item, index) => results.get(index)).filter((result) => result !== undefined);
}
