// `pacpool waybar`: hands over to the WayBar module, which always prints a line and exits 0, except for bad arguments.
import { EXIT } from "../exit-code.ts";
import { followBar } from "../follow-bar.ts";
import { verb } from "../verb.ts";

export const waybarVerbs = {
  follow: verb({
    options: (yargs) =>
      yargs
        .option("once", { type: "boolean", default: false, describe: "one line, then end" })
        .option("endpoint", { type: "string", requiresArg: true, describe: "another machine, from the server" })
        .option("pool", { type: "string", requiresArg: true, describe: "a pool, from the server" })
        .option("fleet", { type: "boolean", describe: "all pools, from the server" })
        .option("text", { type: "string", requiresArg: true, describe: 'the text, for example "{icon} {behind}"' })
        .option("tooltip", { type: "string", requiresArg: true, describe: "the tooltip; fields as in --text" })
        .option("hide-in-sync", { type: "boolean", describe: "no text while all is well: WayBar hides the module" })
        .conflicts({ endpoint: ["pool", "fleet"], pool: ["fleet"] })
        .example("$0 waybar", "what WayBar runs: one JSON line per change")
        .example("$0 waybar --once --pool main", "one line for a pool"),
    run: async ({ options, environment, signal }) => {
      const { endpoint, pool, fleet = false, once, text, tooltip, hideInSync } = options;
      await followBar({ endpoint, pool, fleet, once, text, tooltip, hideInSync }, environment, signal, options);
      return EXIT.done;
    },
  }),
} as const;
