// `pacpool join CODE`: enrols this machine at a server that the code's fingerprint proves. Changes no package.
import { hostname } from "node:os";
import type { Identity } from "../../agent/identity.ts";
import { fetchAuthority, type JoinCode, parseJoinCode } from "../../rpc/join-code.ts";
import { EXIT } from "../exit-code.ts";
import { attempting } from "../failure.ts";
import { type Aim, findAim } from "../machine/aim.ts";
import { askStatus, bringAgent, prepareAgent } from "../machine/bring-agent.ts";
import { writeProfiles } from "../machine/profile-writer.ts";
import { until } from "../machine/until.ts";
import { clean } from "../output/clean.ts";
import { UsageError, VerbFailure } from "../usage-error.ts";
import { type Context, verb } from "../verb.ts";

const CONNECT_TIMEOUT_MS = 60_000;

export const join = verb({
  options: (yargs) =>
    yargs
      .positional("code", {
        type: "string",
        demandOption: true,
        describe: "what `pacpool init` or `pacpool token create` printed: HOST:PORT/FINGERPRINT/TOKEN",
      })
      .option("name", {
        type: "string",
        requiresArg: true,
        describe: "this machine's name; the host name when left out",
      })
      .option("replace", { type: "string", requiresArg: true, describe: "after a reinstall: the name that it had" })
      .option("pool", { type: "string", requiresArg: true, describe: "another pool than the code's" })
      .option("state-dir", { type: "string", requiresArg: true, describe: "identity, journal, logs" })
      .option("pacman-config", { type: "string", requiresArg: true, describe: "pacman.conf of another root" })
      .option("start", { type: "boolean", default: true, hidden: true })
      .option("no-start", { describe: "do not start the agent" })
      .example("sudo $0 join 192.168.1.20:7117/Zk3.../ppt_...", "then: pacpool status, pacpool plan")
      .example("sudo $0 join CODE --replace borealis", "the same machine, installed anew"),
  run: async (context) => {
    const { terminal, options, environment } = context;
    const code = readCode(options.code);
    if (options.name !== undefined && options.replace !== undefined) {
      throw new UsageError("give --name or --replace, not both: --replace is the name");
    }
    const aim = findAim(options, environment);
    const config = prepareAgent(aim, context);
    const identity = await attempting(`joining ${code.address}`, () =>
      bringIdentity(context, code, config.stateDir, options),
    );
    writeProfiles(
      {
        server: identity.server,
        ca: identity.ca,
        keyFile: undefined,
        pool: identity.pool,
        endpoint: identity.name,
        stateDir: aim.isUsual ? undefined : aim.stateDir,
      },
      options.config,
      environment,
      terminal,
    );
    if (options.start) {
      const started = await bringAgent(context, aim, config);
      const wait = {
        what: "the agent has reached the server",
        timeoutMs: CONNECT_TIMEOUT_MS,
        signal: context.signal,
        started,
      };
      await until(wait, async () => ((await askStatus(config.runDir))?.["online"] === true ? true : undefined));
    }
    tell(context, identity, aim);
    return undefined;
  },
});

function readCode(text: string): JoinCode {
  const code = parseJoinCode(text);
  if (code === undefined) {
    throw new UsageError(
      "this is no join code (HOST:PORT/FINGERPRINT/TOKEN); copy the whole word that `pacpool init` or `pacpool token create` printed",
    );
  }
  return code;
}

interface JoinOptions {
  readonly name?: string | undefined;
  readonly replace?: string | undefined;
  readonly pool?: string | undefined;
}

async function bringIdentity(
  { terminal, signal }: Context,
  code: JoinCode,
  stateDir: string,
  options: JoinOptions,
): Promise<Identity> {
  const { enrol } = await import("../../agent/enrol.ts");
  const { loadIdentity } = await import("../../agent/identity.ts");
  const present = await loadIdentity(stateDir);
  if (present !== undefined && options.replace === undefined) {
    if (present.server !== code.address) {
      throw new VerbFailure(EXIT.refused, `this machine is enrolled already as ${present.name} at ${present.server}`, {
        advice: "`pacpool agent reset` forgets that; then join again.",
      });
    }
    terminal.note(`This machine is enrolled already as ${present.name}; the code was not used.`);
    return present;
  }
  const ca = await fetchAuthority(code.address, code.fingerprint, signal);
  return await enrol({
    address: code.address,
    ca,
    token: code.token,
    name: options.replace ?? options.name ?? hostname(),
    pool: options.pool,
    replace: options.replace !== undefined,
    stateDir,
    signal,
  });
}

function tell({ terminal, options }: Context, identity: Identity, aim: Aim): void {
  const { name, pool, server, endpointId } = identity;
  if (options.output === "json") {
    terminal.printJson({ endpointId, name, pool, server });
    return;
  }
  const inPool = pool === "" ? "" : ` in pool ${clean(pool)}`;
  terminal.print(
    terminal.paint("good", `${clean(name)} is enrolled at ${clean(server)}${inPool}. No package was changed.`),
  );
  terminal.note("Next, here:            pacpool status, pacpool plan");
  if (aim.pacmanConfig === undefined) {
    terminal.note(`To allow operations:   apply = "ask" in ${aim.agentConfig} (pacpool only plans until then)`);
  }
  terminal.note(`Then, with a key:      pacpool sync --endpoint ${name}`);
}
