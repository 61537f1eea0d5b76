// The class of a view is what its databases say, not what an agent says of them: computed once, when all of them are here.
import { computeClass } from "../../domain/view/class.ts";
import type { Store } from "../store/store.ts";
import { contentOf } from "./content.ts";

/** Does nothing while a database is missing or cannot be read, and for a view whose class is known. */
export async function proveClass(store: Store, viewDigest: string): Promise<void> {
  const { database } = store;
  const [row] = await database.query<{ architecture: string }>(
    "select architecture from view where digest = $1 and class = ''",
    [viewDigest],
  );
  if (row === undefined) return;
  const index = await contentOf(store).viewIndex(database, viewDigest);
  if (index === undefined) return;
  let newestBuild = 0;
  for (const { buildDate } of index.packages.values()) newestBuild = Math.max(newestBuild, buildDate);
  await database.query("update view set class = $2, newest_build = $3 where digest = $1 and class = ''", [
    viewDigest,
    computeClass(row.architecture, index),
    newestBuild,
  ]);
}
