// `pacpool update`: the everyday verb. A full upgrade of this machine by pacman itself, in this terminal; a check of the
// database; then this moment becomes the pool's target.
import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "../../rpc/connection.ts";
import { withServer } from "../connect.ts";
import { requireConsentPossible } from "../consent.ts";
import { takeTarget, tellTarget } from "../deed/take-target.ts";
import { EXIT } from "../exit-code.ts";
import { askLocalAgent } from "../local-agent.ts";
import { upgradeMachine } from "../machine/upgrade-machine.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

/** The agent looks as soon as pacman's lock is gone; its report takes a second. In ms. */
const REPORT_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

export const update = verb({
  options: (yargs) =>
    yargs
      .option("message", {
        type: "string",
        alias: "m",
        default: "",
        requiresArg: true,
        describe: "what this target is",
      })
      .option("pacman-config", { type: "string", requiresArg: true, describe: "pacman.conf of another root" })
      .option("pin-all", { type: "boolean", default: false, describe: "pin every version that differs afterwards" })
      .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask; pacman neither" })
      .example("$0 update -m 'May'", "pacman -Syu here, then `pacpool set-latest`")
      .example("$0 update --yes", "without questions"),
  run: async (context) => {
    const { message, pinAll, yes, pacmanConfig } = context.options;
    requireConsentPossible(context, yes);
    return await withServer(context, async (connection, access) => {
      const endpoint = await findThisEndpoint(access, context.environment);
      // Asked first: after the upgrade it would be too late to find out.
      await connection.endpoints.getEndpoint({ endpoint }, { signal: context.signal });
      const { loadAgentConfig } = await import("../../agent/config.ts");
      const configFile = pacmanConfig ?? loadAgentConfig({}).pacmanConfig;
      await upgradeMachine(context, configFile, yes);
      await untilReported(context, connection, endpoint);
      const target = await takeTarget(context, connection, { endpoint, message, pins: [], pinAll, shared: [] });
      tellTarget(context, target, endpoint);
      return undefined;
    });
  },
});

/** The server must have the machine's present set and view, or the target would be of a moment ago. */
async function untilReported(context: Context, connection: Connection, endpoint: string): Promise<void> {
  const { signal } = context;
  // Asked for a plan the agent looks at the machine before anything else; whether there is one does not matter here.
  await askLocalAgent(context, { do: "plan" }).catch(() => undefined);
  const { digest, viewDigest } = digestsOf(await askLocalAgent(context, { do: "status" }));
  const deadline = Date.now() + REPORT_TIMEOUT_MS;
  for (;;) {
    const { endpoint: known } = await connection.endpoints.getEndpoint({ endpoint }, { signal });
    if (known?.digest === digest && known.view?.digest === viewDigest) return;
    if (Date.now() > deadline) {
      throw new VerbFailure(EXIT.failed, "the machine was upgraded, but its agent did not report within a minute", {
        advice: "See `pacpool doctor`; afterwards `pacpool set-latest` makes this moment the target.",
      });
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

function digestsOf(status: unknown): { readonly digest: string; readonly viewDigest: string } {
  const { digest, viewDigest } = status as { readonly digest?: unknown; readonly viewDigest?: unknown };
  if (typeof digest !== "string" || typeof viewDigest !== "string") {
    throw new VerbFailure(EXIT.failed, "the agent does not say what it has; restart it after the upgrade of pacpool");
  }
  return { digest, viewDigest };
}
