// `pacpool agent`: loads and runs the agent process, or forgets its identity.
import { runAgentProcess } from "../start-agent.ts";
import { verb } from "../verb.ts";

export const agentVerbs = {
  run: verb({
    options: (yargs) =>
      yargs
        .option("pacman-config", { type: "string", requiresArg: true, describe: "pacman.conf of the root to manage" })
        .option("state-dir", { type: "string", requiresArg: true, describe: "identity, journal, kept files" })
        .option("run-dir", { type: "string", requiresArg: true, describe: "socket and status file" })
        .example("$0 agent", "reads /etc/pacpool/agent.toml and PACPOOL_... variables")
        .example("$0 agent --pacman-config /mnt/etc/pacman.conf --state-dir /srv/mnt-agent", "another root"),
    run: async ({ options }) => {
      const { config, pacmanConfig, stateDir, runDir, server, ca } = options;
      await runAgentProcess({ config, pacmanConfig, stateDir, runDir, server, ca });
      return undefined;
    },
  }),

  reset: verb({
    options: (yargs) =>
      yargs
        .option("state-dir", {
          type: "string",
          requiresArg: true,
          describe: "of the agent, when it is not the usual one",
        })
        .example("$0 agent reset", "on a clone or before making an image; join again afterwards"),
    run: async ({ options, terminal }) => {
      const { loadAgentConfig } = await import("../../agent/config.ts");
      const { resetAgent } = await import("../../agent/identity.ts");
      const { openInstanceLock } = await import("../../agent/instance-lock.ts");
      const { stateDir } = loadAgentConfig({ config: options.config, stateDir: options.stateDir });
      // A running agent would write its identity's state again.
      await using _lock = await openInstanceLock(stateDir);
      const had = await resetAgent(stateDir);
      terminal.note(
        had ? "The identity is forgotten; `pacpool join CODE` makes a new one." : "There was no identity to forget.",
      );
      return undefined;
    },
  }),
} as const;
