// A small cache of things that take long to make: the least recently used goes first, and two who ask at once wait for one
// making. A failed making is forgotten.

export interface Lru<Value> {
  load(key: string, make: () => Promise<Value>): Promise<Value>;
  has(key: string): boolean;
  delete(key: string): void;
}

export function makeLru<Value>(capacity: number): Lru<Value> {
  const kept = new Map<string, Promise<Value>>();
  return {
    load(key, make) {
      const known = kept.get(key);
      kept.delete(key);
      const value = known ?? make();
      kept.set(key, value);
      if (known === undefined) {
        value.catch(() => {
          if (kept.get(key) === value) kept.delete(key);
        });
        const [oldest] = kept.keys();
        if (kept.size > capacity && oldest !== undefined) kept.delete(oldest);
      }
      return value;
    },
    has: (key) => kept.has(key),
    delete: (key) => void kept.delete(key),
  };
}
