// Lists come in pages; a verb wants them whole.

/** Asks until the last page. Bounded: a server that never ends its list is broken. */
export async function collectPages<Item>(
  ask: (pageToken: string) => Promise<{ readonly items: readonly Item[]; readonly nextPageToken: string }>,
  limit = 100_000,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let pageToken = "";
  do {
    const page = await ask(pageToken);
    all.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== "" && all.length < limit);
  return all.slice(0, limit);
}
