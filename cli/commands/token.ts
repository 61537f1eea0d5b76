// `pacpool token create`: the one word that a new machine needs.
import { randomUUID } from "node:crypto";
import { withServer } from "../connect.ts";
import { clean } from "../output/clean.ts";
import { jsonTime } from "../output/json.ts";
import { counted, localTime } from "../output/words.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";

const HOUR_SECONDS = 3_600;

export const createToken = verb({
  options: (yargs) =>
    yargs
      .option("pool", {
        type: "string",
        requiresArg: true,
        describe: "where new machines come into; unassigned when left out",
      })
      .option("uses", { type: "number", default: 1, requiresArg: true, describe: "how many machines may use it" })
      .option("hours", {
        type: "number",
        default: 24,
        requiresArg: true,
        describe: "how long it is valid, at most 2160",
      })
      .example("$0 token create --pool main", "prints the line to type on the next machine")
      .example("$0 token create --pool lab --uses 40 --hours 8 -o json", "for an installer"),
  run: async (context) => {
    const { options, terminal, signal, environment } = context;
    const { uses, hours } = options;
    if (!Number.isInteger(uses) || uses < 1) throw new UsageError("--uses takes a whole number from 1 on");
    if (!(hours > 0 && hours <= 2_160))
      throw new UsageError("--hours takes a number above 0 and at most 2160 (90 days)");
    return await withServer(context, async (connection, access) => {
      const pool = options.pool ?? environment["PACPOOL_POOL"] ?? access.profile.pool ?? "";
      const validFor = { seconds: BigInt(Math.round(hours * HOUR_SECONDS)), nanos: 0 };
      const request = { idempotencyKey: randomUUID(), pool, uses, validFor };
      const made = await connection.access.createToken(request, { signal });
      const { id, token, joinCode, expiresAt } = made;
      const expiresAtMs = expiresAt?.getTime() ?? 0;
      if (options.output === "json") {
        terminal.printJson({ id, token, joinCode, expiresAt: jsonTime(expiresAtMs), pool, uses });
        return undefined;
      }
      terminal.note(`On the next machine (${counted(uses, "use")}, until ${localTime(expiresAtMs)}):`);
      terminal.print(`pacpool join ${clean(joinCode)}`);
      return undefined;
    });
  },
});
