// `pacpool config ...`: reads every configuration file as the processes would, and says what is wrong or in force.

import { existsSync } from "node:fs";
import { resolveAccess } from "../connect.ts";
import { EXIT } from "../exit-code.ts";
import { lookFrom } from "../look.ts";
import { printFacts } from "../output/facts.ts";
import { type Environment, loadProfileFile } from "../profile.ts";
import { type Context, verb } from "../verb.ts";

interface FileCheck {
  readonly what: string;
  readonly file: string;
  /** Undefined when all is well. */
  readonly problem: string | undefined;
}

export const configVerbs = {
  check: verb({
    options: (yargs) =>
      yargs
        .option("server-config", { type: "string", requiresArg: true, describe: "instead of /etc/pacpool/server.toml" })
        .option("agent-config", { type: "string", requiresArg: true, describe: "instead of /etc/pacpool/agent.toml" })
        .example("$0 config check", "exits 2 when something is wrong"),
    run: async (context) => {
      const { terminal, options } = context;
      const checks = await checkFiles(context, options.serverConfig, options.agentConfig);
      if (options.output === "json") {
        terminal.printJson(
          checks.map((one) => ({ ...one, problem: one.problem ?? null, ok: one.problem === undefined })),
        );
      } else {
        for (const { what, file, problem } of checks) {
          const mark = problem === undefined ? terminal.paint("good", "ok  ") : terminal.paint("danger", "bad ");
          terminal.print(`${mark} ${what} (${file})${problem === undefined ? "" : `: ${problem}`}`);
        }
      }
      return checks.some(({ problem }) => problem !== undefined) ? EXIT.usage : EXIT.done;
    },
  }),

  show: verb({
    options: (yargs) =>
      yargs.example("$0 config show", "which server, which key, and who says so; secrets are not shown"),
    run: async (context) => {
      const { terminal, options, environment } = context;
      const access = resolveAccess(options, environment);
      const { path, isThere, profiles } = loadProfileFile(options.config, environment);
      const facts = {
        file: path,
        exists: isThere,
        profile: access.profileName,
        profiles: Object.keys(profiles),
        server: access.address,
        serverFrom: originOf(options.server, environment, "PACPOOL_SERVER", access.profile.server),
        ca: access.caFile ?? null,
        keyFrom: access.keySource ?? null,
        pool: access.profile.pool ?? null,
        endpoint: access.profile.endpoint ?? null,
      };
      if (options.output === "json") {
        terminal.printJson(facts);
        return undefined;
      }
      printFacts(terminal, [
        ["file", `${facts.file}${isThere ? "" : " (there is none)"}`],
        ["profile", `${facts.profile}${facts.profiles.length > 1 ? ` of ${facts.profiles.join(", ")}` : ""}`],
        ["server", `${facts.server} (${facts.serverFrom})`],
        ["authority", facts.ca ?? "the system's own"],
        ["key", facts.keyFrom === null ? "none" : `from ${facts.keyFrom}`],
        ["pool", facts.pool ?? ""],
        ["endpoint", facts.endpoint ?? ""],
      ]);
      return undefined;
    },
  }),
} as const;

export async function checkFiles(
  { options, environment }: Context,
  serverFile?: string,
  agentFile?: string,
): Promise<readonly FileCheck[]> {
  const { loadServerConfig } = await import("../../server/config.ts");
  const { loadAgentConfig } = await import("../../agent/config.ts");
  const named = serverFile ?? environment["PACPOOL_SERVER_CONFIG"] ?? "/etc/pacpool/server.toml";
  const agent = agentFile ?? environment["PACPOOL_AGENT_CONFIG"] ?? "/etc/pacpool/agent.toml";
  return [
    check("your profiles", options.config ?? "", () => {
      resolveAccess(options, environment);
      const file = loadProfileFile(options.config, environment);
      lookFrom(file, environment);
      const { path, isThere } = file;
      return isThere ? path : `${path}, there is none`;
    }),
    check("the server's configuration", named, () => {
      loadServerConfig({ file: serverFile, environment });
      return existing(named);
    }),
    check("the agent's configuration", agent, () => {
      loadAgentConfig({ config: agentFile });
      return existing(agent);
    }),
  ];
}

function existing(path: string): string {
  return existsSync(path) ? path : `${path}, there is none`;
}

function check(what: string, file: string, read: () => string): FileCheck {
  try {
    return { what, file: read(), problem: undefined };
  } catch (error) {
    return { what, file, problem: error instanceof Error ? error.message : String(error) };
  }
}

function originOf(
  option: string | undefined,
  environment: Environment,
  name: string,
  profile: string | undefined,
): string {
  if (option !== undefined) return "--server";
  if ((environment[name] ?? "") !== "") return name;
  return profile === undefined ? "the usual one" : "the profile";
}
