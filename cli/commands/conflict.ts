// `pacpool conflict ...`: packages that machines changed by themselves, and what becomes of them.
import { randomUUID } from "node:crypto";
import { Refusal } from "../../domain/refusal.ts";
import { type ConflictView, decodeConflict, encodeConflictTake } from "../../rpc/codec/policy.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { conflictJson, printConflicts } from "../output/conflict.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

const MEANING =
  "A conflict is a package that a machine changed by itself while the target wants another version. The pool's mode says what becomes of it (`pacpool pool edit POOL --conflicts MODE`); a choice made here wins, and holds until the pool has another target.";

export const conflictVerbs = {
  list: verb({
    options: (yargs) =>
      yargs
        .positional("endpoint", { type: "string", describe: "name or id; all when left out" })
        .option("pool", { type: "string", requiresArg: true, describe: "only that pool's machines" })
        .option("undecided", { type: "boolean", default: false, describe: "only those that wait for a person" })
        .epilogue(MEANING)
        .example("$0 conflict list", "what machines changed by themselves")
        .example("$0 conflict list --undecided -o json", "what waits for you"),
    run: async (context) =>
      await withServer(context, async (connection) => {
        const { endpoint = "", pool = "", undecided } = context.options;
        const request = { endpoint, pool, undecidedOnly: undecided };
        const answer = await connection.policies.listConflicts(request, { signal: context.signal });
        show(context, answer.conflicts.map(decodeConflict));
        if (answer.truncated) context.terminal.note("There are more; name a pool or an endpoint.");
        return undefined;
      }),
  }),

  resolve: verb({
    options: (yargs) =>
      yargs
        .positional("package", {
          type: "string",
          array: true,
          default: [] as string[],
          describe: "an endpoint first (this machine when left out), then names of packages",
        })
        .option("endpoint", { type: "string", requiresArg: true, describe: "name or id: then all words are packages" })
        .option("take", {
          choices: ["target", "current"] as const,
          demandOption: true,
          requiresArg: true,
          describe: "target: move to the target's version; current: keep what the machine has",
        })
        .option("all", { type: "boolean", default: false, describe: "every package that nobody has decided" })
        .epilogue(MEANING)
        .example("$0 conflict resolve borealis firefox --take current", "borealis keeps its firefox")
        .example("$0 conflict resolve firefox --take target", "this machine takes the target's")
        .example("$0 conflict resolve --all --take target", "this machine follows the target everywhere"),
    repeatable: ["package"],
    run: async (context) => {
      const { package: words, all, take, endpoint: named } = context.options;
      if (words.length === 0 && !all) throw new UsageError("name packages, or say --all");
      return await withServer(context, async (connection, access) => {
        const meant =
          named === undefined && (await isEndpointFirst(context, connection, words, all)) ? words[0] : named;
        const packages = meant === named ? words : words.slice(1);
        if ((packages.length === 0) !== all) throw new UsageError("name packages, or say --all and no names");
        const endpoint = meant ?? (await findThisEndpoint(access, context.environment));
        const request = {
          idempotencyKey: randomUUID(),
          endpoint,
          packages,
          allUndecided: all,
          take: encodeConflictTake(take),
        };
        const answer = await connection.policies.resolveConflicts(request, { signal: context.signal });
        show(context, answer.conflicts.map(decodeConflict));
        return undefined;
      });
    },
  }),
} as const;

/** One word alone is a package; of several, or beside --all, the first is an endpoint when the server knows one of that name. */
async function isEndpointFirst(
  { signal }: Context,
  connection: Connection,
  words: readonly string[],
  all: boolean,
): Promise<boolean> {
  const [first] = words;
  if (first === undefined || (words.length === 1 && !all)) return false;
  try {
    await connection.endpoints.getEndpoint({ endpoint: first }, { signal });
    return true;
  } catch (error) {
    if (error instanceof Refusal && (error.reason === "ENDPOINT_NOT_FOUND" || error.reason === "INVALID_FIELD"))
      return false;
    throw error;
  }
}

function show({ options, terminal }: Context, conflicts: readonly ConflictView[]): void {
  if (options.output === "json") {
    terminal.printJson(conflicts.map(conflictJson));
    return;
  }
  if (conflicts.length === 0) terminal.note("No machine changed a package by itself.");
  else printConflicts(terminal, conflicts);
  const undecided = conflicts.filter((one) => one.take === undefined);
  const [first] = undecided;
  if (first === undefined) return;
  terminal.note(
    `Choose with \`pacpool conflict resolve ${first.endpoint} ${first.name} --take target\` or \`--take current\`.`,
  );
}
