// `pacpool update`: the everyday verb. A full upgrade of this machine to the newest of its own repositories, in one
// transaction that is simulated before and proven after, like every other operation; then this moment becomes the pool's
// target, unless the proof failed.
import { setTimeout as delay } from "node:timers/promises";
import type { Target } from "../../domain/target/target.ts";
import { decodePool } from "../../rpc/codec/pool.ts";
import type { Connection } from "../../rpc/connection.ts";
import { type Access, withServer } from "../connect.ts";
import { requireConsentPossible } from "../consent.ts";
import { runHere } from "../deed/run-here.ts";
import { takeTarget, tellTarget } from "../deed/take-target.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { agentAnswers, askLocalAgent } from "../local-agent.ts";
import { openOwnHand } from "../machine/open-own-hand.ts";
import { counted } from "../output/words.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

/** The agent looks as soon as pacman's lock is gone; its report takes a second. In ms. */
const REPORT_TIMEOUT_MS = 60_000;
const POLL_MS = 250;

interface UpdateOptions {
  readonly message: string;
  readonly pinAll: boolean;
  readonly evenBad: boolean;
  readonly yes: boolean;
}

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
      .option("pin-all", { type: "boolean", default: false, describe: "pin every version that differs afterwards" })
      .option("even-bad", {
        type: "boolean",
        default: false,
        describe: "take the target also when it is what a revert has marked bad",
      })
      .option("offline", {
        type: "boolean",
        default: false,
        describe: "upgrade and prove only; take the target another time",
      })
      .option("yes", { type: "boolean", alias: "y", default: false, describe: "do not ask" })
      .example("$0 update -m 'May'", "full upgrade here, proof, then `pacpool set-latest`")
      .example("$0 update --yes", "without questions"),
  run: async (context) => {
    const { offline, yes } = context.options;
    requireConsentPossible(context, yes);
    if (offline) return await upgradeHere(context, yes, false);
    return await withServer(context, (connection, access) =>
      updateAndTake(context, connection, access, context.options),
    );
  },
});

async function updateAndTake(
  context: Context,
  connection: Connection,
  access: Access,
  { message, pinAll, evenBad, yes }: UpdateOptions,
): Promise<ExitCode> {
  const endpoint = await findThisEndpoint(access, context.environment);
  // Asked first: after the upgrade it would be too late to find out.
  await connection.endpoints.getEndpoint({ endpoint }, { signal: context.signal });
  if (!(await agentAnswers(context))) {
    throw new VerbFailure(
      EXIT.failed,
      "the agent of this machine does not answer, so the server would not hear of it",
      {
        advice: "Start it (systemctl start pacpool-agent), or only upgrade with `pacpool update --offline`.",
      },
    );
  }
  const upgraded = await upgradeHere(context, yes, true);
  if (upgraded !== EXIT.done) {
    context.terminal.note("No target was taken: the machine is not proven to be well.");
    return upgraded;
  }
  await untilReported(context, connection, endpoint);
  const wish = { endpoint, message, pins: [], pinAll, shared: [], evenBad };
  const target = await takeTarget(context, connection, wish);
  tellTarget(context, target, endpoint);
  await tellFollowers(context, connection, endpoint, target);
  return EXIT.done;
}

async function upgradeHere(context: Context, isAgreed: boolean, isSilent: boolean): Promise<ExitCode> {
  await using hand = await openOwnHand(context, { root: undefined });
  const nothing = "Every package is the newest of this machine's repositories.";
  return await runHere(context, hand, { kind: "update" }, { isAgreed, nothing, isSilent });
}

/** The server must have the machine's present set and view, or the target would be of a moment ago. */
async function untilReported(context: Context, connection: Connection, endpoint: string): Promise<void> {
  const { signal } = context;
  const deadline = Date.now() + REPORT_TIMEOUT_MS;
  for (;;) {
    const { digest, viewDigest } = digestsOf(await askLocalAgent(context, { do: "status" }));
    const { endpoint: known } = await connection.endpoints.getEndpoint({ endpoint }, { signal });
    // The class is the server's to find out, from databases that it has whole.
    const isWhole = known?.view?.digest === viewDigest && known.view.class !== "";
    if (known?.digest === digest && isWhole) return;
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

async function tellFollowers(
  { terminal, options, signal }: Context,
  connection: Connection,
  endpoint: string,
  { revision }: Target,
): Promise<void> {
  if (options.output === "json") return;
  const { endpoint: source } = await connection.endpoints.getEndpoint({ endpoint }, { signal });
  const { pool } = await connection.pools.getPool({ pool: source?.poolId ?? "" }, { signal });
  if (pool === undefined) return;
  const { name, counts } = decodePool(pool);
  const behind = counts.behind + counts.diverged;
  if (behind === 0) return;
  terminal.note(
    `${counted(behind, "machine")} of ${name} not at target ${String(revision)} yet: pacpool sync --pool ${name}`,
  );
}
