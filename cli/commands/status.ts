// `pacpool status`: how one machine stands to its pool's target. Without a server the machine's own agent answers.
import { decodeEndpoint } from "../../rpc/codec/endpoint.ts";
import { decodePool } from "../../rpc/codec/pool.ts";
import { withServer } from "../connect.ts";
import { askLocalAgent, localFallback, printLocalStatus } from "../local-agent.ts";
import { printStatus, statusJson } from "../output/endpoint.ts";
import { findThisEndpoint } from "../this-endpoint.ts";
import { verb } from "../verb.ts";

export const status = verb({
  options: (yargs) =>
    yargs
      .positional("endpoint", { type: "string", describe: "name or id; this machine when left out" })
      .example("$0 status", "this machine")
      .example("$0 status borealis -o json", "another one, for a script"),
  run: async (context) => {
    const { terminal, signal, environment, options } = context;
    const isThis = options.endpoint === undefined;
    const fromServer = async (): Promise<void> => {
      await withServer(context, async (connection, access) => {
        const name = options.endpoint ?? (await findThisEndpoint(access, environment));
        const { endpoint } = await connection.endpoints.getEndpoint({ endpoint: name }, { signal });
        if (endpoint === undefined) throw new Error("the server answered without an endpoint");
        const view = decodeEndpoint(endpoint);
        const answer = await connection.pools.getPool({ pool: view.poolId }, { signal });
        const pool = answer.pool === undefined ? undefined : decodePool(answer.pool);
        if (options.output === "json") terminal.printJson(statusJson(view, pool));
        else printStatus(terminal, view, pool);
      });
    };
    const fromAgent = async (): Promise<void> => {
      const answer = await askLocalAgent(context, { do: "status" });
      if (options.output === "json") terminal.printJson(answer);
      else printLocalStatus(terminal, answer);
    };
    await (isThis ? localFallback(context, fromServer, fromAgent) : fromServer());
    return undefined;
  },
});
