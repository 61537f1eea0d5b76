// `pacpool agent apply-waiting`: tells this machine's agent that the machine goes down, and follows what begins by that to its
// end. For the unit that runs at shutdown.
import { setTimeout as delay } from "node:timers/promises";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { askLocalAgent } from "../local-agent.ts";
import { type Context, verb } from "../verb.ts";

const POLL_MS = 500;

interface Seen {
  readonly state: string;
  readonly message: string;
}

export const applyWaiting = verb({
  options: (yargs) =>
    yargs.example("$0 agent apply-waiting", "begins what waits for the shutdown (apply = shutdown, missed windows)"),
  run: async (context): Promise<ExitCode | undefined> => {
    const { orders } = (await askLocalAgent(context, { do: "shut-down" })) as { readonly orders: readonly string[] };
    if (orders.length === 0) {
      context.terminal.note("Nothing waits for the shutdown.");
      return undefined;
    }
    const states: string[] = [];
    for (const id of orders) states.push(await follow(context, id));
    return states.every((state) => state === "succeeded") ? EXIT.done : EXIT.failed;
  },
});

async function follow(context: Context, id: string): Promise<string> {
  let said = "";
  for (;;) {
    const { state, message } = (await askLocalAgent(context, { do: "operation", id })) as Seen;
    const line = message === "" ? `${id}: ${state}` : `${id}: ${message}`;
    if (line !== said) context.terminal.note(line);
    said = line;
    if (state !== "queued" && state !== "running") return state;
    await delay(POLL_MS, undefined, { signal: context.signal });
  }
}
