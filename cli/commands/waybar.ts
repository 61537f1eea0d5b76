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
        .option("fleet", { type: "boolean", default: false, describe: "all pools, from the server" })
        .conflicts({ endpoint: ["pool", "fleet"], pool: ["fleet"] })
        .example("$0 waybar", "what WayBar runs: one JSON line per change")
        .example("$0 waybar --once --pool main", "one line for a pool"),
    run: async ({ options, environment, signal }) => {
      const { endpoint, pool, fleet, once } = options;
      await followBar({ endpoint, pool, fleet, once }, environment, signal, options);
      return EXIT.done;
    },
  }),

  config: verb({
    options: (yargs) => yargs.example("$0 waybar config", "paste it into ~/.config/waybar/config.jsonc"),
    run: async ({ terminal }) => {
      const { sampleConfig } = await import("../../waybar/sample.ts");
      terminal.print(sampleConfig("pacpool").trimEnd());
      return undefined;
    },
  }),

  style: verb({
    options: (yargs) => yargs.example("$0 waybar style", "paste it into ~/.config/waybar/style.css"),
    run: async ({ terminal }) => {
      const { sampleStyle } = await import("../../waybar/sample.ts");
      terminal.print(sampleStyle().trimEnd());
      return undefined;
    },
  }),
} as const;
