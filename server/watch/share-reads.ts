// One read for many watchers: those that a ring woke ask for the same pool after the same revision in the same turn of the
// event loop. Nobody joins a read that has begun, since it may have missed what rang after its beginning.

/** Joins calls with the same key until the turn is over, then reads once for all of them. */
export function shareReads<Result>(): (key: string, read: () => Promise<Result>) => Promise<Result> {
  const gathering = new Map<string, Promise<Result>>();
  return (key, read) => {
    const known = gathering.get(key);
    if (known !== undefined) {
      return known;
    }
    const result = new Promise<void>((resolve) => {
      setImmediate(resolve);
    }).then(() => {
      gathering.delete(key);
      return read();
    });
    gathering.set(key, result);
    return result;
  };
}
