// `pacpool target verify`: which machines have every file that they need for a target. Waits while the server still fetches.
import { setTimeout as sleep } from "node:timers/promises";
import type { TargetReach } from "../../domain/files/target-reach.ts";
import { decodeTargetReach } from "../../rpc/codec/target-reach.ts";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { EXIT } from "../exit-code.ts";
import { isWhole, printReach, progressLine, reachJson } from "../output/target-reach.ts";
import type { Terminal } from "../terminal.ts";
import { type Context, verb } from "../verb.ts";
import { findPool, revisionOf } from "./target.ts";

/** Between two looks while the server fetches; its answer costs some milliseconds per distinct set of packages. */
const LOOK_MS = 1_000;

export const targetVerify = verb({
  options: (yargs) =>
    yargs
      .positional("revision", { type: "number", describe: "the newest when left out" })
      .option("pool", { type: "string", requiresArg: true, describe: "name or id; this machine's when left out" })
      .option("wait", {
        type: "boolean",
        default: true,
        describe: "until every source has been tried; --no-wait to look",
      })
      .example("$0 target verify --pool main", "exits 1 when a file is missing")
      .example("$0 target verify 3 --pool main -o json", "an older revision"),
  run: async (context) =>
    await withServer(context, async (connection, access) => {
      const { options, terminal } = context;
      const revision = revisionOf(options.revision ?? 0, "the revision");
      const pool = await findPool(context, connection, access, options.pool);
      const reach = await look(context, connection, { pool, revision, wait: options.wait });
      if (options.output === "json") terminal.printJson(reachJson(reach));
      else printReach(terminal, reach);
      return isWhole(reach) ? EXIT.done : EXIT.failed;
    }),
});

interface Question {
  readonly pool: string;
  readonly revision: bigint;
  readonly wait: boolean;
}

async function look(
  { terminal, options, signal }: Context,
  connection: Connection,
  { wait, ...question }: Question,
): Promise<TargetReach> {
  const progress = openProgress(terminal, options.output === "json");
  for (;;) {
    const reach = decodeTargetReach(await connection.targets.verifyTarget(question, { signal }));
    if (!reach.fetching || !wait) {
      progress.close();
      return reach;
    }
    progress.show(reach);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** One line: drawn over in a terminal, said once elsewhere. */
function openProgress(terminal: Terminal, isQuiet: boolean) {
  let said = "";
  return {
    show(reach: TargetReach): void {
      if (isQuiet) return;
      if (terminal.isLive) terminal.draw(`\r\u001b[K${progressLine(reach)}`);
      else if (said === "") terminal.note(progressLine(reach));
      said = progressLine(reach);
    },
    close(): void {
      if (said !== "" && terminal.isLive) terminal.draw("\r\u001b[K");
    },
  };
}
