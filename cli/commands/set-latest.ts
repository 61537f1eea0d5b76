// `pacpool set-latest`: this moment of a machine becomes what its pool should be. Changes no package anywhere.
import { withServer } from "../connect.ts";
import { takeTarget, tellTarget } from "../deed/take-target.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError } from "../usage-error.ts";
import { verb } from "../verb.ts";

export const setLatest = verb({
  repeatable: ["pin", "shared"],
  options: (yargs) =>
    yargs
      .option("endpoint", { type: "string", requiresArg: true, describe: "the source; this machine when left out" })
      .option("message", {
        type: "string",
        alias: "m",
        default: "",
        requiresArg: true,
        describe: "what this target is",
      })
      .option("pin", {
        type: "string",
        array: true,
        default: [] as string[],
        requiresArg: true,
        describe: "keep the installed version of NAME although the repositories have another",
      })
      .option("pin-all", { type: "boolean", default: false, describe: "pin every version that differs" })
      .option("shared", {
        type: "string",
        array: true,
        default: [] as string[],
        requiresArg: true,
        describe: "names that every machine must have from now on; else the pool's present ones stay",
      })
      .option("even-bad", {
        type: "boolean",
        default: false,
        describe: "also when it is what a revert has marked bad",
      })
      .option("expect", { type: "number", requiresArg: true, describe: "only if that revision is still the newest" })
      .option("yes", { type: "boolean", alias: "y", default: false, hidden: true })
      .option("pool", { type: "string", requiresArg: true, describe: "only if the source is in this pool" })
      .example("$0 set-latest -m 'May, tested'", "this machine's moment becomes the target")
      .example("$0 set-latest --endpoint atlas --pin linux", "another's, with one version pinned"),
  run: async (context) =>
    await withServer(context, async (connection, access) => {
      const { options, signal, environment } = context;
      const endpoint = options.endpoint ?? (await findThisEndpoint(access, environment));
      if (options.pool !== undefined) {
        const answer = await connection.endpoints.getEndpoint({ endpoint }, { signal });
        const { pool = "", poolId = "" } = answer.endpoint ?? {};
        if (options.pool !== pool && options.pool !== poolId) {
          throw new UsageError(
            `${endpoint} is in pool ${pool}, not in ${options.pool}; name a source of that pool with --endpoint`,
          );
        }
      }
      const target = await takeTarget(context, connection, {
        endpoint,
        message: options.message,
        pins: options.pin,
        pinAll: options.pinAll,
        shared: options.shared,
        evenBad: options.evenBad,
        expected: options.expect,
      });
      tellTarget(context, target, endpoint);
      return undefined;
    }),
});
