// `pacpool server`: loads and runs the server process.
import { verb } from "../verb.ts";
import { VERSION } from "../version.ts";

export const server = verb({
  options: (yargs) =>
    yargs
      .example("$0 server", "reads /etc/pacpool/server.toml and PACPOOL_... variables")
      .example("$0 server --config ./server.toml", "another configuration file"),
  run: async ({ options, environment }) => {
    const { loadServerConfig } = await import("../../server/config.ts");
    const { runServer } = await import("../../server/main.ts");
    await runServer({ config: loadServerConfig({ file: options.config, environment }), version: VERSION });
    return undefined;
  },
});
