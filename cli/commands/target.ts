// `pacpool target ...`: what a pool should be, and what it was.

import { decodeDriftItem } from "../../rpc/codec/drift.ts";
import { decodePool } from "../../rpc/codec/pool.ts";
import { decodeTarget } from "../../rpc/codec/target.ts";
import type { Connection } from "../../rpc/connection.ts";
import { type Access, withServer } from "../connect.ts";
import { driftJson, printDrift } from "../output/drift.ts";
import { printFacts } from "../output/facts.ts";
import { printTarget, printTargets, targetJson } from "../output/target.ts";
import { ageFacts } from "../output/target-age.ts";
import { collectPages } from "../pages.ts";
import { tryThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

/** The named pool, the profile's, or the one of this machine. Throws UsageError when nothing says which. */
export async function findPool(
  context: Context,
  connection: Connection,
  access: Access,
  named: string | undefined,
): Promise<string> {
  const known = named ?? access.profile.pool;
  if (known !== undefined) return known;
  const endpoint = await tryThisEndpoint(access, context.environment);
  if (endpoint === undefined) throw new UsageError("no pool is named; `pacpool pool list` has them");
  const answer = await connection.endpoints.getEndpoint({ endpoint }, { signal: context.signal });
  return answer.endpoint?.pool ?? "";
}

export const targetVerbs = {
  show: verb({
    options: (yargs) =>
      yargs
        .positional("pool", { type: "string", describe: "name or id; this machine's when left out" })
        .option("revision", { type: "number", default: 0, requiresArg: true, describe: "the newest when left out" })
        .example("$0 target show main", "")
        .example("$0 target show main --revision 3", ""),
    run: async (context) =>
      await withServer(context, async (connection, access) => {
        const { options, terminal, signal } = context;
        const pool = await findPool(context, connection, access, options.pool);
        const revision = revisionOf(options.revision, "--revision");
        const { target } = await connection.targets.getTarget({ pool, revision }, { signal });
        if (target === undefined) throw new Error("the server answered without a target");
        const found = decodeTarget(target);
        if (options.output === "json") {
          terminal.printJson(targetJson(found));
          return undefined;
        }
        printTarget(terminal, found);
        const answer = await connection.pools.getPool({ pool }, { signal });
        const shown = answer.pool === undefined ? undefined : decodePool(answer.pool);
        // Of an older one it would be no news.
        if (shown?.target?.revision === found.revision) printFacts(terminal, ageFacts(terminal, shown));
        return undefined;
      }),
  }),

  history: verb({
    options: (yargs) =>
      yargs
        .positional("pool", { type: "string", describe: "name or id; this machine's when left out" })
        .option("limit", { type: "number", default: 50, requiresArg: true, describe: "at most that many" })
        .example("$0 target history main", "newest first; [bad] was marked by a revert"),
    run: async (context) =>
      await withServer(context, async (connection, access) => {
        const { options, terminal, signal } = context;
        const pool = await findPool(context, connection, access, options.pool);
        const wire = await collectPages(async (pageToken) => {
          const pageSize = Math.min(500, Math.max(1, options.limit));
          const page = await connection.targets.listTargets({ pool, pageSize, pageToken }, { signal });
          return { items: page.targets, nextPageToken: page.nextPageToken };
        }, options.limit);
        const targets = wire.map(decodeTarget);
        if (options.output === "json") terminal.printJson(targets.map(targetJson));
        else if (targets.length === 0)
          terminal.note(`Pool ${pool} has no target yet; take one with \`pacpool set-latest\`.`);
        else printTargets(terminal, targets);
        return undefined;
      }),
  }),

  diff: verb({
    options: (yargs) =>
      yargs
        .positional("from", { type: "number", demandOption: true, describe: "a revision" })
        .positional("to", { type: "number", describe: "another one; the newest when left out" })
        .option("pool", { type: "string", requiresArg: true, describe: "name or id; this machine's when left out" })
        .example("$0 target diff 3 --pool main", "what changed since revision 3"),
    run: async (context) => {
      const { options, terminal, signal } = context;
      const fromRevision = revisionOf(options.from, "the first revision");
      const toRevision = revisionOf(options.to ?? 0, "the second revision");
      return await withServer(context, async (connection, access) => {
        const pool = await findPool(context, connection, access, options.pool);
        const answer = await connection.targets.diffTargets({ pool, fromRevision, toRevision }, { signal });
        const lines = answer.items.map(decodeDriftItem);
        if (options.output === "json") terminal.printJson(lines.map(driftJson));
        else if (lines.length === 0)
          terminal.note("Nothing differs between the two; `pacpool target history` has others.");
        else printDrift(terminal, lines, ["BEFORE", "AFTER"]);
        return undefined;
      });
    },
  }),
} as const;

/** Throws UsageError for anything but a whole number from 0 on. */
export function revisionOf(value: number, what: string): bigint {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UsageError(`${what} must be a whole number; see \`pacpool target history\``);
  return BigInt(value);
}
