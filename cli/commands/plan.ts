// `pacpool plan`: a dry run that tells the truth, because the endpoint's own pacman computed the end state on a copy.
import type { Plan } from "../../domain/plan/plan.ts";
import { withServer } from "../connect.ts";
import { askPlan } from "../deed/collect-plans.ts";
import { refusalText } from "../deed/show-plans.ts";
import { EXIT } from "../exit-code.ts";
import { askLocalAgent, localFallback } from "../local-agent.ts";
import { openOwnHand } from "../machine/open-own-hand.ts";
import { planJson, printPlan } from "../output/plan.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

export const plan = verb({
  options: (yargs) =>
    yargs
      .positional("endpoint", { type: "string", describe: "name or id; this machine when left out" })
      .option("revert", { type: "boolean", default: false, describe: "plan the way back instead" })
      .option("root", {
        type: "string",
        requiresArg: true,
        describe: "with --revert: the system that is mounted there",
      })
      .option("offline", {
        type: "boolean",
        default: false,
        describe: "with --revert: this machine, without asking the server",
      })
      .example("$0 plan", "what a sync of this machine would do; changes nothing")
      .example("$0 plan borealis --revert", "what a revert of another one would do"),
  run: async (context) => {
    const { signal, environment, options } = context;
    if (options.root !== undefined || options.offline) {
      if (!options.revert || options.endpoint !== undefined) {
        throw new UsageError("--root and --offline are for the way back of this machine: `pacpool plan --revert`");
      }
      await using hand = await openOwnHand(context, { root: options.root, isLooking: true });
      show(context, await hand.plan({ kind: "revert" }), hand.name);
      return undefined;
    }
    const fromServer = async (): Promise<void> => {
      await withServer(context, async (connection, access) => {
        const endpoint = options.endpoint ?? (await findThisEndpoint(access, environment));
        const outcome = await askPlan(connection, { endpoint, revert: options.revert }, signal);
        if (outcome.kind === "error") throw outcome.error;
        if (outcome.kind === "refusal") {
          throw new VerbFailure(EXIT.refused, `${endpoint} has no plan: ${refusalText(outcome.refusal)}`);
        }
        show(context, outcome.plan, endpoint);
      });
    };
    const fromAgent = async (): Promise<void> => {
      const status = await askLocalAgent(context, { do: "status" });
      const answer = await askLocalAgent(context, { do: "plan", revert: options.revert });
      // The agent sends the plan as it has it; both are of one installation.
      show(context, answer as Plan, nameOf(status));
    };
    await (options.endpoint === undefined ? localFallback(context, fromServer, fromAgent) : fromServer());
    return undefined;
  },
});

function show({ terminal, options }: Context, found: Plan, endpoint: string): void {
  if (options.output === "json") terminal.printJson(planJson(found, endpoint));
  else printPlan(terminal, found, endpoint);
}

function nameOf(status: unknown): string {
  const name = typeof status === "object" && status !== null && "name" in status ? status.name : undefined;
  return typeof name === "string" ? name : "this machine";
}
