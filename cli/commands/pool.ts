// `pacpool pool ...`: endpoints that share targets and a policy.
import { randomUUID } from "node:crypto";
import { CONFLICT_MODES, type ConflictMode } from "../../domain/policy/resolve-conflicts.ts";
import { encodeConflictMode } from "../../rpc/codec/policy.ts";
import { decodePool, type PoolView } from "../../rpc/codec/pool.ts";
import { encodeMode } from "../../rpc/codec/target.ts";
import { withServer } from "../connect.ts";
import { poolJson, printPool, printPools } from "../output/pool.ts";
import { collectPages } from "../pages.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

const MODES = ["versions", "mirror"] as const;
const MODE_HELP = "versions: what a machine has takes its version from the target; mirror: the source's whole set";

const CONFLICTS_HELP =
  "where a machine changed a package by itself: use-target, keep-current, newest, oldest, or manual (a person decides)";
const APPLY = ["never", "ask", "window", "shutdown", "auto"] as const;
const REBOOT = ["never", "ask", "window"] as const;
const MISSED = ["boot", "next", "shutdown", "now"] as const;
const STRICTER = "the stricter of this and the machine's own agent.toml counts; '' says nothing";

interface PolicyOptions {
  readonly conflicts: ConflictMode | undefined;
  readonly downgrade: "allow" | "refuse" | undefined;
  readonly apply: string | undefined;
  readonly reboot: string | undefined;
  readonly window: readonly string[] | undefined;
  readonly missedWindow: string | undefined;
}

/** Only what was said: the server changes what is there. */
function policyChange(options: PolicyOptions) {
  const { conflicts, downgrade, apply, reboot, window, missedWindow } = options;
  return {
    ...(conflicts === undefined ? {} : { conflicts: encodeConflictMode(conflicts) }),
    ...(downgrade === undefined ? {} : { allowDowngrade: downgrade === "allow" }),
    ...(apply === undefined ? {} : { apply }),
    ...(reboot === undefined ? {} : { reboot }),
    ...(window === undefined ? {} : { windows: { windows: window.filter((one) => one !== "") } }),
    ...(missedWindow === undefined ? {} : { missedWindow }),
  };
}

export const poolVerbs = {
  list: verb({
    options: (yargs) => yargs.example("$0 pool list", "all pools with their counts"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { signal, options, terminal } = context;
        const wire = await collectPages(async (pageToken) => {
          const page = await connection.pools.listPools({ pageToken }, { signal });
          return { items: page.pools, nextPageToken: page.nextPageToken };
        });
        const pools = wire.map(decodePool);
        if (options.output === "json") terminal.printJson(pools.map(poolJson));
        else if (pools.length === 0) terminal.note("There is no pool yet; make one with `pacpool pool create NAME`.");
        else printPools(terminal, pools);
        return undefined;
      }),
  }),

  show: verb({
    options: (yargs) =>
      yargs
        .positional("pool", { type: "string", demandOption: true, describe: "name or id" })
        .example("$0 pool show main", "its target and how many machines have it"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { pool } = await connection.pools.getPool({ pool: context.options.pool }, { signal: context.signal });
        return showPool(context, pool === undefined ? undefined : decodePool(pool));
      }),
  }),

  create: verb({
    options: (yargs) =>
      yargs
        .positional("pool", {
          type: "string",
          demandOption: true,
          describe: "lower-case letters, digits, dots, dashes",
        })
        .option("mode", { choices: MODES, default: "versions" as const, describe: MODE_HELP })
        .option("description", { type: "string", default: "", requiresArg: true, describe: "what the pool is for" })
        .example("$0 pool create studio", "")
        .example("$0 pool create kiosks --mode mirror", "machines that shall be exactly alike"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { pool: name, mode, description } = context.options;
        const request = { idempotencyKey: randomUUID(), name, mode: encodeMode(mode), description };
        const { pool } = await connection.pools.createPool(request, { signal: context.signal });
        return showPool(context, pool === undefined ? undefined : decodePool(pool));
      }),
  }),

  edit: verb({
    options: (yargs) =>
      yargs
        .positional("pool", { type: "string", demandOption: true, describe: "name or id" })
        .option("name", { type: "string", requiresArg: true, describe: "the new name" })
        .option("description", { type: "string", requiresArg: true, describe: "what the pool is for" })
        .option("mode", { choices: MODES, describe: `${MODE_HELP}; counts from the next set-latest` })
        .option("conflicts", { choices: CONFLICT_MODES, requiresArg: true, describe: CONFLICTS_HELP })
        .option("downgrade", {
          choices: ["allow", "refuse"] as const,
          requiresArg: true,
          describe: "whether a plan may bring packages to older versions; a revert always may",
        })
        .option("apply", { choices: [...APPLY, ""], describe: `how far machines may act by themselves; ${STRICTER}` })
        .option("reboot", { choices: [...REBOOT, ""], describe: `whether they may restart; ${STRICTER}` })
        .option("window", {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "when they may, e.g. 'Sat 02:00-04:00'; repeat for more, '' for none",
        })
        .option("missed-window", { choices: [...MISSED, ""], describe: "when, if a machine was off in its window" })
        .option("stale-after", {
          type: "number",
          requiresArg: true,
          describe: "days from which on a target is called old; 0 never",
        })
        .example("$0 pool edit studio --description 'the desks upstairs'", "")
        .example("$0 pool edit studio --conflicts manual --downgrade refuse", "a person decides, and nothing goes back")
        .example("$0 pool edit studio --apply window --window 'Sat 02:00-04:00'", ""),
    repeatable: ["window"],
    run: async (context) => {
      const { pool: which, name, description, mode, staleAfter } = context.options;
      const policy = policyChange(context.options);
      if (staleAfter !== undefined && !(Number.isInteger(staleAfter) && staleAfter >= 0 && staleAfter <= 3_650)) {
        throw new UsageError("--stale-after takes a whole number of days from 0 to 3650");
      }
      if ([name, description, mode, staleAfter, ...Object.values(policy)].every((one) => one === undefined)) {
        throw new UsageError("say what to change, for example --description or --conflicts; --help has all of it");
      }
      return await withServer(context, async (connection) => {
        const request = {
          idempotencyKey: randomUUID(),
          pool: which,
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          ...(mode === undefined ? {} : { mode: encodeMode(mode) }),
          ...(staleAfter === undefined ? {} : { staleAfterDays: staleAfter }),
          ...policy,
        };
        const { pool } = await connection.pools.updatePool(request, { signal: context.signal });
        return showPool(context, pool === undefined ? undefined : decodePool(pool));
      });
    },
  }),

  remove: verb({
    options: (yargs) =>
      yargs
        .positional("pool", { type: "string", demandOption: true, describe: "name or id of an empty pool" })
        .example("$0 pool delete studio", "endpoints must have been moved away before"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { pool } = context.options;
        await connection.pools.deletePool({ idempotencyKey: randomUUID(), pool }, { signal: context.signal });
        context.terminal.note(`Pool ${pool} is gone.`);
        return undefined;
      }),
  }),
} as const;

function showPool({ options, terminal }: Context, pool: PoolView | undefined): undefined {
  if (pool === undefined) throw new Error("the server answered without a pool");
  if (options.output === "json") terminal.printJson(poolJson(pool));
  else printPool(terminal, pool);
  return undefined;
}
